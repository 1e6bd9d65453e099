"""Dense and sparse scores say the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from engine.recommend.scores import candidates, of_pairs

TABLE = np.array([[0.0, 3.0, 1.0, 2.0], [0.5, 0.0, -1.0, 0.0]], np.float32)


def test_the_best_of_each_row_and_nothing_below_zero() -> None:
    row, product, place = candidates(TABLE, 2)
    assert list(zip(row.tolist(), product.tolist(), place.tolist(), strict=True)) == [(0, 1, 1), (0, 3, 2), (1, 0, 1)]


@settings(max_examples=50)
@given(arrays(np.float32, (4, 6), elements=st.integers(-3, 9), unique=False), st.integers(1, 8))
def test_dense_and_sparse_have_the_same_scores_in_the_same_places(table: np.ndarray, k: int) -> None:
    dense, sparse = candidates(table, k), candidates(csr_array(table), k)
    assert (dense[0] == sparse[0]).all() and (dense[2] == sparse[2]).all()
    np.testing.assert_array_equal(of_pairs(table, *dense[:2]), of_pairs(table, *sparse[:2]))


def test_no_pairs() -> None:
    none = np.empty(0, np.int64)
    assert of_pairs(csr_array(TABLE), none, none).size == 0
