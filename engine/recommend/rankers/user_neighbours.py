"""What people with the same taste buy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from engine.phrases import Phrase
from engine.recommend.history import History, Ints
from engine.recommend.interactions import decayed, divided, ever, newest
from engine.recommend.neighbours import Latest, Pool, like_them, n_bought, nearest, nobody_alike, pool_of
from engine.recommend.rankers import Fitted, Ranker
from engine.recommend.weighting import Weighting, compared

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class UserNeighbours(Ranker):
    """What the `neighbours` customers nearest to the customer bought: for each, similarity times what it counts.

    Similarity is that of the customers' vectors, weighted as `weighting` says: the root of the orders of a product,
    each counting half after `half_life_days`. Of a neighbour the last purchase of a product counts half after
    `fresh_days`, divided by the sum of the neighbour's row to the power of `breadth`: who bought everything says
    little. With more than `pool` customers only those with the most products can be neighbours.
    Source: Herlocker et al. (1999), "An Algorithmic Framework for Performing Collaborative Filtering", without
    ratings; Sarwar et al. (2000), "Analysis of Recommendation Algorithms for E-Commerce", section 3.
    """

    name: str = "user_neighbours"
    personal: bool = True
    weighting: Weighting = "cosine"
    neighbours: int = 100
    half_life_days: float = 60.0
    fresh_days: float = 45.0
    breadth: float = 0.5
    pool: int = 50_000

    @property
    def label(self) -> Phrase:
        return Phrase("what people with the same taste buy")

    def lacking(self, history: History) -> Phrase | None:
        return nobody_alike(history)

    def fit(self, history: History, rng: Generator) -> FittedUserNeighbours:
        own = decayed(history, self.half_life_days)
        np.sqrt(own.data, out=own.data)
        vectors = compared(own, self.weighting)
        bought = ever(history)
        pool = pool_of(bought, self.pool)
        return FittedUserNeighbours(
            vectors=vectors,
            of_pool=vectors[pool.members].T.tocsr(),
            pool=pool,
            counts=divided(newest(history, self.fresh_days)[pool.members], self.breadth),
            bought=bought[pool.members],
            k=self.neighbours,
        )


@dataclass(frozen=True)
class FittedUserNeighbours(Fitted):
    vectors: csr_array  # customers by products
    of_pool: csr_array  # products by possible neighbours
    pool: Pool
    counts: csr_array  # possible neighbours by products: what their purchase counts
    bought: csr_array  # the same: 1
    k: int
    latest: Latest = field(default_factory=Latest, compare=False, repr=False)

    def nearest(self, customers: Ints) -> csr_array:
        """Customers by possible neighbours: the similarity of the `k` nearest."""
        return self.latest.of(customers, self._nearest)

    def _nearest(self, customers: Ints) -> csr_array:
        return nearest(self.vectors[customers] @ self.of_pool, self.pool.places(customers), self.k)

    def scores(self, customers: Ints) -> csr_array:
        return self.nearest(customers) @ self.counts

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        who, row = np.unique(customers, return_inverse=True)
        bought, of = n_bought(self.nearest(who), self.bought, row, products)
        return [like_them(*pair) for pair in zip(bought.tolist(), of.tolist(), strict=True)]


RANKER = UserNeighbours()
