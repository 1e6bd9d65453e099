"""Frames with gaps, made up for the tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

INCOME = "income"


def correlated(n: int, seed: int = 1, share: float = 0.3) -> tuple[pd.DataFrame, pd.Series]:
    """Customers whose income follows from their orders and city, a share of the incomes missing; and all incomes."""
    rng = np.random.default_rng(seed)
    orders = rng.integers(1, 20, n)
    city = rng.choice(["Hangzhou", "Beijing", "Berlin"], n)
    truth = 10_000 + 2_000 * orders + np.where(city == "Berlin", 15_000, 0) + rng.normal(0, 1_500, n)
    frame = pd.DataFrame(
        {
            "frequency": orders.astype("float64"),
            "city": city.astype(object),
            "joined": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 300, n), unit="D"),
            "name": [f"Customer {number}" for number in range(n)],
            INCOME: np.round(truth),
        },
        index=pd.Index(rng.permutation(n) + 1, name="customer"),
    )
    incomes = frame[INCOME].copy()
    frame[INCOME] = incomes.mask(rng.random(n) < share)
    return frame, incomes
