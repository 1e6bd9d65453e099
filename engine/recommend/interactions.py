"""Customers by products: what the purchases of each pair count. Single precision, and no copy of all orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.recommend.history import History, Ints
from engine.recommend.sparse import row_of_each

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# so that products of two of them are above 0 in single precision, in a shop that has been quiet for years too
HALVINGS = 40.0


def ever(history: History) -> csr_array:
    """1 for what was bought, however often."""
    first, _ = history.pairs
    return _matrix(history, first, np.ones(first.size, np.float32))


def decayed(history: History, half_life_days: float) -> csr_array:
    """The orders with the product, each counting half after `half_life_days`."""
    first, _ = history.pairs
    counts = decay(history, half_life_days)
    return _matrix(history, first, np.add.reduceat(counts, first) if first.size else counts)


def newest(history: History, half_life_days: float) -> csr_array:
    """The last order with the product, counting half after `half_life_days`."""
    first, last = history.pairs
    return _matrix(history, first, decay(history, half_life_days)[last])


def divided(matrix: csr_array, power: float) -> csr_array:
    """Every row divided by its sum to this power: 0 leaves it, 1 makes its sum 1."""
    total = np.asarray(matrix.sum(axis=1), np.float32)
    matrix.data /= (total**power)[row_of_each(matrix)]
    return matrix


def decay(history: History, half_life_days: float) -> NDArray[np.float32]:
    """What each row of `history.bought` counts, halved at most `HALVINGS` times."""
    halvings = history.age_days
    halvings /= half_life_days
    np.minimum(halvings, HALVINGS, out=halvings)
    return np.exp2(-halvings.astype(np.float32))


def _matrix(history: History, first: Ints, values: NDArray[np.float32]) -> csr_array:
    """One value per pair, in the order of the rows: no sorting."""
    from scipy.sparse import csr_array

    customer, product = (history.bought[column].to_numpy()[first] for column in (c.CUSTOMER, c.PRODUCT))
    shape = (history.customers.size, history.products.size)
    starts = np.searchsorted(customer, np.arange(shape[0] + 1))
    return csr_array((values, product.astype(np.int32), starts.astype(np.int32)), shape=shape)
