from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, random_array

from engine.recommend.history import Singles
from engine.recommend.least_squares import batches, solved, turned


def drawn(seed: int, rows: int = 30, columns: int = 20, density: float = 0.3) -> tuple[csr_array, Singles, Singles]:
    """Weights 0.5 to 1.5, targets and factors."""
    rng = np.random.default_rng(seed)
    weights = csr_array(random_array((rows, columns), density=density, rng=rng, dtype=np.float32))
    weights.data += np.float32(0.5)
    return weights, rng.normal(size=weights.nnz).astype(np.float32), rng.normal(size=(columns, 5)).astype(np.float32)


def naive(weights: csr_array, targets: Singles, factors: Singles, shared: Singles, ridge: Singles) -> np.ndarray:
    """The closed form, row by row and in double precision."""
    base = shared + ridge[:, None]
    x = np.zeros(base.shape)
    for row in range(weights.shape[0]):
        here = slice(weights.indptr[row], weights.indptr[row + 1])
        y, w, t = factors[weights.indices[here]].astype(float), weights.data[here], targets[here]
        x[row] = np.linalg.solve(np.diag(base[row].astype(float)) + (y.T * w) @ y, y.T @ (w * t))
    return x


@pytest.mark.parametrize("entries", [1, 7, 50, 10_000])
def test_enough_steps_give_the_closed_form(entries: int) -> None:
    weights, targets, factors = drawn(1)
    shared, ridge = np.linspace(0, 2, 5, dtype=np.float32), np.linspace(0.5, 1, 30, dtype=np.float32)
    x = solved(batches(weights, targets, entries), factors, shared, ridge, steps=12)
    np.testing.assert_allclose(x, naive(weights, targets, factors, shared, ridge), rtol=1e-4, atol=1e-5)


def test_one_entry_by_hand() -> None:
    # one factor: x = w t y / (base + w y²) = 2 · 3 · 4 / (8 + 2 · 16) = 24 / 40
    weights = csr_array(np.array([[2.0]], np.float32))
    rows = batches(weights, np.array([3.0], np.float32))
    one, none = np.ones((1, 1), np.float32), np.zeros(1, np.float32)
    assert solved(rows, one * 4, none + 3, none + 5, steps=1)[0, 0] == pytest.approx(0.6)
    # with 5 more on the right side: 29 / 40
    assert solved(rows, one * 4, none, none + 8, steps=1, right=one * 5)[0, 0] == pytest.approx(29 / 40)


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_no_step_raises_the_objective(seed: int, steps: int) -> None:
    weights, targets, factors = drawn(seed)
    none, ridge = np.zeros(5, np.float32), np.full(30, 0.3, np.float32)
    start = np.random.default_rng(seed).normal(size=(30, 5)).astype(np.float32)
    rows = np.repeat(np.arange(30), np.diff(weights.indptr))

    def objective(x: Singles) -> float:
        error = targets - np.einsum("ij,ij->i", x[rows], factors[weights.indices])
        told = np.diff(weights.indptr) > 0
        return float((weights.data * error**2).sum() + 0.3 * (x[told] ** 2).sum())

    x = solved(batches(weights, targets, 40), factors, none, ridge, start, steps=steps)
    assert objective(x) <= objective(start) * (1 + 1e-5)


def test_a_row_without_entries_is_zero_whatever_it_started_from() -> None:
    weights, _, factors = drawn(2, density=0.02)
    empty = np.diff(weights.indptr) == 0
    start = np.ones((30, 5), np.float32)
    x = solved(batches(weights), factors, start[0], start[:, 0], start, steps=3)
    assert empty.any() and not x[empty].any() and x[~empty].any(axis=1).all()


def test_threads_and_batches_do_not_show() -> None:
    weights, targets, factors = drawn(3)
    none, ridge = np.zeros(5, np.float32), np.ones(30, np.float32)
    alone, beside = (
        solved(batches(weights, targets, 20), factors, none, ridge, steps=3, threads=threads) for threads in (1, 3)
    )
    np.testing.assert_array_equal(alone, beside)
    whole = solved(batches(weights, targets), factors, none, ridge, steps=3)
    np.testing.assert_allclose(alone, whole, rtol=1e-4, atol=1e-5)


@settings(max_examples=20)
@given(st.integers(0, 1_000), st.integers(1, 60))
def test_every_entry_is_in_one_batch_and_little_is_filled_up(seed: int, entries: int) -> None:
    weights, _, _ = drawn(seed)
    rows = batches(weights, entries=entries)
    told = np.concatenate([batch.rows for batch in rows])
    assert sorted(told.tolist()) == np.flatnonzero(np.diff(weights.indptr)).tolist()
    assert sum(batch.weights.sum() for batch in rows) == pytest.approx(weights.sum(), rel=1e-5)
    assert sum(batch.columns.size for batch in rows) <= 2 * weights.nnz


def test_turned_factors_have_a_diagonal_product() -> None:
    _, _, factors = drawn(4)
    size, turn = turned(factors)
    there = factors @ turn
    np.testing.assert_allclose(there.T @ there, np.diag(size), atol=1e-4)
    np.testing.assert_allclose(there @ there.T, factors @ factors.T, atol=1e-4)
