"""A file of order lines, cleaned: every row is in, in without a customer, or left out with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from engine import columns as c
from engine.intake import amounts, goods, identity, people, provinces, reasons
from engine.intake.checks import Judged, judged, rows_that_count
from engine.intake.identity import Cells
from engine.intake.lines import Lines, understood
from engine.intake.tables import Positions, Table
from engine.phrases import Phrase, counted


@dataclass(frozen=True)
class Purchases:
    """What a file of order lines tells. `customer`, `product`, `order` are positions in their frames here, -1 none.

    people   customer_key, key_kind, keys, what the file tells of them, bought (false: only returned)
    goods    product_key, names, category, price
    orders   order_key, customer, at, revenue, quantity, n_lines (0 in a file without products)
    places   order, region, share of its money: where the orders went of which the file tells it
    lines    order, product, quantity, price; by order, then as in the file
    returns  customer, product, at, quantity, revenue (both above 0 or 0), order_key, of_sale: the row is the sale
             itself, of which `orders` has nothing or what is left; else it is a row against an earlier sale
    void     keys of the orders of which the file says that they are cancelled, refunded or not paid
    """

    people: pd.DataFrame
    goods: pd.DataFrame
    orders: pd.DataFrame
    places: pd.DataFrame
    lines: pd.DataFrame
    returns: pd.DataFrame
    void: tuple[str, ...]
    rejected: pd.DataFrame
    accepted: int
    without_customer: int
    in_part: int  # rows that are in, but for money that went back
    currency: str | None
    notes: tuple[Phrase, ...]


def read(table: Table, cells: Cells, today: date) -> Purchases:
    """The purchases in `table`, whose columns `cells` names."""
    lines = understood(table, cells, today)
    verdict = judged(lines)
    returned = _in_part(lines, verdict)
    lines = replace(lines, amounts=amounts.after_refund(lines.amounts, verdict.in_part))
    counts = np.flatnonzero(verdict.counts).astype(np.int32)
    gone = np.flatnonzero(verdict.is_any_of(reasons.GONE_BACK) & ~lines.buyer.blank & ~np.isnat(lines.at))
    persons, customer, notes = _people(lines, counts, gone, today)
    products, product = _goods(lines, counts)
    orders, order_lines = _orders(lines, counts, customer, product)
    in_file = rows_that_count(verdict.counts, lines.leads)
    rows = counts if lines.leads.all() else counts[np.diff(table.rows[counts], prepend=-1) != 0]
    n_unnamed = int((customer[rows] < 0).sum())
    return Purchases(
        people=persons,
        goods=products,
        orders=orders,
        places=_places(table, lines, counts),
        lines=order_lines,
        returns=_returns(lines, gone, returned, customer, products),
        void=_void(lines, verdict),
        rejected=table.rejected(np.where(in_file, 0, verdict.fault), verdict.reasons),
        accepted=len(rows) - n_unnamed,
        without_customer=n_unnamed,
        in_part=len(np.unique(table.rows[verdict.in_part])),
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
    told_of = np.zeros(len(lines.order), dtype=np.bool_)
    told_of[counts], told_of[gone] = True, True
    codes = np.where(told_of & ~lines.buyer.blank, lines.buyer.codes, np.int32(-1))
    customer, kept = identity.compacted(codes, len(lines.buyer.texts))
    by_time = None if (lines.at[1:] >= lines.at[:-1]).all() else np.argsort(lines.at, kind="stable")
    told, notes = people.attributes(lines.cells, customer, len(kept), today, by_time)
    bought = np.zeros(len(kept), dtype=bool)
    bought[customer[counts][customer[counts] >= 0]] = True
    values = lines.buyer.texts_at(kept)
    kinds, keys = lines.named.told_of(customer, values)
    frame = pd.DataFrame(
        {c.CUSTOMER_KEY: values, c.KEY_KIND: kinds, c.KEYS: keys, **told, c.BOUGHT: bought.tolist()}, dtype=object
    )
    return frame, customer, notes


def _places(table: Table, lines: Lines, counts: Positions) -> pd.DataFrame:
    """Where the orders of rows that count went."""
    place = provinces.of_rows(table, lines.cells)
    if place is None:
        return provinces.nowhere()
    position, _ = identity.compacted(lines.order[counts], lines.n_orders)
    return provinces.of_orders(place, counts, position, lines.amounts)


def _goods(lines: Lines, counts: Positions) -> tuple[pd.DataFrame, Positions | None]:
    """The products of rows that count, and the position of each of these rows among them."""
    if lines.product is None:
        return pd.DataFrame({c.PRODUCT_KEY: []}, dtype=object), None
    return goods.described(lines.cells, lines.product, counts)


def _orders(
    lines: Lines, counts: Positions, customer: Positions, product: Positions | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    # a copy of each column of a large file takes a hundred megabytes
    rows: Positions | slice = slice(None) if len(counts) == len(lines.order) else counts
    position, kept = identity.compacted(lines.order[rows], lines.n_orders)
    if (position[1:] < position[:-1]).any():
        by_order = np.argsort(position, kind="stable")
        position, rows = position[by_order], counts[by_order]
        product = None if product is None else product[by_order]
    quantity, price = (np.ascontiguousarray(of[rows]) for of in (lines.amounts.quantity, lines.amounts.price))
    starts = np.flatnonzero(np.diff(position, prepend=np.int32(-1)))
    n_lines = np.diff(starts, append=len(position))
    orders = pd.DataFrame(
        {
            c.ORDER_KEY: lines.keys.series_at(kept),
            c.CUSTOMER: customer[rows][starts],
            c.AT: np.minimum.reduceat(lines.at[rows], starts) if len(starts) else lines.at[:0],
            c.REVENUE: np.add.reduceat(quantity * price, starts) if len(starts) else quantity,
            c.QUANTITY: np.add.reduceat(quantity, starts) if len(starts) else quantity,
            c.N_LINES: n_lines * (product is not None),
        },
        copy=False,
    )
    if product is None:
        position, product, quantity, price = position[:0], position[:0], quantity[:0], price[:0]
    # no copies: the lines of a large file take hundreds of megabytes
    told = {c.ORDER: position, c.PRODUCT: product, c.QUANTITY: quantity, c.PRICE: price}
    return orders, pd.DataFrame(told, copy=False)


@dataclass(frozen=True)
class _GivenBack:
    """Lines of which some money went back: their positions, the pieces that came back, and the money."""

    rows: Positions
    quantity: amounts.Floats
    revenue: amounts.Floats


def _in_part(lines: Lines, verdict: Judged) -> _GivenBack:
    rows = np.flatnonzero(verdict.in_part & ~lines.buyer.blank)
    pieces = np.maximum(lines.amounts.quantity[rows] - lines.amounts.kept_of(rows), 0.0)
    return _GivenBack(rows, np.nan_to_num(pieces), lines.amounts.refunded(rows))


def _returns(
    lines: Lines, gone: Positions, in_part: _GivenBack, customer: Positions, products: pd.DataFrame
) -> pd.DataFrame:
    quantity = np.abs(np.nan_to_num(lines.amounts.quantity[gone]))
    price = np.maximum(np.nan_to_num(lines.amounts.price[gone]), 0.0)
    at = {key: i for i, key in enumerate(products[c.PRODUCT_KEY].tolist())}
    rows = np.concatenate([gone, in_part.rows])
    keys = [""] * len(rows) if lines.product is None else lines.product.texts_at(lines.product.codes[rows])
    return pd.DataFrame(
        {
            c.CUSTOMER: customer[rows],
            c.PRODUCT: np.array([at.get(key, -1) for key in keys], dtype=np.int64),
            c.AT: lines.at[rows],
            c.QUANTITY: np.concatenate([quantity, in_part.quantity]),
            c.REVENUE: np.concatenate([quantity * price, in_part.revenue]),
            c.ORDER_KEY: lines.keys.series_at(lines.keys.codes[rows]),
            c.OF_SALE: np.concatenate([lines.amounts.quantity[gone] > 0, np.ones(len(in_part.rows), dtype=np.bool_)]),
        }
    )


def _void(lines: Lines, verdict: Judged) -> tuple[str, ...]:
    """Orders of which no row counts, and some row says that the order is void."""
    # the last element is no order: -1 points at it
    void = np.zeros(lines.n_orders + 1, dtype=bool)
    void[lines.order[verdict.is_any_of(reasons.VOID)]] = True
    void[lines.order[verdict.counts]] = False
    return tuple(lines.keys.texts_at(np.flatnonzero(void[:-1])))
