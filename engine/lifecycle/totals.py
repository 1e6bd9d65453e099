"""What was expected of all customers together on an earlier day, and what came."""

from __future__ import annotations

import numpy as np

from engine.lifecycle.models import FittedPurchases
from engine.lifecycle.outlook import money_per_order, orders_expected, spending
from engine.lifecycle.purchases import Floats, Purchases, day_at
from engine.lifecycle.record import Total
from engine.lifecycle.scores_of_models import counts_of


def total(past: Purchases, sample: Purchases, fitted: FittedPurchases, horizon: int, p_none: Floats) -> Total:
    """As `engine.lifecycle.forecast` would have expected it as of `sample.as_of`, and what came in the horizon.

    `past` has all purchases until today, `sample` the customers who were forecast as of the day, with their `p_none`:
    their sum stands for all who had bought by then. Who came first after the day is in neither number.
    """
    then = past.before(sample.as_of)
    n_orders = orders_expected(fitted, counts_of(sample), horizon, p_none)
    per_order = money_per_order(spending(sample), sample)
    all_of_sample = then.n / sample.n
    known = np.repeat(np.isin(past.customers, then.customers, assume_unique=True), past.n_days)
    came = known & (past.days >= sample.as_of) & (past.days < sample.as_of + horizon)
    return Total(
        origin=day_at(sample.as_of).date(),
        orders_expected=float(n_orders.sum()) * all_of_sample,
        orders=int(came.sum()),
        money_expected=float((n_orders * per_order).sum()) * all_of_sample,
        money=float(past.money[came].sum()),
    )
