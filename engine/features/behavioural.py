"""What each customer's orders say: how lately, how often, how much."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from engine import columns as c

ONE_DAY = pd.Timedelta(days=1)


def counted_from(newest: pd.Timestamp, now: pd.Timestamp) -> pd.Timestamp:
    """The day from which recency counts: the day after `newest`, the time of the newest order in the data.

    An old file has customers as lively as they were on its last day. But an order dated later than tomorrow is a
    slip that would make everybody look lost: then it counts from the day after tomorrow.
    """
    return min(newest, now + ONE_DAY).normalize() + ONE_DAY


def days_since(at: datetime, as_of: pd.Timestamp) -> int:
    """Calendar days from `at` to `as_of`; 0 if it lies after it."""
    return max(0, (as_of - pd.Timestamp(at).normalize()).days)


def behavioural(orders: pd.DataFrame, n_products: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per customer with an order, by customer: recency_days … gap_days of `engine.columns`.

    `orders` has a row per order (customer, at, revenue, quantity) in any order; `n_products` the number of
    different products by customer, 0 where one is missing. Days are calendar days: an order of the day before
    `as_of` has a recency of 1, two orders on one day a gap of 0. An order
    after `as_of` counts as of its day.
    """
    days = orders[c.AT].dt.normalize().clip(upper=as_of)
    by_customer = orders.assign(day=days).groupby(c.CUSTOMER, sort=True)
    features = by_customer.agg(
        first=("day", "min"),
        last=("day", "max"),
        frequency=(c.REVENUE, "size"),
        monetary=(c.REVENUE, "sum"),
        quantity=(c.QUANTITY, "sum"),
    )
    frequency = features["frequency"].astype("int64")
    return pd.DataFrame(
        {
            c.RECENCY_DAYS: (as_of - features["last"]).dt.days.astype("int64"),
            c.FREQUENCY: frequency,
            c.MONETARY: features["monetary"].astype("float64"),
            c.TENURE_DAYS: (as_of - features["first"]).dt.days.astype("int64"),
            c.ORDER_VALUE: features["monetary"] / frequency,
            c.ITEMS_PER_ORDER: features["quantity"] / frequency,
            c.N_PRODUCTS: n_products.reindex(features.index).fillna(0).astype("int64"),
            c.GAP_DAYS: _gaps(orders[c.CUSTOMER], days).reindex(features.index),
        }
    )


def _gaps(customers: pd.Series, days: pd.Series) -> pd.Series:
    """Median days between one order and the next, by customer; a customer with one order has no row."""
    by_time = pd.DataFrame({c.CUSTOMER: customers, "day": days}).sort_values([c.CUSTOMER, "day"])
    same = by_time[c.CUSTOMER].to_numpy()[1:] == by_time[c.CUSTOMER].to_numpy()[:-1]
    apart = np.diff(by_time["day"].to_numpy()) / np.timedelta64(1, "D")
    gaps = pd.Series(apart[same], index=by_time[c.CUSTOMER].to_numpy()[1:][same], dtype="float64")
    return gaps.groupby(level=0).median()
