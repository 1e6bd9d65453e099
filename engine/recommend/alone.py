"""One ranker alone as a recommender."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from engine import columns as c
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.recommend.deep import Deep
from engine.recommend.history import History, Ints
from engine.recommend.metrics import Lists, in_batches
from engine.recommend.rankers import Fitted, Ranker
from engine.recommend.scores import Scores, candidates
from engine.recommend.trials import Listing, Recommender

DENSE = 20_000_000  # scores at once: 80 MB where a ranker knows something of all


@dataclass(frozen=True)
class Alone(Recommender):
    """The lists of `ranker`; places that it leaves empty are filled by `filler`, in its own order.

    Only products that anybody had bought: in a past day's catalogue stand also those that came later.
    """

    ranker: Ranker
    filler: Ranker | None = None

    @property
    def name(self) -> str:
        return self.ranker.name

    @property
    def label(self) -> Phrase:
        return self.ranker.label

    @property
    def slow(self) -> bool:
        return bool(getattr(self.ranker, "slow", False))

    def lacking(self, history: History) -> Phrase | None:
        return self.ranker.lacking(history)

    def fit(self, history: History, rng: Generator) -> FittedAlone:
        return self.fit_watched(history, rng, silent)

    def fit_watched(self, history: History, rng: Generator, progress: Progress) -> FittedAlone:
        filler = None if self.filler is None else self.filler.fit(history, rng)
        unsold = np.flatnonzero(history.buyers() == 0) if self.ranker.newcomers else np.empty(0, np.int64)
        watched = (progress,) if isinstance(self.ranker, Deep) else ()
        return FittedAlone(history, self.ranker.fit(history, rng, *watched), filler, unsold)


@dataclass(frozen=True)
class FittedAlone(Listing):
    history: History
    fitted: Fitted
    filler: Fitted | None = None
    unsold: Ints = field(default_factory=lambda: np.empty(0, np.int64))  # products that may not stand on a list

    def lists(self, customers: Ints, k: int, *, new: bool) -> Lists:
        step = max(1, DENSE // max(1, self.history.products.size))
        return in_batches(customers, step, lambda batch: self._of(batch, k, new))

    def _of(self, customers: Ints, k: int, new: bool) -> Lists:
        known = self._bought(customers) if new else None
        own = _listed(self.fitted, customers, k, known, self.unsold)
        if self.filler is not None:
            more = _listed(self.filler, customers, k, known, self.unsold)
            own = _filled(own, more, k, self.history.products.size)
        return own

    def _bought(self, customers: Ints) -> tuple[Ints, Ints]:
        """Rows and products of what these customers have bought."""
        buyer = self.history.bought[c.CUSTOMER].to_numpy()
        start, stop = np.searchsorted(buyer, customers), np.searchsorted(buyer, customers, side="right")
        n = stop - start
        row = np.repeat(np.arange(customers.size), n)
        at = np.arange(row.size) + np.repeat(start - np.cumsum(n) + n, n)
        return row, self.history.bought[c.PRODUCT].to_numpy()[at]


def _listed(fitted: Fitted, customers: Ints, k: int, known: tuple[Ints, Ints] | None, unsold: Ints) -> Lists:
    scores = fitted.scores(customers)
    if known is not None:
        scores = _without(scores, *known)
    if unsold.size:
        rows = np.repeat(np.arange(customers.size), unsold.size)
        scores = _without(scores, rows, np.tile(unsold, customers.size))
    return Lists(*candidates(scores, k))


def _without(scores: Scores, row: Ints, product: Ints) -> Scores:
    """The scores with 0 for these pairs."""
    if isinstance(scores, np.ndarray):
        scores = scores.copy()
        scores[row, product] = 0
        return scores
    from scipy.sparse import csr_array

    known = csr_array((np.ones(row.size), (row, product)), shape=scores.shape)
    known.data[:] = 1
    return csr_array(scores - scores.multiply(known))


def _filled(own: Lists, more: Lists, k: int, n_products: int) -> Lists:
    """`own`, then what `more` has besides, up to `k` places."""
    row = np.concatenate([own.row, more.row])
    product = np.concatenate([own.product, more.product])
    place = np.concatenate([own.place, k + more.place])
    _, once = np.unique(row * n_products + product, return_index=True)
    row, product, place = row[once], product[once], place[once]
    order = np.lexsort((place, row))
    row, product = row[order], product[order]
    place = np.arange(row.size) - np.searchsorted(row, row) + 1
    return Lists(row, product, place).first(k)
