"""A shop with a habit that can be learned."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import History

SINCE = pd.Timestamp("2025-07-01")
N_CUSTOMERS, N_PRODUCTS, N_ORDERS = 150, 30, 8


@cache
def two_tastes() -> History:
    """Customers of even numbers buy the first half of the products, the others the second half; every month two of
    their five favourites and one more of their half.
    """
    rng = np.random.default_rng(8)
    rows = []
    for who in range(N_CUSTOMERS):
        half = np.arange(15) + 15 * (who % 2)
        favourites = rng.choice(half, 5, replace=False)
        for order in range(N_ORDERS):
            at = SINCE + pd.Timedelta(days=30 * order + int(rng.integers(25)))
            what = {*rng.choice(favourites, 2, replace=False).tolist(), int(rng.choice(half))}
            rows += [(who + 1, product + 1, who * N_ORDERS + order, at) for product in what]
    frame = pd.DataFrame(rows, columns=[c.CUSTOMER, c.PRODUCT, c.ORDER, c.AT])
    names = {product: Name(f"P{product}") for product in range(1, N_PRODUCTS + 1)}
    return History.of(frame, names, range(1, N_CUSTOMERS + 2), frame[c.AT].max())
