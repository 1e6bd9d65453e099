"""One ranker alone as a recommender."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.history import History, Ints
from engine.recommend.metrics import Lists
from engine.recommend.rankers import Fitted, Ranker
from engine.recommend.scores import Scores, candidates
from engine.recommend.trials import Listing, Recommender

DENSE = 20_000_000  # scores at once: 80 MB where a ranker knows something of all


@dataclass(frozen=True)
class Alone(Recommender):
    """The lists of `ranker`; places that it leaves empty are filled by `filler`, in its own order."""

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
        filler = None if self.filler is None else self.filler.fit(history, rng)
        return FittedAlone(history, self.ranker.fit(history, rng), filler)


@dataclass(frozen=True)
class FittedAlone(Listing):
    history: History
    fitted: Fitted
    filler: Fitted | None

    def lists(self, customers: Ints, k: int, *, new: bool) -> Lists:
        step = max(1, DENSE // max(1, self.history.products.size))
        parts = [self._of(customers[at : at + step], at, k, new) for at in range(0, customers.size, step)]
        if not parts:
            return Lists(*np.empty((3, 0), np.int64))
        return Lists(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _of(self, customers: Ints, first: int, k: int, new: bool) -> Lists:
        known = self._bought(customers) if new else None
        own = _listed(self.fitted, customers, k, known)
        if self.filler is not None:
            own = _filled(own, _listed(self.filler, customers, k, known), k, self.history.products.size)
        return Lists(first + own.row, own.product, own.place)

    def _bought(self, customers: Ints) -> tuple[Ints, Ints]:
        """Rows and products of what these customers have bought."""
        row = np.full(self.history.customers.size, -1)
        row[customers] = np.arange(customers.size)
        bought = self.history.bought
        mine = row[bought[c.CUSTOMER].to_numpy()]
        return mine[mine >= 0], bought[c.PRODUCT].to_numpy()[mine >= 0]


def _listed(fitted: Fitted, customers: Ints, k: int, known: tuple[Ints, Ints] | None) -> Lists:
    scores = fitted.scores(customers)
    return Lists(*candidates(scores if known is None else _without(scores, *known), k))


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
