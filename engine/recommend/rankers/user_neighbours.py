"""What people with the same taste buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from engine.phrases import Phrase
from engine.recommend.history import History, Ints
from engine.recommend.neighbours import Pool, counts, like_them, nearest, pool_of
from engine.recommend.rankers import Fitted, Ranker
from engine.recommend.through import ever, lately
from engine.recommend.weighting import Weighting, compared

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class UserNeighbours(Ranker):
    """The purchases of the `neighbours` customers nearest to the customer, each times its similarity.

    Similarity is over the products that both bought, weighted as `weighting` says; a neighbour's purchase counts half
    after `half_life_days`. With more than `pool` customers only the ones with the most products can be neighbours.
    Source: Herlocker et al. (1999), "An Algorithmic Framework for Performing Collaborative Filtering", without
    ratings.
    """

    name: str = "user_neighbours"
    personal: bool = True
    weighting: Weighting = "tfidf"
    neighbours: int = 100
    half_life_days: float = 120.0
    pool: int = 50_000

    @property
    def label(self) -> Phrase:
        return Phrase("what people with the same taste buy")

    def fit(self, history: History, rng: Generator) -> FittedUserNeighbours:
        bought = ever(history)
        pool = pool_of(bought, self.pool)
        vectors = compared(bought, self.weighting)
        return FittedUserNeighbours(
            vectors=vectors,
            of_pool=vectors[pool.members].T.tocsr(),
            pool=pool,
            strength=lately(history, self.half_life_days)[pool.members],
            bought=bought[pool.members],
            k=self.neighbours,
        )


@dataclass(frozen=True)
class FittedUserNeighbours(Fitted):
    vectors: csr_array  # customers by products
    of_pool: csr_array  # products by possible neighbours
    pool: Pool
    strength: csr_array  # possible neighbours by products: how lately they bought it
    bought: csr_array  # the same: 1
    k: int

    def nearest(self, customers: Ints) -> csr_array:
        """Customers by possible neighbours: the similarity of the `k` nearest."""
        return nearest(self.vectors[customers] @ self.of_pool, self.pool.places(customers), self.k)

    def scores(self, customers: Ints) -> csr_array:
        return self.nearest(customers) @ self.strength

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        who, row = np.unique(customers, return_inverse=True)
        bought, of = counts(self.nearest(who), self.bought, row, products)
        return [like_them(*pair) for pair in zip(bought.tolist(), of.tolist(), strict=True)]


RANKER = UserNeighbours()
