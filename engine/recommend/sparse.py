"""Rows of sparse matrices, put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.recommend.history import Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def row_of_each(matrix: csr_array) -> Ints:
    """The row of every stored value."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def largest(matrix: csr_array, k: int) -> NDArray[np.bool_]:
    """Which of the stored values are among the `k` largest of their row."""
    kept = np.ones(matrix.data.size, dtype=np.bool_)
    # a full sort of all values costs ten times as much
    for row in np.flatnonzero(np.diff(matrix.indptr) > k):
        start, stop = matrix.indptr[row], matrix.indptr[row + 1]
        kept[start + np.argpartition(-matrix.data[start:stop], k)[k:]] = False
    return kept


def only(matrix: csr_array, kept: NDArray[np.bool_]) -> csr_array:
    """The matrix with the stored values that are `kept`, and no others."""
    from scipy.sparse import csr_array

    before = np.concatenate([[0], np.cumsum(kept)])
    return csr_array((matrix.data[kept], matrix.indices[kept], before[matrix.indptr]), shape=matrix.shape)


def strongest(values: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """The columns of the `k` largest values of each row of a dense matrix, ascending."""
    n_rows, n_columns = values.shape
    if k >= n_columns:
        return np.tile(np.arange(n_columns, dtype=np.int32), (n_rows, 1))
    return np.sort(np.argpartition(-values, k - 1, axis=1)[:, :k].astype(np.int32), axis=1)


def set_itself(block: NDArray[Any], start: int, value: float) -> None:
    """Sets where a row of a dense block, which begins with row `start`, meets its own column."""
    row = np.arange(block.shape[0])
    block[row, start + row] = value


def best_first(matrix: csr_array) -> tuple[Ints, Ints, Ints]:
    """Row, column and place (1, 2, … within the row) of every stored value; ties go to the lower column."""
    row = row_of_each(matrix)
    order = np.lexsort((matrix.indices, -matrix.data, row))
    place = np.arange(row.size) - matrix.indptr[row] + 1
    return row, matrix.indices[order].astype(np.int64), place.astype(np.int64)


def values_at(places: csr_array, matrix: csr_array) -> NDArray[np.float64]:
    """What `matrix` has where `places` stores a value, in the order of these; 0 where it stores none."""
    matrix.sort_indices()
    width = matrix.shape[1]
    there = row_of_each(matrix) * width + matrix.indices
    asked = row_of_each(places) * width + places.indices
    if not there.size:
        return np.zeros(asked.size)
    where = np.minimum(np.searchsorted(there, asked), there.size - 1)
    return np.where(there[where] == asked, matrix.data[where], 0.0)
