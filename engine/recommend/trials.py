"""Recommenders tried on the shop's own past: what each would have listed on earlier days, and what was bought then.

At each origin, a day whose horizon has passed since, every recommender learns from what had been bought by then
(`History.until`) and makes two lists for each customer who came back: of all products, and of those that the customer
had not bought. Right is what these customers bought in the horizon of the products that anybody had bought by then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.recommend.history import History, Ints
from engine.recommend.metrics import (
    METRICS,
    Lists,
    PerCustomer,
    coverage,
    diversity,
    novelty,
    per_customer,
)
from engine.recommend.windows import Window, horizon_days, origins, sampled, window

if TYPE_CHECKING:
    from scipy.sparse import csr_array

K = 10  # places that count
FEWEST_CUSTOMERS = 20  # who came back, in all windows: of fewer nothing can be said
SAMPLE = 10_000  # customers of a window, drawn at random from more


class Listing(Protocol):
    """A recommender that has learned from one history."""

    def lists(self, customers: Ints, k: int, *, new: bool) -> Lists:
        """Up to `k` products for each of `customers` (positions in the history), best first, each once.

        `row` is a position within `customers`, `product` one in the history, `place` 1, 2, …. With `new` only
        products that the customer had not bought.
        """
        ...

    def both(self, customers: Ints, k: int) -> tuple[Lists, Lists]:
        """That of all products and that of new ones."""
        return self.lists(customers, k, new=False), self.lists(customers, k, new=True)


class Recommender(Protocol):
    """One way to make lists: a ranker alone, or several as one."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> Phrase:
        """What it goes by, in a few words of a shopkeeper's."""
        ...

    @property
    def slow(self) -> bool:
        """Whether it is tried on request only."""
        return False

    def lacking(self, history: History) -> Phrase | None:
        """What this shop lacks for it; None if it can be fitted."""
        return None

    def fit(self, history: History, rng: Generator) -> Listing: ...

    def fit_watched(self, history: History, rng: Generator, progress: Progress) -> Listing:
        """The same; what takes long tells where it is."""
        return self.fit(history, rng)

    def lists(self, history: History, customers: Ints, k: int, *, new: bool, rng: Generator) -> Lists:
        """Fitted and asked in one go; for more than one question `fit` once."""
        return self.fit(history, rng).lists(customers, k, new=new)


@dataclass(frozen=True)
class Measured:
    """One recommender's lists of one sort, of all windows.

    `per_customer[metric][i]` belongs to `customers[i]`, a position in the history; a customer stands once for each
    window that they count in. Recommenders of one trial have the same customers in the same order.
    """

    customers: Ints
    per_customer: Mapping[str, NDArray[np.float64]]
    coverage: float  # like the next two, the mean over windows
    novelty: float
    diversity: float

    def mean(self, metric: str) -> float:
        values = self.per_customer[metric]
        return float(values.mean()) if values.size else 0.0


@dataclass(frozen=True)
class Tried:
    name: str
    label: Phrase
    all: Measured
    new: Measured


@dataclass(frozen=True)
class Skipped:
    """A recommender that could not be tried, and what the shop lacks for it."""

    label: Phrase
    lack: Phrase


@dataclass(frozen=True)
class Trial:
    """`tried` in the order in which they were given; `untested` says why there are none."""

    k: int
    horizon: int  # days
    origins: tuple[date, ...]  # the earliest first
    tried: tuple[Tried, ...]
    skipped: tuple[Skipped, ...] = ()
    untested: Phrase | None = None

    def of(self, name: str) -> Tried:
        (found,) = [one for one in self.tried if one.name == name]
        return found


def trial(
    history: History,
    recommenders: Sequence[Recommender],
    rng: Generator,
    *,
    k: int = K,
    horizon: int | None = None,
    progress: Progress = silent,
) -> Trial:
    """All of `recommenders` on the latest windows of `history`, `horizon` days each (None: at the shop's pace)."""
    days = horizon_days(history) if horizon is None else horizon
    length = pd.Timedelta(days=days)
    at = origins(history, days)
    windows = [sampled(window(history, origin, origin + length), SAMPLE, rng) for origin in at]
    return tried_on(windows, recommenders, rng, k=k, horizon=days, progress=progress)


def tried_on(
    windows: Sequence[Window],
    recommenders: Sequence[Recommender],
    rng: Generator,
    *,
    k: int,
    horizon: int,
    progress: Progress = silent,
) -> Trial:
    """The same on windows of one's own choice. Every recommender gets the same random numbers in a window."""
    days = tuple(one.origin.date() for one in windows)
    why = untestable(windows, horizon)
    if why is not None:
        return Trial(k, horizon, days, (), untested=why)
    lacking = {one.name: _lacking(one, windows) for one in recommenders}
    usable = [one for one in recommenders if lacking[one.name] is None]
    parts: dict[str, list[tuple[_Part, _Part]]] = {one.name: [] for one in usable}
    for at, found in enumerate(windows):
        seed = int(rng.integers(2**32))
        ground = _Ground.of(found, k)
        for done, one in enumerate(usable):
            trying = Phrase("Trying “{what}” as of {day}", what=one.label, day=found.origin.date())

            def within(
                _: Phrase, share: float, trying: Phrase = trying, before: float = at + done / len(usable)
            ) -> None:
                progress(trying, (before + share / len(usable)) / len(windows))

            within(trying, 0.0)
            listing = one.fit_watched(found.past, np.random.default_rng(seed), within)
            every, new = listing.both(found.customers, k)
            parts[one.name].append((ground.part(every, new=False), ground.part(new, new=True)))
    tried = tuple(
        Tried(
            one.name, one.label, _measured([a for a, _ in parts[one.name]]), _measured([b for _, b in parts[one.name]])
        )
        for one in usable
    )
    skipped = tuple(Skipped(one.label, lack) for one in recommenders if (lack := lacking[one.name]) is not None)
    return Trial(k, horizon, days, tried, skipped)


def untestable(windows: Sequence[Window], horizon: int) -> Phrase | None:
    """Why nothing can be tried on these windows; None if it can."""
    if not windows:
        return Phrase(
            "Recommendations cannot be tested on your own past yet: it takes orders that cover {days} days or more.",
            days=2 * horizon,
        )
    n = int(np.unique(np.concatenate([one.customers for one in windows])).size)
    if n < FEWEST_CUSTOMERS:
        return counted(
            "Recommendations cannot be tested on your own past yet: since {day} only {n} customer came back for "
            "products that were there before, and it takes {few}.",
            "Recommendations cannot be tested on your own past yet: since {day} only {n} customers came back for "
            "products that were there before, and it takes {few}.",
            n=n,
            day=windows[0].origin.date(),
            few=FEWEST_CUSTOMERS,
        )
    return None


def _lacking(recommender: Recommender, windows: Sequence[Window]) -> Phrase | None:
    """What is lacking in one of the windows: compared are only those that can be tried in all."""
    lacks = (recommender.lacking(one.past) for one in windows)
    return next((lack for lack in lacks if lack is not None), None)


@dataclass(frozen=True)
class _Part:
    """What is measured in one window."""

    customers: Ints
    metrics: PerCustomer
    coverage: float
    novelty: float
    diversity: float


@dataclass(frozen=True)
class _Ground:
    """What lists of one window are measured against, besides what was bought."""

    window: Window
    k: int
    buyers: Ints
    n_sold: int
    n_customers: int
    vectors: csr_array

    @classmethod
    def of(cls, found: Window, k: int) -> _Ground:
        buyers = found.past.buyers()
        extent = found.past.extent
        return cls(found, k, buyers, extent["products"], extent["customers"], bought_together(found.past))

    def part(self, lists: Lists, *, new: bool) -> _Part:
        metrics = per_customer(lists, self.window.relevant(new=new), self.k)
        return _Part(
            self.window.customers[metrics.rows],
            metrics,
            coverage(lists, self.n_sold, self.k),
            novelty(lists, self.buyers, self.n_customers, self.k),
            diversity(lists, self.vectors, self.k),
        )


def _measured(parts: Sequence[_Part]) -> Measured:
    return Measured(
        np.concatenate([part.customers for part in parts]),
        {metric: np.concatenate([part.metrics.of(metric) for part in parts]) for metric in METRICS},
        float(np.mean([part.coverage for part in parts])),
        float(np.mean([part.novelty for part in parts])),
        float(np.mean([part.diversity for part in parts])),
    )


def bought_together(history: History) -> csr_array:
    """Products by customers, rows of length 1: the cosine of two products over who bought them.

    The row of a product that nobody bought is empty.
    """
    from scipy.sparse import csr_array

    bought = history.matrix(np.ones(len(history.bought)))
    buyers = csr_array(bought.T)
    n = np.diff(buyers.indptr)
    buyers.data = np.repeat(1 / np.sqrt(np.maximum(1, n)), n)
    return buyers
