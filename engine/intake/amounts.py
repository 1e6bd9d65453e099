"""What an order line costs: its quantity and its price per piece, whichever way the file says so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake import numbers, paid, words
from engine.intake.identity import Cells
from engine.intake.tables import Column

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CENT = 0.005


@dataclass(frozen=True)
class Amounts:
    """Per row: pieces, money per piece as paid. NaN where a cell is empty or cannot be read.

    refund   money of the row that went back; None if the file tells of none
    kept     pieces that did not come back; None if all were kept
    was_net  the file's amounts are what was left after refunds; here they are what they were before
    """

    quantity: Floats
    price: Floats
    no_quantity: Bools  # the cell is empty
    no_price: Bools
    refund: Floats | None = None
    kept: Floats | None = None
    was_net: bool = False

    def refunded(self, rows: NDArray[Any]) -> Floats:
        """The money that went back of these rows."""
        refund = np.zeros(len(self.price)) if self.refund is None else self.refund
        result: Floats = refund[rows]
        return result

    def kept_of(self, rows: NDArray[Any]) -> Floats:
        """The pieces of these rows that did not come back."""
        result: Floats = (self.quantity if self.kept is None else self.kept)[rows]
        return result

    @property
    def revenue(self) -> Floats:
        return self.quantity * self.price


def read(cells: Cells, order: NDArray[np.int32], n_orders: int, leads: Bools) -> Amounts:
    """The amounts of all lines. `order` is each one's order, -1 where it has none; `leads` the first of each row.

    A price is taken as it stands; else it is the line's amount over its quantity; else the order's amount is spread
    evenly over the order's pieces. A negative amount counts as a negative quantity: a return. Then discounts, or what
    was paid for the order, bring the prices to what the buyer paid (`engine.intake.paid`).
    """
    n = len(order)
    quantity, no_quantity = _numbers(cells.get(c.QUANTITY), n, 1.0)
    price, no_price = _numbers(cells.get(c.PRICE), n)
    total, no_total = _numbers(cells.get(c.REVENUE), n)
    quantity_of_total = quantity
    if c.PRICE not in cells and c.REVENUE not in cells:
        if f.PAID in cells:
            told, no_total = _numbers(cells[f.PAID], n)
            total = paid.for_goods(told, shipping(cells, n), order, n_orders, leads)
            no_total &= np.isnan(total)
            quantity_of_total = paid.pieces(total, quantity, order, n_orders)
        else:
            total, no_total = _numbers(cells.get(f.ORDER_TOTAL), n)
            total, quantity_of_total = _spread(total, quantity, order, n_orders)
    from_total = no_price & ~no_total
    if from_total.any():
        quantity = np.where(from_total & (total < 0), -np.abs(quantity), quantity)
        with np.errstate(divide="ignore", invalid="ignore"):
            per_piece = np.abs(total / quantity_of_total)
        price = np.where(from_total, np.where(np.isfinite(per_piece), per_piece, np.nan), price)
        # a quantity of zero is told as such
        price = np.where(from_total & (quantity == 0), np.abs(total), price)
    price = _as_paid(cells, quantity, price, order, n_orders, leads)
    return _refunded(cells, Amounts(quantity, price, no_quantity, no_price & no_total), order)


def shipping(cells: Cells, n: int) -> Floats:
    return _numbers(cells.get(f.SHIPPING), n)[0]


def _as_paid(
    cells: Cells, quantity: Floats, price: Floats, order: NDArray[np.int32], n_orders: int, leads: Bools
) -> Floats:
    """The price per piece after the line's share of the order's discount."""
    n = len(order)
    revenue = quantity * price
    if f.DISCOUNT in cells:
        discount = paid.of_order(_numbers(cells[f.DISCOUNT], n)[0], order, n_orders)
        if f.LINE_DISCOUNT not in cells:
            discount = _whole(_numbers(cells[f.DISCOUNT], n)[0], discount, order, n_orders)
        of_lines = paid.sum_of_order(_numbers(cells.get(f.LINE_DISCOUNT), n)[0], order, n_orders)
        subtotal = _numbers(cells.get(f.SUBTOTAL), n)[0]
        return price * paid.after_discount(revenue, np.nan_to_num(discount) + of_lines, subtotal, order, n_orders)
    if f.LINE_DISCOUNT in cells:
        off = np.abs(np.nan_to_num(_numbers(cells[f.LINE_DISCOUNT], n)[0]))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(quantity > 0, np.maximum(price - off / quantity, 0.0), price)
    if f.PAID in cells and (c.PRICE in cells or c.REVENUE in cells):
        goods = paid.for_goods(_numbers(cells[f.PAID], n)[0], shipping(cells, n), order, n_orders, leads)
        return price * paid.to_amount(revenue, goods, order, n_orders)
    return price


def _whole(stated: Floats, first: Floats, order: NDArray[np.int32], n_orders: int) -> Floats:
    """The discount of each order: as all of its rows state it, or where they differ, what they state in all."""
    odd = (order >= 0) & (np.abs(stated - first) > CENT)
    if not odd.any():
        return first
    return paid.sum_of_order(np.abs(np.nan_to_num(stated)), order, n_orders)


def _refunded(cells: Cells, amounts: Amounts, order: NDArray[np.int32]) -> Amounts:
    """The amounts with what went back of each line: its own refund, and its share of the order's."""
    if not any(field in cells for field in (f.REFUND, f.ORDER_REFUND, f.KEPT)):
        return amounts
    n = len(order)
    back = np.zeros(n)
    if f.REFUND in cells:
        # some exports write money that went back as a negative number
        back += np.abs(np.nan_to_num(_numbers(cells[f.REFUND], n)[0]))
        amounts = _before_refund(amounts, back)
    if f.ORDER_REFUND in cells:
        of_order = np.abs(_numbers(cells[f.ORDER_REFUND], n)[0])
        if f.REFUND not in cells:
            amounts = _before_refund(amounts, paid.by_worth(amounts.revenue, amounts.quantity, of_order, order))
        back += paid.shares(amounts.revenue - back, of_order, order)
    kept, _ = _numbers(cells.get(f.KEPT), n)
    kept = np.where(np.isnan(kept), amounts.quantity, kept)
    if f.KEPT in cells and f.REFUND not in cells:
        back += np.nan_to_num(np.maximum(amounts.quantity - kept, 0.0) * amounts.price)
    return replace(amounts, refund=back, kept=kept)


def _before_refund(amounts: Amounts, back: Floats) -> Amounts:
    """The amounts with what went `back` on top, where the file tells what was left after it.

    What went back in full is worth nothing there, and as much as its refund in a file of what was paid: the more
    frequent decides. A refund beyond what its line is worth may also be one of shipping, so at least half of them must
    be.
    """
    refunded = (back > CENT) & (amounts.quantity > 0)
    emptied = refunded & (np.abs(amounts.price) <= CENT)
    beyond = refunded & (back > amounts.revenue + CENT)
    whole = refunded & ~beyond & (back >= amounts.revenue - CENT)
    n_refunded, n_beyond = np.count_nonzero(refunded), np.count_nonzero(beyond)
    if np.count_nonzero(emptied) <= np.count_nonzero(whole) or 2 * n_beyond < n_refunded:
        return amounts
    price = amounts.price.copy()
    price[refunded] += back[refunded] / amounts.quantity[refunded]
    return replace(amounts, price=price, was_net=True)


def after_refund(amounts: Amounts, in_part: Bools) -> Amounts:
    """The amounts where lines refunded `in_part` are worth what was not paid back, for the pieces that were kept."""
    if not in_part.any():
        return amounts
    everywhere = np.arange(len(in_part))
    left = amounts.revenue - amounts.refunded(everywhere)
    kept = amounts.kept_of(everywhere)
    pieces = np.where(in_part & (kept > 0), kept, amounts.quantity)
    with np.errstate(divide="ignore", invalid="ignore"):
        return replace(amounts, quantity=pieces, price=np.where(in_part, left / pieces, amounts.price))


def is_refunded(amounts: Amounts) -> tuple[Bools, Bools]:
    """Per row, whether all of its money went back, and whether some of it did."""
    if amounts.refund is None:
        nothing = np.zeros(len(amounts.price), dtype=bool)
        return nothing, nothing.copy()
    back = (amounts.refund > CENT) & (amounts.revenue > 0)
    whole = back & (amounts.refund >= amounts.revenue - CENT)
    return whole, back & ~whole


def _numbers(column: Column | None, n: int, otherwise: float = np.nan) -> tuple[Floats, Bools]:
    """Per row the number, and whether the cell is empty; `otherwise` everywhere without the column."""
    if column is None:
        # one value seen n times: takes no memory, and is only read
        return np.broadcast_to(otherwise, n), np.broadcast_to(np.isnan(otherwise), n)
    return numbers.read(column.texts)[column.codes], column.says(lambda text: not words.text(text))


def _spread(total: Floats, quantity: Floats, order: NDArray[np.int32], n_orders: int) -> tuple[Floats, Floats]:
    """The order's amount on each of its rows, and the pieces it is for.

    Where the rows of one order state different amounts they are amounts of lines, and stay what they are.
    """
    stated = np.flatnonzero((order >= 0) & ~np.isnan(total))[::-1]
    first = np.full(n_orders, np.nan)
    first[order[stated]] = total[stated]
    if (np.abs(total[stated] - first[order[stated]]) > CENT).any():
        return total, quantity
    within = order >= 0
    pieces = np.bincount(order[within], np.abs(np.nan_to_num(quantity[within])), n_orders)
    at = np.where(within, order, 0)
    return np.where(within, first[at], total), np.where(within, pieces[at], quantity)
