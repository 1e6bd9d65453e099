"""Orders made up for measuring cost: who bought what when, with tastes, favourites and a long tail of products."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import History

Codes = NDArray[np.int32]

AS_OF = pd.Timestamp("2026-06-30")
TASTES = 40
PER_ORDER = 5  # products


def lines(customers: int, products: int, n_lines: int, rng: Generator) -> tuple[Codes, ...]:
    """Customer, product, order and minutes before `AS_OF` of each line.

    Half of a customer's lines are of one taste, a fortieth of the products; within it and over all, the popularity of
    products falls with the root of their place, and the number of lines per customer is as uneven.
    """
    busy = (1 + np.arange(customers)) ** -0.5
    customer = np.sort(rng.choice(customers, n_lines // PER_ORDER, p=busy / busy.sum())).repeat(PER_ORDER)
    size = customer.size
    popular = (products * rng.random(size) ** 2).astype(np.int32)
    liked = rng.integers(0, TASTES, customers)[customer]
    product = np.where(rng.random(size) < 0.5, popular, np.minimum(popular // TASTES * TASTES + liked, products - 1))
    order = np.arange(size) // PER_ORDER
    minutes = rng.integers(0, 365 * 24 * 60, size // PER_ORDER).repeat(PER_ORDER)
    return tuple(column.astype(np.int32) for column in (customer, product, order, minutes))


def history_of(customer: Codes, product: Codes, order: Codes, minutes: Codes) -> History:
    at = AS_OF.to_datetime64() - minutes.astype("timedelta64[m]")
    frame = pd.DataFrame({c.CUSTOMER: customer, c.PRODUCT: product, c.ORDER: order, c.AT: at})
    names = {id_: Name(f"P{id_}") for id_ in range(int(product.max()) + 1)}
    return History.of(frame, names, range(int(customer.max()) + 1), AS_OF)
