"""What the purchase models need of each customer: how often, how lately, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c

Floats = NDArray[np.float64]
Horizon = float | Floats  # one for all, or one per customer
DAY = "datetime64[D]"


@dataclass(frozen=True)
class Counts:
    """One value per customer, of equal length, in one unit of time (days in the engine, weeks in most papers).

    `x` repeat purchases after the first, `t_x` the time from the first to the last (0 with x = 0), `T` the time
    from the first to the as-of day; 0 <= t_x <= T. `ages` holds the times of all repeat purchases of everybody, each
    from its customer's first, in any order; without it (None) nothing can be told about how buying changes with age.
    """

    x: Floats
    t_x: Floats
    T: Floats
    ages: Floats | None = None

    def __len__(self) -> int:
        return len(self.x)

    def at(self, rows: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Counts:
        """Those customers only, in that order, without the ages."""
        return Counts(self.x[rows], self.t_x[rows], self.T[rows])

    def per(self, days: float) -> Counts:
        """The same with time in units of `days` days: `per(7)` is in weeks."""
        return Counts(self.x, self.t_x / days, self.T / days, None if self.ages is None else self.ages / days)


def counts(orders: pd.DataFrame, as_of: date) -> tuple[NDArray[np.int64], Counts]:
    """The customers who bought up to and on the day `as_of`, sorted, and their counts in days.

    `orders` has a row per order or order line, in any order, with CUSTOMER and AT; later rows are left out, and
    several on one calendar day are one purchase.
    """
    customers = orders[c.CUSTOMER].to_numpy(np.int64)
    days = orders[c.AT].to_numpy().astype(DAY).astype(np.int64)
    last = int(np.datetime64(as_of, "D").astype(np.int64))
    there = days <= last
    customers, days = customers[there], days[there]
    order = np.lexsort((days, customers))
    customers, days = customers[order], days[order]
    if not len(customers):
        nobody = np.empty(0)
        return customers, Counts(nobody, nobody, nobody)
    new = np.r_[True, customers[1:] != customers[:-1]]
    other_day = np.r_[True, days[1:] != days[:-1]] & ~new
    starts = np.flatnonzero(new)
    x = np.add.reduceat(other_day, starts, dtype=np.int64)
    first = days[starts]
    newest = days[np.r_[starts[1:], len(days)] - 1]
    ages = (days - np.repeat(first, np.diff(np.r_[starts, len(days)])))[other_day].astype(float)
    t_x, time = (newest - first).astype(float), (last - first).astype(float)
    return customers[starts], Counts(x.astype(float), t_x, time, ages)
