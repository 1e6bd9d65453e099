"""A file of order lines, cleaned: every row is in, in without a customer, or left out with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import amounts, goods, identity, people, reasons
from engine.intake.checks import Judged, judged, rows_that_count
from engine.intake.identity import Cells
from engine.intake.lines import Lines, understood
from engine.intake.tables import Table
from engine.phrases import Phrase, counted

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Purchases:
    """What a file of order lines tells. `customer`, `product`, `order` are positions in their frames here, -1 none.

    people   customer_key, what the file tells of them, bought (false: the file knows them by a return only)
    goods    product_key, names, category, price
    orders   order_key, customer, at, revenue, quantity, n_lines (0 in a file without products)
    lines    order, product, quantity, price; by order, then as in the file
    returns  customer, product, at, quantity, revenue (both above 0 or 0), order_key
    void     keys of the orders of which the file says that they are cancelled, refunded or not paid
    """

    people: pd.DataFrame
    goods: pd.DataFrame
    orders: pd.DataFrame
    lines: pd.DataFrame
    returns: pd.DataFrame
    void: tuple[str, ...]
    rejected: pd.DataFrame
    accepted: int
    without_customer: int
    currency: str | None
    notes: tuple[Phrase, ...]


def read(table: Table, cells: Cells, today: date) -> Purchases:
    """The purchases in `table`, whose columns `cells` names."""
    lines = understood(table, cells)
    verdict = judged(lines)
    returned = _in_part(lines, verdict)
    lines = replace(lines, amounts=amounts.after_refund(lines.amounts, verdict.in_part))
    counts = np.flatnonzero(verdict.counts)
    gone = np.flatnonzero(verdict.is_any_of(reasons.GONE_BACK) & ~lines.buyer.blank & ~np.isnat(lines.at))
    persons, customer, notes = _people(lines, counts, gone, today)
    products, product = _goods(lines, counts)
    orders, order_lines = _orders(lines, counts, customer, product)
    in_file = rows_that_count(verdict.counts, lines.leads)
    rows = counts[np.diff(table.rows[counts], prepend=-1) != 0]
    n_unnamed = int((customer[rows] < 0).sum())
    return Purchases(
        people=persons,
        goods=products,
        orders=orders,
        lines=order_lines,
        returns=_returns(lines, gone, returned, customer, products),
        void=_void(lines, verdict),
        rejected=table.rejected(np.where(in_file, 0, verdict.fault), verdict.reasons),
        accepted=len(rows) - n_unnamed,
        without_customer=n_unnamed,
        currency=verdict.currency,
        notes=(*lines.notes, *verdict.notes, *notes, *_told_of_future(orders, today)),
    )


def _told_of_future(orders: pd.DataFrame, today: date) -> tuple[Phrase, ...]:
    """A shop elsewhere may be a day ahead; what lies further ahead is a slip."""
    days = orders[c.AT].to_numpy().astype("datetime64[D]")
    ahead = days[days > np.datetime64(today + timedelta(days=1))]
    if not len(ahead):
        return ()
    note = counted(
        "{n} order is dated in the future, on {last}; check the date.",
        "{n} orders are dated in the future, the last on {last}; check the dates.",
        n=len(ahead),
        last=ahead.max().item(),
    )
    return (note,)


def _people(
    lines: Lines, counts: Positions, gone: Positions, today: date
) -> tuple[pd.DataFrame, Positions, tuple[Phrase, ...]]:
    """The customers of rows that count or went back, as the newest of these rows tells, and each row's position."""
    codes = np.full(len(lines.order), -1, dtype=np.int32)
    for rows in (counts, gone):
        codes[rows] = lines.buyer.codes[rows]
    codes[lines.buyer.blank] = -1
    customer, kept = identity.compacted(codes, len(lines.buyer.texts))
    by_time = None if (lines.at[1:] >= lines.at[:-1]).all() else np.argsort(lines.at, kind="stable")
    told, notes = people.attributes(lines.cells, customer, len(kept), today, by_time)
    bought = np.zeros(len(kept), dtype=bool)
    bought[customer[counts][customer[counts] >= 0]] = True
    keys = [lines.buyer.texts[code] for code in kept.tolist()]
    frame = pd.DataFrame({c.CUSTOMER_KEY: keys, **told, c.BOUGHT: bought.tolist()}, dtype=object)
    return frame, customer, notes


def _goods(lines: Lines, counts: Positions) -> tuple[pd.DataFrame, Positions | None]:
    """The products of rows that count, and the position of each of these rows among them."""
    if lines.product is None:
        return pd.DataFrame({c.PRODUCT_KEY: []}, dtype=object), None
    return goods.described(lines.cells, lines.product, counts)


def _orders(
    lines: Lines, counts: Positions, customer: Positions, product: Positions | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    position, kept = identity.compacted(lines.order[counts], lines.n_orders)
    if (position[1:] < position[:-1]).any():
        by_order = np.argsort(position, kind="stable")
        position, counts = position[by_order], counts[by_order]
        product = None if product is None else product[by_order]
    quantity, price = lines.amounts.quantity[counts], lines.amounts.price[counts]
    starts = np.flatnonzero(np.diff(position, prepend=-1))
    orders = pd.DataFrame(
        {
            c.ORDER_KEY: np.array([lines.keys.texts[code] for code in kept.tolist()], dtype=object),
            c.CUSTOMER: customer[counts[starts]],
            c.AT: np.minimum.reduceat(lines.at[counts], starts) if len(starts) else lines.at[:0],
            c.REVENUE: np.bincount(position, quantity * price, len(kept)),
            c.QUANTITY: np.bincount(position, quantity, len(kept)),
            c.N_LINES: np.bincount(position, minlength=len(kept)) * (product is not None),
        }
    )
    if product is None:
        position, product, quantity, price = position[:0], position[:0], quantity[:0], price[:0]
    return orders, pd.DataFrame({c.ORDER: position, c.PRODUCT: product, c.QUANTITY: quantity, c.PRICE: price})


@dataclass(frozen=True)
class _GivenBack:
    """Lines of which some money went back: their positions, the pieces that came back, and the money."""

    rows: Positions
    quantity: NDArray[np.float64]
    revenue: NDArray[np.float64]


def _in_part(lines: Lines, verdict: Judged) -> _GivenBack:
    rows = np.flatnonzero(verdict.in_part & ~lines.buyer.blank)
    pieces = np.maximum(lines.amounts.quantity[rows] - lines.amounts.kept[rows], 0.0)
    return _GivenBack(rows, np.nan_to_num(pieces), lines.amounts.refund[rows])


def _returns(
    lines: Lines, gone: Positions, in_part: _GivenBack, customer: Positions, products: pd.DataFrame
) -> pd.DataFrame:
    quantity = np.abs(np.nan_to_num(lines.amounts.quantity[gone]))
    price = np.maximum(np.nan_to_num(lines.amounts.price[gone]), 0.0)
    at = {key: i for i, key in enumerate(products[c.PRODUCT_KEY].tolist())}
    rows = np.concatenate([gone, in_part.rows])
    keys = ["" if lines.product is None else lines.product.texts[lines.product.codes[row]] for row in rows.tolist()]
    return pd.DataFrame(
        {
            c.CUSTOMER: customer[rows],
            c.PRODUCT: np.array([at.get(key, -1) for key in keys], dtype=np.int64),
            c.AT: lines.at[rows],
            c.QUANTITY: np.concatenate([quantity, in_part.quantity]),
            c.REVENUE: np.concatenate([quantity * price, in_part.revenue]),
            c.ORDER_KEY: np.array([lines.keys.texts[lines.keys.codes[row]] for row in rows.tolist()], dtype=object),
        }
    )


def _void(lines: Lines, verdict: Judged) -> tuple[str, ...]:
    """Orders of which no row counts, and some row says that the order is void."""
    void = np.unique(lines.order[verdict.is_any_of(reasons.VOID)])
    alive = np.unique(lines.order[verdict.counts])
    codes = np.setdiff1d(void[void >= 0], alive)
    return tuple(lines.keys.texts[code] for code in codes.tolist())
