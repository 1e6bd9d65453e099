"""What a buyer paid for goods: the order's sum, discount or refund on each of its lines, by what they cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Orders = NDArray[np.int32]
CENT = 0.005


def for_goods(paid: Floats, shipping: Floats, order: Orders, n_orders: int, leads: NDArray[np.bool_]) -> Floats:
    """Per line what was paid for the goods of its order, NaN where the file does not say.

    One amount on one or all rows of an order is for all of it; different ones are each for a row, and are added up
    (`leads` is the first line of each row). A negative amount is money going back, and speaks for its row alone.
    """
    stated = np.where(paid < 0, np.nan, paid)
    first = of_order(stated, order, n_orders)
    odd = (order >= 0) & (np.abs(stated - first) > CENT)
    if odd.any():
        differ = np.zeros(max(n_orders, 1), dtype=bool)
        differ[order[odd]] = True
        added = sum_of_order(np.where(leads, stated, 0.0), order, n_orders)
        first = np.where((order >= 0) & differ[np.maximum(order, 0)], added, first)
    goods = first - np.nan_to_num(of_order(shipping, order, n_orders))
    return np.where(paid < 0, paid, np.maximum(goods, 0.0))


def pieces(goods: Floats, quantity: Floats, order: Orders, n_orders: int) -> Floats:
    """Per row, for how many pieces of its order `goods` was paid; negative amounts are for rows with such alone."""
    n = max(n_orders, 1)
    back = (goods < 0).astype(np.int64)
    within = order >= 0
    group = np.where(within, order, 0) + n * back
    sums = np.bincount(group[within], np.abs(np.nan_to_num(quantity[within])), 2 * n)
    return np.where(within, sums[group], quantity)


def to_amount(revenue: Floats, goods: Floats, order: Orders, n_orders: int) -> Floats:
    """Per row the factor that brings the lines of its order to `goods` in all; 1 where nothing says so."""
    sums = sum_of_order(revenue, order, n_orders)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = goods / sums
    return np.where(np.isfinite(factor) & (goods >= 0) & (sums > 0), factor, 1.0)


def after_discount(revenue: Floats, discount: Floats, subtotal: Floats, order: Orders, n_orders: int) -> Floats:
    """Per row the factor that takes its share of the order's discount, stated on each of its rows, off its price.

    A discount may be off shipping as well: where the order's `subtotal` of goods is told, no more than it shows has
    come off the goods.
    """
    sums = sum_of_order(revenue, order, n_orders)
    off = np.abs(discount)
    shown = sums - of_order(subtotal, order, n_orders)
    off = np.where(np.isnan(shown), off, np.minimum(off, np.maximum(shown, 0.0)))
    return to_amount(revenue, np.maximum(sums - off, 0.0), order, n_orders)


def shares(revenue: Floats, amount: Floats, order: Orders) -> Floats:
    """The order's `amount` on its lines, by `revenue`, at most what they cost."""
    n_orders = int(order.max(initial=-1)) + 1
    sums = sum_of_order(revenue, order, n_orders)
    whole = np.minimum(np.nan_to_num(of_order(amount, order, n_orders)), np.nan_to_num(sums))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = whole * np.maximum(np.nan_to_num(revenue), 0.0) / sums
    return np.where(np.isfinite(share) & (sums > 0), share, 0.0)


def by_worth(revenue: Floats, quantity: Floats, amount: Floats, order: Orders) -> Floats:
    """The order's `amount` on its lines, by `revenue`, or by their pieces where the whole order is worth nothing."""
    n_orders = int(order.max(initial=-1)) + 1
    whole = np.nan_to_num(of_order(amount, order, n_orders))
    nothing = sum_of_order(revenue, order, n_orders) <= CENT
    weight = np.maximum(np.nan_to_num(np.where(nothing, quantity, revenue)), 0.0)
    sums = sum_of_order(weight, order, n_orders)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = whole * weight / sums
    return np.where(np.isfinite(share), share, 0.0)


def of_order(amount: Floats, order: Orders, n_orders: int) -> Floats:
    """Per row what the first row of its order says that says something; its own amount where it has no order."""
    stated = np.flatnonzero((order >= 0) & ~np.isnan(amount))[::-1]
    first = np.full(max(n_orders, 1), np.nan)
    first[order[stated]] = amount[stated]
    return np.where(order >= 0, first[np.maximum(order, 0)], amount)


def sum_of_order(revenue: Floats, order: Orders, n_orders: int) -> Floats:
    """Per row the sum of what the lines of its order cost; of a line without order, what it costs."""
    counts = np.maximum(np.nan_to_num(revenue), 0.0)
    within = order >= 0
    sums = np.bincount(order[within], counts[within], max(n_orders, 1))
    return np.where(within, sums[np.maximum(order, 0)], counts)
