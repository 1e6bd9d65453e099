"""What the customer and those who shop like them put into one basket after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.random import Generator

from engine import columns as c
from engine.phrases import Phrase, counted
from engine.recommend.history import Floats, History, Ints
from engine.recommend.neighbours import Pool, counts, like_them, nearest, pool_of
from engine.recommend.purchases import Purchases
from engine.recommend.rankers import Fitted, Ranker
from engine.recommend.scores import of_pairs
from engine.recommend.through import ever
from engine.recommend.weighting import compared

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class TifuKnn(Ranker):
    """`alpha` times the customer's own vector plus 1 − alpha times the mean of the nearest customers' vectors.

    A customer's orders, oldest first, are cut into up to `groups` groups of equal length. Within a group an order
    counts `within_decay` times as much as the next one, and a group `group_decay` times as much as the next; means
    over the orders and over the groups make the vector. Neighbours are the `neighbours` nearest by cosine among the
    `pool` customers with the most products; the paper takes Euclidean distance, which finds for everyone the same
    customers with a short vector.
    Source: Hu et al. (2020), "Modeling Personalized Item Frequency Information for Next-basket Recommendation",
    equations 1 to 4.
    """

    name: str = "tifu_knn"
    personal: bool = True
    groups: int = 7
    within_decay: float = 0.9
    group_decay: float = 0.7
    neighbours: int = 300
    alpha: float = 0.7
    pool: int = 50_000

    @property
    def label(self) -> Phrase:
        return Phrase("what they and people like them buy next")

    def fit(self, history: History, rng: Generator) -> FittedTifuKnn:
        vectors = history.matrix(self._counts(history)).astype(np.float32)
        bought = ever(history)
        pool = pool_of(bought, self.pool)
        directions = compared(vectors, "cosine")
        return FittedTifuKnn(
            vectors=vectors,
            directions=directions,
            of_pool=directions[pool.members].T.tocsr(),
            pool=pool,
            members=vectors[pool.members],
            bought=bought[pool.members],
            k=self.neighbours,
            alpha=self.alpha,
            purchases=Purchases.of(history),
        )

    def _counts(self, history: History) -> Floats:
        """What each row of `history.bought` counts in the vector of its customer."""
        bought = history.bought
        orders = bought[[c.CUSTOMER, c.ORDER, c.AT]].drop_duplicates([c.CUSTOMER, c.ORDER])
        orders = orders.sort_values([c.CUSTOMER, c.AT, c.ORDER])
        of_customer = orders.groupby(c.CUSTOMER)[c.ORDER]
        place, n_orders = of_customer.cumcount().to_numpy(), of_customer.transform("size").to_numpy()
        n_groups = np.minimum(n_orders, self.groups)
        group = place * n_groups // n_orders
        # the first order of a group, and of the one after it
        first, after = -(-group * n_orders // n_groups), -(-(group + 1) * n_orders // n_groups)
        within = self.within_decay ** (after - 1 - place) / (after - first)
        count = within * self.group_decay ** (n_groups - 1 - group) / n_groups
        key = pd.MultiIndex.from_frame(orders[[c.CUSTOMER, c.ORDER]])
        asked = pd.MultiIndex.from_frame(bought[[c.CUSTOMER, c.ORDER]])
        return np.asarray(count[key.get_indexer(asked)], np.float64)


@dataclass(frozen=True)
class FittedTifuKnn(Fitted):
    vectors: csr_array  # customers by products
    directions: csr_array  # the same, of length 1
    of_pool: csr_array  # products by possible neighbours: their directions
    pool: Pool
    members: csr_array  # possible neighbours by products: their vectors
    bought: csr_array  # the same: 1
    k: int
    alpha: float
    purchases: Purchases

    def nearest(self, customers: Ints) -> csr_array:
        """Customers by possible neighbours: the similarity of the `k` nearest."""
        return nearest(self.directions[customers] @ self.of_pool, self.pool.places(customers), self.k)

    def scores(self, customers: Ints) -> csr_array:
        return (self.alpha * self.vectors[customers] + self._of_neighbours(customers)).tocsr()

    def _of_neighbours(self, customers: Ints) -> csr_array:
        mean = self.nearest(customers)
        n_neighbours = np.diff(mean.indptr)
        mean.data = np.repeat((1 - self.alpha) / np.maximum(n_neighbours, 1), n_neighbours).astype(np.float32)
        return mean @ self.members

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        """What has the larger share in the score: their own orders, or those of the customers like them."""
        who, row = np.unique(customers, return_inverse=True)
        own = self.alpha * of_pairs(self.vectors[who], row, products)
        others = of_pairs(self._of_neighbours(who), row, products)
        bought, of = counts(self.nearest(who), self.bought, row, products)
        of_them = zip(bought.tolist(), of.tolist(), strict=True)
        of_own = zip(
            self.purchases.times(customers, products).tolist(),
            self.purchases.n_orders[customers].tolist(),
            self.purchases.last(customers, products).tolist(),
            strict=True,
        )
        return [
            in_their_orders(*mine) if is_own else like_them(*theirs)
            for is_own, mine, theirs in zip((own >= others).tolist(), of_own, of_them, strict=True)
        ]


def in_their_orders(n: int, of: int, last: date) -> Phrase:
    if of == 1:
        return Phrase("in their only order so far, on {last}", last=last)
    return counted(
        "in {n} of their {of} orders, the last time on {last}",
        "in {n} of their {of} orders, the last time on {last}",
        n=n,
        of=of,
        last=last,
    )


RANKER = TifuKnn()
