"""What a campaign is to show: how many messages of each version, and which difference they are likely to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import Literal

import numpy as np

from engine.experiments.betting import Values
from engine.experiments.power import clearly_better, detectable_rate, sends_needed
from engine.phrases import Phrase

# A verdict that may be asked for at any time takes 1.20 times the sends of one fixed look for as good a chance, in mean
# of shops of all sizes, and 1.34 times at the worst (benchmarks/honest_verdicts.py).
PLAN = 1.25

BASE_RATE = 0.05  # of people who are written to, as far as nobody knows better
MOST_EXTENSIONS = 2  # so many are tried in benchmarks/honest_verdicts.py
FEWEST_WINS = 10  # for a rate to expect
SMALLEST_GAIN = 1.2  # times the buyers; a smaller difference is not worth waiting for


Source = Literal["texts", "shop", "usual"]
WHY: Mapping[Source, Phrase] = MappingProxyType(
    {
        "texts": Phrase("as these texts brought before"),
        "shop": Phrase("as your campaigns brought so far"),
        "usual": Phrase("as is usual, since too few outcomes of yours are known"),
    }
)


@dataclass(frozen=True)
class Expected:
    """The rate to expect, and of what: of these very texts before, of all the shop's campaigns, or as is usual."""

    rate: float
    source: Source

    @classmethod
    def of(cls, known: Mapping[Source, tuple[int, int]]) -> Expected:
        """By the first source of which (wins, sends) tell enough."""
        for source, (wins, sent) in known.items():
            if FEWEST_WINS <= wins < sent:
                return cls(wins / sent, source)
        return cls(BASE_RATE, "usual")

    @property
    def why(self) -> Phrase:
        return WHY[self.source]


@dataclass(frozen=True)
class LearningPlan:
    """`sends` to each variant are likely (80 %) to tell a variant of the rate `better` from one of the rate `base`.

    `better` is None where no difference can be told. `longer`: the plans that took its place, each with the number
    of messages sent, to all variants together, from which on it holds; in that order.
    """

    sends: int
    base: float = BASE_RATE
    better: float | None = None
    longer: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, n_people: int, n_variants: int, base: float = BASE_RATE) -> LearningPlan:
        """For people who all may get a message: all of them, or fewer where those show all that is worth knowing."""
        each = max(1, n_people // max(1, n_variants))
        sends = min(each, ceil(worth_telling(base)))
        return cls(sends, base, shown_by(base, sends))

    @property
    def middle(self) -> float:
        """The rate of all messages together, if there is the difference that was planned for."""
        better = clearly_better(self.base) if self.better is None else self.better
        return (self.base + better) / 2

    @property
    def sends_now(self) -> int:
        return self.longer[-1][1] if self.longer else self.sends

    def grown_to(self, n_messages: int, n_variants: int) -> int | None:
        """To how many messages of each variant it has to grow for so many in all; None if they are within it."""
        each = n_messages // max(n_variants, 1)
        return each if each > self.sends_now else None

    def planned(self, n: int, n_variants: int) -> Values:
        """Before each of the first n messages: how many are planned, to all variants together."""
        totals = np.full(n, float(self.sends * n_variants))
        for sent, sends in self.longer:
            totals[sent:] = sends * n_variants
        return totals


def worth_telling(base: float) -> float:
    """Sends per variant that tell the smallest difference from `base` that is worth waiting for."""
    return PLAN * sends_needed(base, min(SMALLEST_GAIN * base, (1 + base) / 2))


def shown_by(base: float, sends: float) -> float | None:
    """The lowest rate that so many sends to each variant can tell from `base`, asked for at any time; None: none."""
    return detectable_rate(base, sends / PLAN)


def needed_for(base: float, better: float) -> float:
    """Sends to each variant that tell `better` from `base`, asked for at any time."""
    return PLAN * sends_needed(base, min(better, 1.0))
