"""Exact figures of made-up shops."""

from __future__ import annotations

import numpy as np

from engine.privacy.borders import ORDERS, SEGMENTS, SPENT, border_cells, segment_cells
from engine.privacy.noise import Ints
from engine.privacy.points import points
from engine.privacy.release import Asked, Exact

N_STAGES, N_PLACES = 8, 40


def shop_of(n: int, asked: Asked, *, rich: int = 0, seed: int = 1) -> Exact:
    """`n` customers, always the same, and `rich` more who have ordered a thousand times for a billion."""
    rng = np.random.default_rng(seed)
    orders = np.append(rng.geometric(0.3, n), np.full(rich, 1000)).astype(np.int64)
    money = np.append(orders[:n] * rng.lognormal(5, 0.6, n), np.full(rich, 1e9))
    days = np.append(rng.integers(0, 700, n), np.zeros(rich)).astype(np.int64)
    return Exact(
        stages=_counts(np.append(rng.integers(2, 7, n), np.zeros(rich)), N_STAGES),
        segments=_counts(segment_cells(orders, days), len(SEGMENTS)),
        spent=_counts(border_cells(money, SPENT), len(SPENT) + 1),
        orders=_counts(border_cells(orders, ORDERS), len(ORDERS) + 1),
        places=_counts(np.append(np.minimum(rng.geometric(0.4, n), N_PLACES), np.zeros(rich)), N_PLACES + 1),
        money=money,
        n_orders=orders,
        points=points(days, orders, money),
        campaigns=tuple(_campaign(n, len(label.versions)) for label in asked.campaigns),
    )


def _campaign(n: int, versions: int) -> Ints:
    """A tenth of those reached bought."""
    each = n // (2 * versions)
    return np.array([(each // 10, each - each // 10)] * versions, np.int64)


def _counts(cells: np.ndarray, n: int) -> Ints:
    return np.bincount(cells.astype(np.int64), minlength=n).astype(np.int64)
