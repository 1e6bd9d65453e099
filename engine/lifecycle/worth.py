"""What customers and the shop as a whole will likely bring, and who brings less than they used to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
import pandas as pd

from engine import columns as c

HABIT_DAYS = 3  # days with an order, from which on somebody has a pace of their own
LESS = (0.1, 0.5)  # expected over usual money: below the first somebody has as good as left, above the second not

# from how many orders on a group of customers begins
GROUPS = (1, 2, 4, 10)

# Such forecasts of a shop's total miss by 11 to 16 % where they were published (Fader, Hardie & Lee 2005, CDNOW):
# what is believed before the shop's own backtest has spoken, and how many origins of it that is worth.
USUAL_MISS = 0.15
WORTH_ORIGINS = 3
NOTHING = 0.005  # money or orders: below, there is nothing to tell
MOST_OFF = 20.0  # times, that one origin may count for
LEVEL = 0.9
STANDARD = 2 * 1.6449  # standard deviations between the ends of a 90 % interval


@dataclass(frozen=True)
class Estimate:
    """A number that is not known yet, and the interval in which it likely lies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Group:
    """Customers with `first` to `last` orders so far (None: or more), and what they will likely bring together."""

    first: int
    last: int | None
    n: int
    orders: float
    money: float


@dataclass(frozen=True)
class Brought:
    """What came in so many days: days with an order, counted for each customer, and their money.

    `money_of_new` is the part of customers whose first order it was.
    """

    orders: int
    money: float
    money_of_new: float


def brought_before(orders: pd.DataFrame, as_of: pd.Timestamp, days: int) -> Brought | None:
    """What came in the `days` days before `as_of`; None where the orders do not reach back so far."""
    begin = as_of - pd.Timedelta(days=days)
    if orders[c.AT].min() > begin + pd.Timedelta(days=1):
        return None
    then = orders[orders[c.AT] >= begin]
    n = len(pd.DataFrame({c.CUSTOMER: then[c.CUSTOMER], "day": then[c.AT].dt.normalize()}).drop_duplicates())
    is_new = ~then[c.CUSTOMER].isin(orders.loc[orders[c.AT] < begin, c.CUSTOMER].unique())
    return Brought(n, float(then[c.REVENUE].sum()), float(then.loc[is_new, c.REVENUE].sum()))


def usual_money(orders: pd.DataFrame, days: int) -> pd.Series:
    """What each customer's own pace so far would bring in so many days, by customer; NaN without a habit.

    The pace is all their money over the time from the first order to the last and one gap more, the shop's median: so
    silence after the last order does not slow it. Where that time is shorter than `days`, nobody knows whether it would
    have gone on like that for so long, and nothing is said. `orders` has CUSTOMER, AT, REVENUE.
    """
    bought = pd.DataFrame(
        {c.CUSTOMER: orders[c.CUSTOMER], "day": orders[c.AT].dt.normalize(), c.REVENUE: orders[c.REVENUE]}
    )
    by_customer = bought.groupby(c.CUSTOMER, sort=True)
    spent = by_customer.agg(first=("day", "min"), last=("day", "max"), money=(c.REVENUE, "sum"))
    n_days = bought.drop_duplicates([c.CUSTOMER, "day"]).groupby(c.CUSTOMER, sort=True).size()
    span = (spent["last"] - spent["first"]).dt.days.astype("float64")
    repeats = n_days > 1
    if not repeats.any():
        return pd.Series(np.nan, index=spent.index, name=c.USUAL_MONEY)
    gap = float((span[repeats] / (n_days[repeats] - 1)).median())
    time = span + gap
    pace = spent["money"].astype("float64") / time
    return (pace * days).where((n_days >= HABIT_DAYS) & (time >= days)).rename(c.USUAL_MONEY)


def groups(n_orders: pd.Series, frame: pd.DataFrame) -> tuple[Group, ...]:
    """The customers of a forecast's `frame` by their number of orders so far; groups without anybody are left out."""
    counts = n_orders.reindex(frame.index).fillna(1).to_numpy()
    place = np.searchsorted(GROUPS, counts, side="right") - 1
    lasts = [*(first - 1 for first in GROUPS[1:]), None]
    return tuple(
        Group(first, last, int(here.sum()), float(there[c.EXPECTED_ORDERS].sum()), float(there[c.EXPECTED_MONEY].sum()))
        for at, (first, last) in enumerate(zip(GROUPS, lasts, strict=True))
        for here in [place == at]
        for there in [frame[here]]
        if here.any()
    )


def total(values: pd.Series, lows: pd.Series, highs: pd.Series, misses: Sequence[float]) -> Estimate:
    """The sum over all customers with a 90 % interval.

    `misses` are what came over what had been expected, for each origin of the backtest. The interval is that of
    Student's t for their logarithms around 0, with what is published elsewhere, and the chance in this shop's own
    number of customers, as further observations.
    """
    from scipy.special import stdtrit

    expected = float(values.sum())
    if expected < NOTHING:
        return Estimate(0.0, 0.0, 0.0)
    chance = float(np.square((highs - lows) / STANDARD / expected).sum())
    seen = [_log_within(miss) ** 2 for miss in misses]
    n = WORTH_ORIGINS + len(seen)
    spread = ((WORTH_ORIGINS * (USUAL_MISS**2 + chance) + sum(seen)) / n) ** 0.5
    reach = min(float(stdtrit(n, (1 + LEVEL) / 2)) * spread, log(MOST_OFF))
    return Estimate(expected, expected * exp(-reach), expected * exp(reach))


def _log_within(miss: float) -> float:
    return log(min(max(miss, 1 / MOST_OFF), MOST_OFF))


def ratios(pairs: Iterable[tuple[float, float]]) -> tuple[float, ...]:
    """Of what came and what had been expected, the first over the second, where something had been expected."""
    return tuple(came / expected for came, expected in pairs if expected > 0)
