"""When a customer bought a product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.recommend.history import History, Ints


@dataclass(frozen=True)
class Purchases:
    """The orders of every customer and product, found without a search through all of them."""

    pair: Ints  # customer · products + product of each row of `history.bought`, ascending
    at: NDArray[np.datetime64]  # of each row, ascending within the pair
    n_products: int
    n_orders: Ints  # of each customer

    @classmethod
    def of(cls, history: History) -> Purchases:
        customer = history.bought[c.CUSTOMER].to_numpy(np.int64)
        product = history.bought[c.PRODUCT].to_numpy(np.int64)
        orders = history.bought[[c.CUSTOMER, c.ORDER]].drop_duplicates()[c.CUSTOMER]
        return cls(
            customer * history.products.size + product,
            history.bought[c.AT].to_numpy(),
            history.products.size,
            np.bincount(orders, minlength=history.customers.size).astype(np.int64),
        )

    def rows(self, customers: Ints, products: Ints) -> tuple[Ints, Ints]:
        """The first row of each pair, and the one after its last; the same where it was never bought."""
        pair = customers * self.n_products + products
        return np.searchsorted(self.pair, pair), np.searchsorted(self.pair, pair, side="right")

    def times(self, customers: Ints, products: Ints) -> Ints:
        """In how many orders of the customer the product was."""
        first, after = self.rows(customers, products)
        return after - first

    def last(self, customers: Ints, products: Ints) -> NDArray[np.datetime64]:
        """The day of the last order with the product; NaT where there is none."""
        first, after = self.rows(customers, products)
        day = np.full(first.size, np.datetime64("NaT"), "datetime64[D]")
        there = after > first
        day[there] = self.at[after[there] - 1].astype("datetime64[D]")
        return day
