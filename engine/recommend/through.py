"""Candidates that what the customer has bought speaks for: one weight per pair of products."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from engine.phrases import Name, Phrase, counted
from engine.recommend.history import History, Ints
from engine.recommend.rankers import Fitted, Kept
from engine.recommend.scores import of_pairs
from engine.recommend.sparse import best_first

if TYPE_CHECKING:
    from scipy.sparse import csc_array, csr_array

GATHERED = 4_000_000  # buyers looked at together: about 50 MB


@dataclass(frozen=True)
class FittedThrough(Fitted):
    """A candidate's score: the sum over bought products of what the purchase counts times the pair's weight."""

    bought: csr_array  # customers by products: what each purchase counts
    weights: csr_array  # candidates by the products that speak for or against them
    into: csr_array  # its transpose
    together: Callable[[Ints, Ints], Ints]  # candidates, bought products: how many people bought both
    products: Ints  # the store's ids
    names: tuple[Name, ...]

    @classmethod
    def of(cls, history: History, bought: csr_array, weights: csr_array, together: csr_array | None) -> FittedThrough:
        """`together`: people who bought both for every stored weight; None to count them when they are asked for."""
        count = partial(buyers_of_both, ever(history).tocsc()) if together is None else partial(_stored, together)
        return cls(bought, weights, weights.T.tocsr(), count, history.products, history.names)

    def scores(self, customers: Ints) -> csr_array:
        return self.bought[customers] @ self.into

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        """The bought product with the largest share in the score, and how many people bought both."""
        shares = self.bought[customers].multiply(self.weights[products]).tocsr()
        _, sources, places = best_first(shares)
        most = sources[places == 1]
        return [
            counted(
                "{n} person who bought {other} also bought this",
                "{n} people who bought {other} also bought this",
                n=n,
                other=self.names[source],
            )
            for n, source in zip(self.together(products, most).tolist(), most.tolist(), strict=True)
        ]

    def kept(self) -> Kept:
        return {
            "products": self.products,
            "starts": np.asarray(self.weights.indptr, np.int64),
            "sources": np.asarray(self.weights.indices, np.int32),
            "weights": np.asarray(self.weights.data, np.float32),
        }


def resumed_weights(history: History, kept: Kept) -> csr_array:
    """The `kept` weights on the products of `history`; a product that is gone takes its weights along."""
    from scipy.sparse import csr_array

    products = history.products
    place = np.searchsorted(products, kept["products"])
    place[~np.isin(kept["products"], products)] = products.size
    candidate = np.repeat(place, np.diff(kept["starts"]))
    source = place[kept["sources"]]
    there = (candidate < products.size) & (source < products.size)
    shape = (products.size, products.size)
    return csr_array((kept["weights"][there], (candidate[there], source[there])), shape=shape)


def ever(history: History) -> csr_array:
    """Customers by products: 1 for what was bought, however often."""
    bought = history.matrix(np.ones(len(history.bought))).astype(np.float32)
    bought.data[:] = 1.0
    return bought


def lately(history: History, half_life_days: float) -> csr_array:
    """Customers by products: every order counts half after `half_life_days`."""
    return history.matrix(0.5 ** (history.age_days / half_life_days)).astype(np.float32)


def buyers_of_both(bought: csc_array, one: Ints, other: Ints) -> Ints:
    """How many customers bought both products, pair by pair; `bought` has what each customer ever bought."""
    width = bought.shape[1]
    pairs, which = np.unique(one * width + other, return_inverse=True)
    first, second = pairs // width, pairs % width
    n_buyers = np.diff(bought.indptr).astype(np.int64)
    ends = np.cumsum(n_buyers[first] + n_buyers[second])
    both = np.empty(pairs.size, np.int64)
    start = 0
    while start < pairs.size:
        before = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + GATHERED, side="right")))
        shared = bought[:, first[start:stop]].multiply(bought[:, second[start:stop]])
        both[start:stop] = np.asarray(shared.sum(axis=0)).ravel()
        start = stop
    return both[which]


def _stored(together: csr_array, one: Ints, other: Ints) -> Ints:
    return of_pairs(together, one, other).astype(np.int64)
