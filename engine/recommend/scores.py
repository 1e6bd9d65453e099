"""What rankers say of customers and products: a row per customer, a column per product, more is better.

Sparse where a ranker knows few products of each customer, dense where it knows something of all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

import numpy as np
from numpy.typing import NDArray

from engine.recommend.history import Floats, Ints
from engine.recommend.sparse import best_first, largest, only

if TYPE_CHECKING:
    from scipy.sparse import csr_array

DENSE = 0.25  # of all values: with more of them a table is quicker than a sparse matrix

Scores = Union["csr_array", NDArray[np.float32]]


def candidates(scores: Scores, k: int) -> tuple[Ints, Ints, Ints]:
    """Row, product and place (1, 2, … within the row) of the `k` best of each row that are above 0.

    By row and place; ties go to the lower product.
    """
    return best_first(best(scores, k))


def best(scores: Scores, k: int) -> csr_array:
    """Of each row the `k` best scores that are above 0."""
    from scipy.sparse import csr_array

    if not isinstance(scores, np.ndarray) and is_full(scores):
        scores = scores.toarray()
    if isinstance(scores, np.ndarray):
        row, column = np.nonzero(among_best(scores, k))
        return csr_array((scores[row, column], (row, column)), shape=scores.shape)
    return only(scores, largest(scores, k) & (scores.data > 0))


def is_full(matrix: csr_array) -> bool:
    """Whether a table is quicker than this."""
    return bool(matrix.nnz > DENSE * matrix.shape[0] * matrix.shape[1])


def as_table(scores: Scores) -> NDArray[np.float32]:
    """The same, dense."""
    return np.asarray(scores if isinstance(scores, np.ndarray) else scores.toarray(), np.float32)


def among_best(scores: NDArray[np.float32], k: int) -> NDArray[np.bool_]:
    """Which of a table's scores are among the `k` best of their row, and above 0."""
    k = min(k, scores.shape[1])
    listed = np.zeros(scores.shape, np.bool_)
    if k:
        np.put_along_axis(listed, np.argpartition(-scores, k - 1, axis=1)[:, :k], True, axis=1)
    return listed & (scores > 0)


def of_pairs(scores: Scores, rows: Ints, products: Ints) -> Floats:
    """The score of each pair; 0 where the ranker knows nothing."""
    table = scores if isinstance(scores, np.ndarray) else scores.toarray()  # faster than looking each pair up
    return np.asarray(table[rows, products], np.float64)
