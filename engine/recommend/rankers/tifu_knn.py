"""What the customer and those who shop like them put into one basket after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from engine import columns as c
from engine.phrases import Phrase, counted
from engine.recommend.history import Floats, History, Ints
from engine.recommend.interactions import ever
from engine.recommend.neighbours import Latest, Pool, like_them, n_bought, nearest, nobody_alike, pool_of
from engine.recommend.purchases import Purchases
from engine.recommend.rankers import Fitted, Ranker
from engine.recommend.scores import of_pairs
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
    section 4: the group vectors, the user vector and the prediction.
    """

    name: str = "tifu_knn"
    personal: bool = True
    groups: int = 7
    within_decay: float = 0.9
    group_decay: float = 0.9
    neighbours: int = 100
    alpha: float = 0.5
    pool: int = 50_000

    @property
    def label(self) -> Phrase:
        return Phrase("what they and people like them buy next")

    def lacking(self, history: History) -> Phrase | None:
        return nobody_alike(history)

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
        customer, order = (history.bought[column].to_numpy(np.int64) for column in (c.CUSTOMER, c.ORDER))
        # one order number may be several customers'
        key = customer * (1 + order.max(initial=0)) + order
        keys, row, which = np.unique(key, return_index=True, return_inverse=True)
        buyer = customer[row]
        per_customer = np.bincount(buyer, minlength=history.customers.size)
        place = np.empty(keys.size, np.int64)
        place[np.lexsort((keys, history.bought[c.AT].to_numpy()[row], buyer))] = np.arange(keys.size)
        place -= (np.cumsum(per_customer) - per_customer)[buyer]
        return self._decayed(place, per_customer[buyer])[which]

    def _decayed(self, place: Ints, n_orders: Ints) -> Floats:
        """What orders count that are at this place, from 0 on, among so many of their customer."""
        n_groups = np.minimum(n_orders, self.groups)
        group = place * n_groups // n_orders
        # the first order of the group, and of the one after it
        first, after = -(-group * n_orders // n_groups), -(-(group + 1) * n_orders // n_groups)
        within = self.within_decay ** (after - 1 - place) / (after - first)
        return np.asarray(within * self.group_decay ** (n_groups - 1 - group) / n_groups, np.float64)


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
    latest: Latest = field(default_factory=Latest, compare=False, repr=False)

    def nearest(self, customers: Ints) -> csr_array:
        """Customers by possible neighbours: the similarity of the `k` nearest."""
        return self.latest.of(customers, self._nearest)

    def _nearest(self, customers: Ints) -> csr_array:
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
        bought, of = n_bought(self.nearest(who), self.bought, row, products)
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
