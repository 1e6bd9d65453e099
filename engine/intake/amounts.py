"""What an order line costs: its quantity and its price per piece, whichever way the file says so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake import numbers, words
from engine.intake.identity import Cells
from engine.intake.tables import Column

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CENT = 0.005


@dataclass(frozen=True)
class Amounts:
    """Per row: pieces, money per piece, money that went back. NaN where a cell is empty or cannot be read."""

    quantity: Floats
    price: Floats
    refund: Floats
    no_quantity: Bools  # the cell is empty
    no_price: Bools

    @property
    def revenue(self) -> Floats:
        return self.quantity * self.price


def read(cells: Cells, order: NDArray[np.int32], n_orders: int) -> Amounts:
    """The amounts of all rows. `order` is each row's order, -1 where it has none.

    A price is taken as it stands; else it is the line's amount over its quantity; else the order's amount is spread
    evenly over the order's pieces. A negative amount counts as a negative quantity: a return.
    """
    n = len(order)
    quantity, no_quantity = _numbers(cells.get(c.QUANTITY), n, 1.0)
    price, no_price = _numbers(cells.get(c.PRICE), n)
    total, no_total = _numbers(cells.get(c.REVENUE), n)
    if c.PRICE not in cells and c.REVENUE not in cells:
        total, no_total = _numbers(cells.get(f.ORDER_TOTAL), n)
        total, quantity_of_total = _spread(total, quantity, order, n_orders)
    else:
        quantity_of_total = quantity
    from_total = no_price & ~no_total
    if from_total.any():
        quantity = np.where(from_total & (total < 0), -np.abs(quantity), quantity)
        with np.errstate(divide="ignore", invalid="ignore"):
            per_piece = np.abs(total / quantity_of_total)
        price = np.where(from_total, np.where(np.isfinite(per_piece), per_piece, np.nan), price)
        # a quantity of zero is told as such
        price = np.where(from_total & (quantity == 0), np.abs(total), price)
    refund, _ = _numbers(cells.get(f.REFUND), n)
    return Amounts(quantity, price, refund, no_quantity, no_price & no_total)


def is_refunded(cells: Cells, amounts: Amounts, order: NDArray[np.int32], n_orders: int) -> tuple[Bools, Bools]:
    """Per row, whether all of its money went back, and whether some of it did."""
    if f.REFUND not in cells:
        nothing = np.zeros(len(order), dtype=bool)
        return nothing, nothing
    paid = amounts.revenue
    if c.PRICE not in cells and c.REVENUE not in cells:
        within = order >= 0
        sums = np.bincount(order[within], np.nan_to_num(paid[within]), n_orders)
        paid = np.where(within, sums[np.where(within, order, 0)], paid)
    back = amounts.refund > CENT
    whole = back & (amounts.refund >= paid - CENT)
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
