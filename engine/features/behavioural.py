"""What each customer's orders say: how lately, how often, how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

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


def sums_of(orders: pd.DataFrame) -> pd.DataFrame:
    """One row per customer of `orders` (customer, at, revenue, quantity): first_at, last_at, and sums, by customer."""
    return orders.groupby(c.CUSTOMER, sort=True).agg(
        **{
            c.FIRST_AT: (c.AT, "min"),
            c.LAST_AT: (c.AT, "max"),
            c.FREQUENCY: (c.REVENUE, "size"),
            c.MONETARY: (c.REVENUE, "sum"),
            c.QUANTITY: (c.QUANTITY, "sum"),
        }
    )


def rfm(sums: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Recency, frequency and money, and what follows from them, of customers with such sums (`sums_of`), by customer.

    Days are calendar days: an order of the day before `as_of` has a recency of 1. An order after `as_of` counts as of
    its day.
    """
    first, last = (sums[at].dt.normalize().clip(upper=as_of) for at in (c.FIRST_AT, c.LAST_AT))
    frequency = sums[c.FREQUENCY].astype("int64")
    return pd.DataFrame(
        {
            c.RECENCY_DAYS: (as_of - last).dt.days.astype("int64"),
            c.FREQUENCY: frequency,
            c.MONETARY: sums[c.MONETARY].astype("float64"),
            c.TENURE_DAYS: (as_of - first).dt.days.astype("int64"),
            c.ORDER_VALUE: sums[c.MONETARY] / frequency,
            c.ITEMS_PER_ORDER: sums[c.QUANTITY] / frequency,
        }
    )


def behavioural(orders: pd.DataFrame, n_products: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per customer with an order, by customer: recency_days … gap_days of `engine.columns`.

    `orders` has a row per order (customer, at, revenue, quantity) in any order; `n_products` the number of
    different products by customer, 0 where one is missing. Days are those of `rfm`; two orders on one day have a gap
    of 0.
    """
    return completed(rfm(sums_of(orders), as_of), n_products, gaps(orders, as_of))


def behavioural_of_one(
    orders: Sequence[tuple[datetime, float, float]], n_products: int, as_of: pd.Timestamp
) -> Mapping[str, float] | None:
    """The row of `behavioural` of one customer, by its columns; None without an order. `orders`: at, revenue, quantity.

    A frame for a single row would take most of a card's time.
    """
    if not orders:
        return None
    counted = as_of.date()
    days = sorted(min(at.date(), counted) for at, _, _ in orders)
    monetary, quantity = sum(revenue for _, revenue, _ in orders), sum(quantity for *_, quantity in orders)
    apart = [(late - early).days for early, late in pairwise(days)]
    return {
        c.RECENCY_DAYS: (counted - days[-1]).days,
        c.FREQUENCY: len(orders),
        c.MONETARY: monetary,
        c.TENURE_DAYS: (counted - days[0]).days,
        c.ORDER_VALUE: monetary / len(orders),
        c.ITEMS_PER_ORDER: quantity / len(orders),
        c.N_PRODUCTS: n_products,
        c.GAP_DAYS: median(apart) if apart else np.nan,
    }


def completed(features: pd.DataFrame, n_products: pd.Series, gap_days: pd.Series) -> pd.DataFrame:
    """The features of `rfm` with the number of different products, 0 where one is missing, and the usual gap."""
    return features.assign(
        **{
            c.N_PRODUCTS: n_products.reindex(features.index).fillna(0).astype("int64"),
            c.GAP_DAYS: gap_days.reindex(features.index),
        }
    )


def gaps(orders: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Median days between one order and the next, by customer; a customer with one order has no row."""
    days = orders[c.AT].dt.normalize().clip(upper=as_of).to_numpy()
    customers = orders[c.CUSTOMER].to_numpy()
    by_time = np.lexsort((days, customers))
    same = customers[by_time][1:] == customers[by_time][:-1]
    apart = np.diff(days[by_time]) / np.timedelta64(1, "D")
    found = pd.Series(apart[same], index=customers[by_time][1:][same], dtype="float64")
    return found.groupby(level=0).median()
