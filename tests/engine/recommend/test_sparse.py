from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from engine.recommend.sparse import best_first, largest, only, row_of_each, strongest

MATRIX = csr_array(np.array([[0.0, 3.0, 5.0, 4.0], [0.0, 0.0, 0.0, 0.0], [2.0, 2.0, 0.0, 7.0]]))


def test_rows_of_stored_values() -> None:
    assert row_of_each(MATRIX).tolist() == [0, 0, 0, 2, 2, 2]


def test_only_the_largest_of_each_row_stay() -> None:
    assert only(MATRIX, largest(MATRIX, 1)).toarray().tolist() == [[0, 0, 5, 0], [0, 0, 0, 0], [0, 0, 0, 7]]


def test_places_within_rows_with_ties_to_the_lower_column() -> None:
    row, column, place = best_first(MATRIX)
    assert list(zip(row.tolist(), column.tolist(), place.tolist(), strict=True)) == [
        (0, 2, 1), (0, 3, 2), (0, 1, 3), (2, 3, 1), (2, 0, 2), (2, 1, 3),
    ]  # fmt: skip


def test_columns_of_the_largest_in_a_dense_row() -> None:
    values = np.array([[1, 4, 3, 2], [5, 0, 7, 6]], np.float32)
    assert strongest(values, 2).tolist() == [[1, 2], [2, 3]]
    assert strongest(values, 9).tolist() == [[0, 1, 2, 3]] * 2


@settings(max_examples=40)
@given(arrays(np.float64, (4, 6), elements=st.integers(0, 3).map(float)), st.integers(1, 7))
def test_what_stays_is_at_least_as_large_as_what_goes(values: np.ndarray, k: int) -> None:
    matrix = csr_array(values)
    kept = largest(matrix, k)
    rows = row_of_each(matrix)
    for row in range(4):
        mine = rows == row
        assert kept[mine].sum() == min(k, mine.sum())
        gone = matrix.data[mine & ~kept]
        assert gone.size == 0 or gone.max() <= matrix.data[mine & kept].min()
