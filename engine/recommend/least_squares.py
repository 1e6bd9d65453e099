"""Weighted least squares for many rows at once: the half-step of alternating least squares.

Row r has a handful of entries j, each with a weight w and a target t, and asks for the x that is least in

    Σ_j w_j (t_j − x·y_j)² + Σ_f base_f x_f²         that is  (diag(base) + Σ_j w_j y_j y_jᵀ) x = Σ_j w_j t_j y_j

All rows of a batch are solved together by conjugate gradients with diag(base) as preconditioner: each step halves or
better what is left, and after (number of entries + 1) steps a row is exact. Where what all rows share is a full
matrix, turn the factors into its eigenvectors first (`turned`): then it is a diagonal too, and costs nothing.

Source: Hu, Koren & Volinsky (2008), "Collaborative Filtering for Implicit Feedback Datasets", eq. 4, solved as in
Takács, Pilászy & Tikk (2011), "Applications of the Conjugate Gradient Method for Implicit Feedback Collaborative
Filtering".
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.recommend.history import Ints, Singles

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ENTRIES = 4_096  # of a batch: with 64 factors their rows take 1 MB, which stays in the cache
WORTH_A_THREAD = 1_000_000  # entries: fewer are solved before threads have shared them out
SETTLED = 1e-12  # of the squared residual: below it a row is as exact as single precision can tell


@dataclass(frozen=True)
class Batch:
    """Rows with about as many entries each; those with fewer than the most are filled with entries of weight 0."""

    rows: Ints  # which rows of the whole
    columns: NDArray[np.int32]  # rows by entries
    weights: Singles  # the same
    targets: Singles | None  # the same; None where every target is 1


def batches(weights: csr_array, targets: NDArray[np.float32] | None = None, entries: int = ENTRIES) -> list[Batch]:
    """The rows of a matrix of weights that have entries, grouped by how many; `targets` are parallel to its data."""
    counts = np.diff(weights.indptr)
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] > 0]
    return [_batch(weights, targets, rows, counts) for rows in _cut(order, counts[order], entries)]


def _cut(order: Ints, counts: Ints, entries: int) -> Iterator[Ints]:
    """Runs of rows (fullest first) with no more than `entries` of the run's first, or a single row."""
    start = 0
    while start < order.size:
        stop = start + max(1, entries // int(counts[start]))
        # the emptiest of a batch has at least half as many as the fullest, or the filling would cost more than it saves
        stop = min(stop, start + int(np.searchsorted(-counts[start:], -counts[start] / 2, side="right")))
        yield order[start:stop]
        start = stop


def _batch(weights: csr_array, targets: NDArray[np.float32] | None, rows: Ints, counts: Ints) -> Batch:
    width = int(counts[rows[0]])
    entry = np.arange(width)
    there = entry < counts[rows, None]
    where = np.where(there, weights.indptr[rows, None] + entry, 0)
    return Batch(
        rows.astype(np.int64),
        np.where(there, weights.indices[where], 0).astype(np.int32),
        np.where(there, weights.data[where], 0).astype(np.float32),
        None if targets is None else targets[where].astype(np.float32),
    )


def turned(factors: Singles) -> tuple[Singles, Singles]:
    """The eigenvalues of factorsᵀ factors, and its eigenvectors by column: turned by them, that product is diagonal."""
    values, vectors = np.linalg.eigh((factors.T @ factors).astype(np.float64))
    return np.maximum(values, 0).astype(np.float32), vectors.astype(np.float32)


def solved(
    rows: Sequence[Batch],
    factors: Singles,
    shared: Singles,
    ridge: Singles,
    start: Singles | None = None,
    *,
    steps: int,
    right: Singles | None = None,
    threads: int | None = None,
) -> Singles:
    """The x of every row after `steps` steps from `start` (rows by factors; 0 if None); 0 in a row without entries.

    A row's base is `shared` (one per factor) plus its own `ridge` (one per row), above 0; `right`, where given, is
    added to the right side of the equation. The objective never rises, whatever the number of steps, and the number
    of threads does not show in what comes back; with None it is one for each WORTH_A_THREAD entries, up to the cores
    of the machine.
    """
    n_factors = factors.shape[1]
    x = np.zeros((ridge.size, n_factors), np.float32)
    worth = sum(batch.columns.size for batch in rows) // WORTH_A_THREAD
    n_threads = max(1, min(threads or min(os.cpu_count() or 1, worth), len(rows)))

    def solve(mine: Sequence[Batch]) -> None:
        room = np.empty((max((batch.columns.size for batch in mine), default=0), n_factors), np.float32)
        for batch in mine:
            here = batch.rows
            begin = x[here] if start is None else start[here]
            beside = None if right is None else right[here]
            x[here] = _solved(batch, factors, shared + ridge[here, None], begin, beside, steps, room)

    if n_threads == 1:
        solve(rows)
    else:
        with ThreadPoolExecutor(n_threads) as pool:
            list(pool.map(solve, [rows[first::n_threads] for first in range(n_threads)]))
    return x


def speaking_most(rows: Sequence[Batch], factors: Singles, z: Singles) -> tuple[Ints, Singles, Singles]:
    """Per row: the entry with the largest w t z·y, that product, and its share of those above 0; 0 without entries.

    With z = A⁻¹ y of another product, w t z·y is what an entry contributes to that product's x·y.
    Source: Hu, Koren & Volinsky (2008), eq. 7.
    """
    most, size, share = np.zeros(len(z), np.int64), np.zeros(len(z), np.float32), np.zeros(len(z), np.float32)
    for batch in rows:
        parts = batch.weights * _products(factors[batch.columns], z[batch.rows])
        parts = parts if batch.targets is None else parts * batch.targets
        best = np.where(batch.weights > 0, parts, -np.inf).argmax(axis=1)[:, None]
        most[batch.rows] = np.take_along_axis(batch.columns, best, axis=1)[:, 0]
        size[batch.rows] = np.take_along_axis(parts, best, axis=1)[:, 0]
        speaking = np.maximum(np.maximum(parts, 0).sum(axis=1), np.finfo(np.float32).tiny)
        share[batch.rows] = size[batch.rows] / speaking
    return most, size, share


def _solved(
    batch: Batch, factors: Singles, base: Singles, x: Singles, right: Singles | None, steps: int, room: Singles
) -> Singles:
    mine = room[: batch.columns.size].reshape(*batch.columns.shape, factors.shape[1])
    np.take(factors, batch.columns, axis=0, out=mine, mode="clip")  # rows by entries by factors; "clip" saves a copy
    target = np.float32(1.0) if batch.targets is None else batch.targets
    residual = _sums(batch.weights * (target - _products(mine, x)), mine) - base * x
    if right is not None:
        residual += right
    ahead: Singles = np.divide(residual, base)
    direction = ahead.copy()
    size = _dots(residual, ahead)
    enough = SETTLED * np.maximum(size, np.finfo(np.float32).tiny)
    for step in range(steps):
        through = _sums(batch.weights * _products(mine, direction), mine)
        through += base * direction
        curvature = _dots(direction, through)
        going = (size > enough) & (curvature > 0)
        length = np.divide(size, curvature, out=np.zeros_like(size), where=going)[:, None]
        x += length * direction
        if step == steps - 1 or not going.any():
            return x
        through *= length
        residual -= through
        np.divide(residual, base, out=ahead)
        left = _dots(residual, ahead)
        direction *= np.divide(left, size, out=np.zeros_like(size), where=going)[:, None]
        direction += ahead
        size = left
    return x


def _products(mine: Singles, x: Singles) -> Singles:
    """Of each row's entries with the row's x: rows by entries."""
    product: Singles = np.matmul(mine, x[:, :, None])[:, :, 0]
    return product


def _sums(shares: Singles, mine: Singles) -> Singles:
    """Of each row's entries' factors, each as often as its share says: rows by factors."""
    total: Singles = np.matmul(shares[:, None, :], mine)[:, 0]
    return total


def _dots(one: Singles, other: Singles) -> Singles:
    dots: Singles = np.einsum("ij,ij->i", one, other)
    return dots
