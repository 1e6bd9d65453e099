"""The customers who are most like a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.phrases import Phrase, counted
from engine.recommend.history import Ints
from engine.recommend.scores import of_pairs
from engine.recommend.sparse import largest, only

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


def nearest(similarity: csr_array, itself: Ints, k: int) -> csr_array:
    """The `k` largest values above 0 of each row, without the column `itself` of the row (-1: it has none).

    Ties go to the lower column, so that a batch says the same as the whole.
    """
    similarity.sort_indices()
    row = np.repeat(np.arange(similarity.shape[0]), np.diff(similarity.indptr))
    others = only(similarity, (similarity.indices != itself[row]) & (similarity.data > 0))
    return only(others, largest(others, k))


def counts(neighbours: csr_array, bought: csr_array, rows: Ints, products: Ints) -> tuple[Ints, Ints]:
    """Pair by pair: how many of the row's neighbours bought the product, and how many neighbours there are."""
    ones = neighbours.copy()
    ones.data = np.ones_like(ones.data)
    n_bought = of_pairs(ones @ bought, rows, products)
    return n_bought.astype(np.int64), np.diff(neighbours.indptr)[rows].astype(np.int64)


def like_them(n: int, of: int) -> Phrase:
    if of == 1:
        return Phrase("the customer whose purchases are most like theirs bought this")
    return counted(
        "{n} of the {of} customers whose purchases are most like theirs bought this",
        "{n} of the {of} customers whose purchases are most like theirs bought this",
        n=n,
        of=of,
    )
