"""When a customer bought a product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.recommend.history import Floats, History, Ints


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

    def rhythm(self, first: Ints, after: Ints) -> tuple[Ints, Floats]:
        """Of pairs by their `rows`: days on which it was bought, and the median days between these; NaN with one."""
        times = after - first
        pair = np.repeat(np.arange(first.size), times)
        row = np.arange(pair.size) + np.repeat(first - np.cumsum(times) + times, times)
        day = self.at[row].astype("datetime64[D]").astype(np.int64)
        gap = np.diff(day, prepend=0)
        later = (np.diff(pair, prepend=-1) == 0) & (gap > 0)
        n_days = np.bincount(pair[later], minlength=first.size) + (times > 0)
        return n_days.astype(np.int64), _medians(pair[later], gap[later], first.size)


def _medians(group: Ints, values: Ints, n_groups: int) -> Floats:
    """The median of each group's values; NaN for a group without any."""
    order = np.lexsort((values, group))
    size = np.bincount(group, minlength=n_groups)
    start = np.cumsum(size) - size
    median = np.full(n_groups, np.nan)
    some = size > 0
    low, high = ((start + (size - 1) // 2)[some], (start + size // 2)[some])
    median[some] = (values[order][low] + values[order][high]) / 2
    return median
