"""The purchase days of a shop's customers, as they were known on some day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from engine import columns as c

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def day_number(at: pd.Timestamp) -> int:
    """Days since 1970-01-01."""
    return int(at.normalize().to_datetime64().astype("datetime64[D]").astype(np.int64))


def day_at(number: int) -> pd.Timestamp:
    return pd.Timestamp(np.datetime64(int(number), "D"))


@dataclass(frozen=True)
class Purchases:
    """What was known when the day `as_of` began, of the customers who had bought by then.

    Customer `i` is `customers[i]` (identifiers, ascending), with the purchase days `days[starts[i]:starts[i + 1]]`
    (days since 1970, ascending, all before `as_of`) on which they paid `money`.
    """

    customers: Ints
    starts: Ints
    days: Ints
    money: Floats
    as_of: int

    @property
    def n(self) -> int:
        return self.customers.size

    @property
    def n_days(self) -> Ints:
        """Purchase days of each customer, 1 or more."""
        return np.diff(self.starts)

    @property
    def first(self) -> Ints:
        return self.days[self.starts[:-1]]

    @property
    def last(self) -> Ints:
        return self.days[self.starts[1:] - 1]

    @property
    def since(self) -> int:
        """The day of the shop's first purchase; `as_of` if there is none."""
        return int(self.days.min()) if self.days.size else self.as_of

    @property
    def history(self) -> int:
        """Days from the first purchase to `as_of`."""
        return self.as_of - self.since

    def sums(self, values: Floats | Ints | Bools) -> Floats:
        """The sum of `values`, one per purchase day, for each customer."""
        if not self.n:
            return np.empty(0)
        sums: Floats = np.add.reduceat(values.astype(np.float64), self.starts[:-1])
        return sums

    def before(self, day: int) -> Purchases:
        """What was known when `day` began."""
        return self._only(self.days < day, min(day, self.as_of))

    def of(self, chosen: Bools) -> Purchases:
        """The chosen customers alone."""
        return self._only(np.repeat(chosen, self.n_days), self.as_of)

    def sample(self, n: int, rng: Generator) -> Purchases:
        """At most `n` customers, drawn at random."""
        if self.n <= n:
            return self
        chosen = np.zeros(self.n, dtype=np.bool_)
        chosen[rng.choice(self.n, n, replace=False)] = True
        return self.of(chosen)

    def followed(self, earlier: Purchases, horizon: int) -> Floats:
        """Purchase days of each customer of `earlier` (made of this by `before`) in the `horizon` days from then on."""
        inside = (self.days >= earlier.as_of) & (self.days < earlier.as_of + horizon)
        return self.sums(inside)[np.searchsorted(self.customers, earlier.customers)]

    def _only(self, kept: Bools, as_of: int) -> Purchases:
        n_kept = self.sums(kept).astype(np.int64)
        there = n_kept > 0
        starts = np.concatenate([[0], np.cumsum(n_kept[there])]).astype(np.int64)
        return Purchases(self.customers[there], starts, self.days[kept], self.money[kept], as_of)


def purchases(orders: pd.DataFrame, as_of: pd.Timestamp) -> Purchases:
    """The purchase days in `orders` (CUSTOMER, AT, REVENUE) before `as_of`; orders without a time are left out.

    Money that is missing or not finite counts as 0.
    """
    end = day_number(as_of)
    at = orders[c.AT].to_numpy(dtype="datetime64[ns]")
    days = at.astype("datetime64[D]").astype(np.int64)
    known = ~np.isnat(at) & (days < end)
    days = days[known]
    customers, codes = np.unique(orders[c.CUSTOMER].to_numpy()[known].astype(np.int64), return_inverse=True)
    money = np.nan_to_num(orders[c.REVENUE].to_numpy(dtype=np.float64)[known], nan=0.0, posinf=0.0, neginf=0.0)
    if not days.size:
        return Purchases(customers, np.zeros(1, dtype=np.int64), days, money, end)
    low = days.min()
    span = end - low
    keys, which = np.unique(codes.astype(np.int64) * span + (days - low), return_inverse=True)
    paid = np.bincount(which, weights=money, minlength=keys.size).astype(np.float64)
    starts = np.searchsorted(keys // span, np.arange(customers.size + 1))
    return Purchases(customers, starts.astype(np.int64), keys % span + low, paid, end)
