"""From P(no order) to numbers of orders, money and days: each follows the probability that is told beside it.

A purchase model says how orders come if any come; that they come at all is the churn score's, set right on the past.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.lifecycle.counts import Counts
from engine.lifecycle.models import FittedPurchases
from engine.lifecycle.purchases import Floats, Purchases
from engine.lifecycle.scores_of_models import expected_orders, shape_of
from engine.lifecycle.spend import FittedSpend, fit

SEASONS = 0.25  # how far the orders of a season are off in all, in logs (Online Retail, CDNOW)
USUAL_SPREAD = 0.6  # of one customer's orders in logs, where nobody has ordered twice
SPREAD_PRIOR = 5
ALMOST = 1e-9
# in horizons; beyond the last nobody is said to come back
DAYS_AHEAD = np.array([1 / 32, 1 / 16, 1 / 8, 1 / 4, 3 / 8, 1 / 2, 5 / 8, 3 / 4, 7 / 8, 1, 1.25, 1.5, 2, 3, 4])


@dataclass(frozen=True)
class Range:
    """low <= mean <= high, of each customer."""

    mean: Floats
    low: Floats
    high: Floats


def orders_ahead(fitted: FittedPurchases, counts: Counts, horizon: int, p_none: Floats, level: float) -> Range:
    """Purchase days in the horizon; the interval holds the number that one customer makes with probability `level`.

    Given one, the others are negative binomial, as under a gamma-distributed rate.
    """
    from scipy.stats import nbinom

    more = _more(fitted, counts, horizon)
    mean = (1 - p_none) * (1 + more)
    shape = 1 / (1 / (shape_of(fitted) + counts.x + 1) + np.expm1(SEASONS**2))
    tail = (1 - level) / 2

    def quantile(share: float) -> Floats:
        within = (share - p_none) / np.maximum(1 - p_none, ALMOST)
        count = np.zeros(len(counts))
        some = within > 0
        chance = shape[some] / (shape[some] + np.maximum(more[some], ALMOST))
        count[some] = 1 + nbinom.ppf(within[some], shape[some], chance)
        return np.minimum(count, float(horizon))

    return Range(mean, np.minimum(quantile(tail), mean), np.maximum(quantile(1 - tail), np.maximum(mean, 1.0)))


def orders_expected(fitted: FittedPurchases, counts: Counts, horizon: int, p_none: Floats) -> Floats:
    """The mean of `orders_ahead` alone."""
    expected: Floats = (1 - p_none) * (1 + _more(fitted, counts, horizon))
    return expected


def _more(fitted: FittedPurchases, counts: Counts, horizon: int) -> Floats:
    """Further purchase days that the model expects of whoever has one in the horizon."""
    of_model = np.clip(fitted.p_none(counts, horizon), 0.0, 1.0)
    if_any = expected_orders(fitted, counts, horizon) / np.maximum(1 - of_model, ALMOST)
    more: Floats = np.clip(if_any - 1, 0.0, max(horizon - 1, 0))
    return more


def money_ahead(spend: FittedSpend | None, past: Purchases, orders: Range, level: float) -> Range:
    """Money in the horizon; the interval holds what one customer pays with probability about `level`.

    Number of orders, the customer's mean per order and the chance of each order add up in logs, as if independent.
    Without a `spend`, nobody has paid anything yet, and nobody is expected to.
    """
    from scipy.stats import norm

    if spend is None:
        return Range(*(np.zeros(past.n) for _ in range(3)))
    per_order = money_per_order(spend, past)
    low, high = spend.interval(past.n_days.astype(np.float64), paid_per_day(past), level)
    z = norm.ppf((1 + level) / 2)
    chance = z * spread_of_orders(past) / np.sqrt(np.maximum(orders.mean, 1.0))
    down = _off(orders.mean, orders.low, per_order, low, chance)
    up = _off(orders.mean, orders.high, per_order, high, chance)
    mean = orders.mean * per_order
    return Range(mean, np.where(orders.low > 0, mean * np.exp(-down), 0.0), mean * np.exp(up))


def paid_per_day(past: Purchases) -> Floats:
    """Money per purchase day of each customer, 0 where more was given back."""
    return np.maximum(past.sums(past.money), 0.0) / past.n_days


def spending(past: Purchases) -> FittedSpend | None:
    """What customers spend per order; None where nobody has paid anything yet."""
    paid = paid_per_day(past)
    return fit(past.n_days.astype(np.float64), paid) if np.any(paid > 0) else None


def money_per_order(spend: FittedSpend | None, past: Purchases) -> Floats:
    """The expected money of each customer's next order; 0 without a `spend`."""
    if spend is None:
        return np.zeros(past.n)
    return np.maximum(spend.expected(past.n_days.astype(np.float64), paid_per_day(past)), 0.0)


def _off(orders: Floats, orders_end: Floats, money: Floats, money_end: Floats, chance: Floats) -> Floats:
    """How far, in logs, the end of the interval of a product is from its mean."""

    def logs(mean: Floats, end: Floats) -> Floats:
        known = (mean > 0) & (end > 0)
        return np.where(known, np.log(np.where(known, end, 1.0) / np.where(known, mean, 1.0)), 0.0)

    return np.sqrt(logs(orders, orders_end) ** 2 + logs(money, money_end) ** 2 + chance**2)


def spread_of_orders(past: Purchases) -> float:
    """Standard deviation of the logs of what one customer pays on different days, drawn to a usual one."""
    paid = past.money > 0
    logs = np.where(paid, np.log(np.where(paid, past.money, 1.0)), 0.0)
    n = past.sums(paid)
    squares = past.sums(logs**2) - past.sums(logs) ** 2 / np.maximum(n, 1)
    degrees = float(np.maximum(n - 1, 0).sum())
    return float(np.sqrt((max(squares.sum(), 0.0) + SPREAD_PRIOR * USUAL_SPREAD**2) / (degrees + SPREAD_PRIOR)))


@dataclass(frozen=True)
class NextOrder:
    """Days from the as-of day: by when half have ordered, and 5 % and 95 % at a level of .9; NaN where never."""

    middle: Floats
    low: Floats
    high: Floats


def next_order(fitted: FittedPurchases, counts: Counts, horizon: int, p_none: Floats, level: float) -> NextOrder:
    """When the next order comes. The model's curve of "no order by then" is drawn through `p_none` at the horizon.

    All are NaN where `p_none` is above .5.
    """
    likely = p_none <= 0.5
    some, p = counts.at(likely), p_none[likely]
    at_end = np.clip(fitted.p_none(some, horizon), ALMOST, 1 - ALMOST)
    steps = [np.ones(p.size)]
    for share in DAYS_AHEAD:
        none = np.clip(fitted.p_none(some, float(share * horizon)), 0.0, 1.0)
        steps.append(1 - (1 - none) * (1 - p) / (1 - at_end) if share <= 1 else p * none / at_end)
    none_by = np.minimum.accumulate(np.clip(np.column_stack(steps), 0.0, 1.0), axis=1)
    tail = (1 - level) / 2
    found = []
    for left in (0.5, 1 - tail, tail):
        days = np.full(p_none.size, np.nan)
        days[likely] = np.floor(horizon * _crossing(none_by, left))
        found.append(days)
    return NextOrder(*found)


def _crossing(none_by: Floats, left: float) -> Floats:
    """Where each falling curve reaches `left`, between the DAYS_AHEAD; NaN where it does not."""
    ahead = np.concatenate([[0.0], DAYS_AHEAD])
    reached = none_by <= left
    after = np.maximum(reached.argmax(axis=1), 1)
    rows = np.arange(none_by.shape[0])
    above, below = none_by[rows, after - 1], none_by[rows, after]
    share = (above - left) / np.maximum(above - below, ALMOST)
    where = ahead[after - 1] + np.clip(share, 0.0, 1.0) * (ahead[after] - ahead[after - 1])
    return np.where(reached.any(axis=1), where, np.nan)
