"""Customers made up for the tests: groups whose number is known, and one cloud without any."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from engine import columns as c

AS_OF = pd.Timestamp("2026-03-01")

# recency in days, orders, money per order, pieces per order, different products
CENTRES = [(8, 14, 150, 20, 40), (60, 4, 40, 3, 8), (350, 1, 12, 1, 1), (25, 2, 900, 60, 30)]


def features_of(
    recency: np.ndarray, frequency: np.ndarray, order_value: np.ndarray, items: np.ndarray, n_products: np.ndarray
) -> pd.DataFrame:
    """Features as `engine.features.behavioural` gives them, for customers 101, 102, …"""
    recency, frequency = np.maximum(1, np.round(recency)), np.maximum(1, np.round(frequency))
    return pd.DataFrame(
        {
            c.RECENCY_DAYS: recency.astype("int64"),
            c.FREQUENCY: frequency.astype("int64"),
            c.MONETARY: frequency * order_value,
            c.TENURE_DAYS: (recency + 30 * (frequency - 1)).astype("int64"),
            c.ORDER_VALUE: order_value,
            c.ITEMS_PER_ORDER: items,
            c.N_PRODUCTS: np.maximum(1, np.round(n_products)).astype("int64"),
            c.GAP_DAYS: np.where(frequency > 1, 30.0, np.nan),
        },
        index=pd.Index(np.arange(101, 101 + len(recency)), name=c.CUSTOMER),
    )


def groups(k: int, size: int, rng: Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """`k` groups (up to 4) of `size` customers each, far apart, and the group of each customer."""
    truth = np.repeat(np.arange(k), size)
    centres = np.array(CENTRES, dtype="float64")[truth]
    spread = np.exp(rng.normal(0, 0.12, centres.shape))
    return features_of(*(centres * spread).T), truth


def one_cloud(size: int, rng: Generator) -> pd.DataFrame:
    """Customers without groups: every figure varies by itself around one centre."""
    spread = np.exp(rng.normal(0, 0.3, (size, 5)))
    return features_of(*(np.array([60, 20, 40, 10, 30]) * spread).T)


def alike(size: int) -> pd.DataFrame:
    """Customers who have all done the same."""
    return features_of(*np.tile(np.array([[10.0], [2], [25], [3], [4]]), size))
