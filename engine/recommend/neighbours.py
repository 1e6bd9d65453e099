"""The customers who are most like a customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from engine.phrases import Phrase, counted
from engine.recommend.history import History, Ints
from engine.recommend.scores import best, is_full, of_pairs
from engine.recommend.sparse import row_of_each

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Pool:
    """Customers who may be somebody's neighbours."""

    members: Ints  # positions of customers, ascending
    size: int  # of all customers

    def places(self, customers: Ints) -> Ints:
        """The place of each customer among the members; -1 for who is none."""
        place = np.full(self.size, -1)
        place[self.members] = np.arange(self.members.size)
        return place[customers]


def pool_of(bought: csr_array, most: int) -> Pool:
    """Those who bought something, and beyond `most` of them those with the most products."""
    breadth = np.diff(bought.indptr)
    known = np.flatnonzero(breadth)
    broadest = known[np.argsort(-breadth[known], kind="stable")[:most]]
    return Pool(np.sort(broadest), breadth.size)


@dataclass
class Latest:
    """The neighbours that were found last: lists are followed by their reasons, which are of the same customers."""

    customers: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # ascending
    neighbours: csr_array | None = None

    def of(self, customers: Ints, find: Callable[[Ints], csr_array]) -> csr_array:
        """Customers by possible neighbours, as `find` says of customers it is asked for."""
        if self.neighbours is None or not np.isin(customers, self.customers).all():
            found = find(customers)
            if customers.size and (np.diff(customers) > 0).all():
                self.customers, self.neighbours = customers, found
            return found
        # a copy: who is given it may write on it
        return self.neighbours[np.searchsorted(self.customers, customers)]


def nearest(similarity: csr_array, itself: Ints, k: int) -> csr_array:
    """The `k` largest values above 0 of each row, without the column `itself` of the row (-1: it has none).

    Ties go to the lower column, so that a batch says the same as the whole.
    """
    if is_full(similarity):
        table = similarity.toarray()
        known = np.flatnonzero(itself >= 0)
        table[known, itself[known]] = 0
        return best(table, k)
    similarity.sort_indices()
    similarity.data[similarity.indices == itself[row_of_each(similarity)]] = 0
    return best(similarity, k)


def n_bought(neighbours: csr_array, bought: csr_array, rows: Ints, products: Ints) -> tuple[Ints, Ints]:
    """Pair by pair: how many of the row's neighbours bought the product, and how many neighbours there are."""
    ones = neighbours.copy()
    ones.data = np.ones_like(ones.data)
    bought_it = of_pairs(ones @ bought, rows, products)
    return bought_it.astype(np.int64), np.diff(neighbours.indptr)[rows].astype(np.int64)


def nobody_alike(history: History) -> Phrase | None:
    """What is lacking to compare tastes; None if it is there."""
    if history.buyers().max(initial=0) >= 2:
        return None
    return Phrase("No two customers have bought the same product yet, so nobody's taste can be compared.")


def like_them(n: int, of: int) -> Phrase:
    if of == 1:
        return Phrase("the customer whose purchases are most like theirs bought this")
    return counted(
        "{n} of the {of} customers whose purchases are most like theirs bought this",
        "{n} of the {of} customers whose purchases are most like theirs bought this",
        n=n,
        of=of,
    )
