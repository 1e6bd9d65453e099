"""Candidates that what the customer has bought speaks for: one weight per pair of products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.phrases import Name, Phrase, counted
from engine.recommend.history import History, Ints
from engine.recommend.interactions import ever
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


@dataclass(frozen=True)
class Pairs:
    """Of each candidate, in rows, its strongest bought products."""

    source: NDArray[np.int32]
    weight: NDArray[np.float32]
    together: NDArray[np.float32]  # people who bought both

    @classmethod
    def below_each_other(cls, blocks: Sequence[Pairs]) -> Pairs:
        if not blocks:
            return cls(np.empty((0, 0), np.int32), np.empty((0, 0), np.float32), np.empty((0, 0), np.float32))
        columns = ([getattr(block, field.name) for block in blocks] for field in fields(cls))
        return cls(*map(np.concatenate, columns))

    def matrices(self, candidates: Ints, n_products: int, least: int) -> tuple[csr_array, csr_array]:
        """Weights and people who bought both, on all products of a history in which these rows are `candidates`.

        A pair that fewer than `least` bought can speak against a product, but of one that it speaks for little could
        be told: the one who bought both may be the customer.
        """
        from scipy.sparse import csr_array

        kept = (self.weight < 0) | ((self.weight > 0) & (self.together >= least))
        per_row = np.zeros(n_products, np.int64)
        per_row[candidates] = kept.sum(axis=1)
        starts = np.concatenate([[0], np.cumsum(per_row)])
        source, shape = candidates.astype(np.int32)[self.source[kept]], (n_products, n_products)
        return (
            csr_array((self.weight[kept], source, starts), shape=shape),
            csr_array((self.together[kept], source, starts), shape=shape),
        )


def no_pairs(history: History) -> Phrase | None:
    """What is lacking to learn which products go together; None if it is there."""
    first, _ = history.pairs
    breadth = np.bincount(history.bought[c.CUSTOMER].to_numpy()[first])
    if np.count_nonzero(breadth >= 2) >= 2:
        return None
    return Phrase(
        "Fewer than two customers have bought two different products, so nothing tells yet what goes with what."
    )


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
