"""Lists in which no product is too like those before it, and not too many are of one category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.recommend.history import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Flags = NDArray[np.bool_]

CELLS = 2_000_000  # of customers by candidates, at once
DENSE = 1_000  # products: up to so many, similarities are looked up in a full matrix
NO_CATEGORY = -1
UNLIMITED = np.iinfo(np.int64).max


def worth(rank: Ints) -> Floats:
    """How much a place in a ranker's list says, from 1 downwards: 1 / log2(1 + rank).

    So that it does not matter on which scale a ranker scores.
    Source: the discount of Järvelin & Kekäläinen (2002), "Cumulated Gain-based Evaluation of IR Techniques".
    """
    return np.asarray(1.0 / np.log2(1.0 + np.maximum(rank, 1)), np.float64)


def mmr(
    customer: Ints,
    product: Ints,
    rank: Ints,
    pinned: Flags,
    category: Ints,
    similarity: csr_array,
    *,
    relevance: float,
    most_per_category: int | None = None,
    top: int | None = None,
) -> Ints:
    """The rows in their new order, customer by customer, by maximal marginal relevance; the pinned ones first.

    The next of a list is always the product with the most of relevance * worth - (1 - relevance) * (its similarity
    to the most similar before it); of equals the one ranked first. Rows of a category of which the list is full are
    left out, and so are those beyond `top`. All arguments are parallel, by customer, then in the order of rank;
    `product` are positions in `similarity`. A similarity below 0 counts as 0.
    Source: Carbonell & Goldstein (1998), "The Use of MMR, Diversity-Based Reranking for Reordering Documents and
    Producing Summaries".
    """
    if not customer.size:
        return np.zeros(0, np.int64)
    likeness = similarity.toarray() if similarity.shape[0] <= DENSE else similarity
    starts = np.flatnonzero(np.diff(customer, prepend=customer[0] - 1))
    lengths = np.diff(np.append(starts, customer.size))
    width = int(lengths.max())
    step = max(1, CELLS // width)
    parts = []
    for first in range(0, starts.size, step):
        cell = starts[first : first + step, None] + np.arange(width)
        there = np.arange(width) < lengths[first : first + step, None]
        cell = np.where(there, cell, 0)
        batch = _Batch(
            product[cell],
            relevance * worth(rank[cell]),
            there,
            there & pinned[cell],
            category[cell],
            UNLIMITED if most_per_category is None else most_per_category,
        )
        chosen = batch.chosen(likeness, 1 - relevance, width if top is None else top)
        who, _ = np.nonzero(chosen >= 0)
        parts.append(cell[who, chosen[chosen >= 0]])
    return np.concatenate(parts)


class _Batch:
    """Candidates of some customers, a row each; what does not exist is not `free`."""

    def __init__(
        self, product: Ints, gain: Floats, there: Flags, pinned: Flags, category: Ints, most_per_category: int
    ) -> None:
        self.product, self.gain, self.category = product, gain, category
        self.free, self.pinned = there.copy(), pinned
        self.room = np.where(category == NO_CATEGORY, UNLIMITED, most_per_category)
        self.penalty = np.zeros(product.shape)
        self.rows = np.arange(product.shape[0])

    def chosen(self, likeness: csr_array | NDArray[np.float64], cost: float, top: int) -> Ints:
        """The columns in the order of choice, a row per customer, -1 where nothing is left."""
        n_pinned = int(self.pinned.sum(axis=1).max(initial=0))
        steps = []
        for _ in range(min(top + n_pinned, self.product.shape[1])):
            value = np.where(self.pinned & self.free, np.inf, self.gain - cost * self.penalty)
            value = np.where(self.free & (self.room > 0), value, -np.inf)
            best = value.argmax(axis=1)
            found = value[self.rows, best] > -np.inf
            steps.append(np.where(found, best, -1))
            if not found.any():
                break
            self._take(best, found, likeness)
        return np.stack(steps, axis=1)

    def _take(self, best: Ints, found: Flags, likeness: csr_array | NDArray[np.float64]) -> None:
        self.free[self.rows[found], best[found]] = False
        taken = self.category[self.rows, best]
        same = (self.category == taken[:, None]) & (taken != NO_CATEGORY)[:, None] & found[:, None]
        self.room = self.room - same
        product = self.product[self.rows, best]
        rows = np.repeat(product, self.product.shape[1])
        like = np.asarray(likeness[rows, self.product.ravel()], np.float64).reshape(self.product.shape)
        np.maximum(self.penalty, like * found[:, None], out=self.penalty)
