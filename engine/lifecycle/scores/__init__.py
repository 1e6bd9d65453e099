"""Churn scores: P(no order in the next days) of every customer. One file here is one score; its name is the file's.

A new score is one file here with a frozen dataclass of settings that follows `ChurnScore`, and a line `SCORE = …` with
its usual settings. P(alive) of a purchase model is none: it is 1 for every one-time buyer under BG/NBD.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from numpy.random import Generator

from engine.errors import NotAllowed
from engine.lifecycle.purchases import Floats, Purchases
from engine.phrases import Phrase


class FittedScore(Protocol):
    def p_none(self, past: Purchases) -> Floats:
        """P(no order in the horizon from `past.as_of` on) of each customer of `past`."""
        ...


class ChurnScore(Protocol):
    """Settings of a score."""

    @property
    def words(self) -> Phrase:
        """What it is called."""
        ...

    @property
    def effort(self) -> int:
        """The simplest score has the lowest; of equally good ones the simplest is taken."""
        ...

    def fit(self, past: Purchases, horizon: int, rng: Generator) -> FittedScore | None:
        """Learned from what was known at `past.as_of`; None where that is too little to learn from."""
        ...


@cache
def scores() -> dict[str, ChurnScore]:
    """Every score by its name, the simplest first."""
    found: dict[str, ChurnScore] = {
        module.name: import_module(f"{__name__}.{module.name}").SCORE for module in iter_modules(__path__)
    }
    return dict(sorted(found.items(), key=lambda item: (item[1].effort, item[0])))


def score(name: str) -> ChurnScore:
    """The score of this name. Raises NotAllowed if there is none."""
    if name not in scores():
        raise NotAllowed(
            Phrase("There is no churn score named {name}; there are: {known}.", name=name, known=tuple(scores()))
        )
    return scores()[name]
