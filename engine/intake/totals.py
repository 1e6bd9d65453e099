"""Whether a column of amounts that is not called one or the other is of each order or of each of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake import numbers, words
from engine.intake.concepts import spoken
from engine.intake.layouts.by_name import WHO, has
from engine.intake.proposal import Proposal
from engine.intake.tables import Table
from engine.phrases import Phrase

CENT: Final = 0.005
LOOSE: Final = 0.005  # share of an amount by which a price may be rounded
BY_AMOUNTS: Final = Phrase("its amounts say so")

Columns = Mapping[str, int]


def settled(table: Table, proposal: Proposal) -> tuple[Proposal, tuple[Phrase, ...]]:
    """The proposal with one reading of the amount for the whole file, and a note that tells it.

    Nothing is told where no order has several rows, or the header itself speaks of the order.
    """
    columns = proposal.columns
    if proposal.kind != "orders" or f.ORDER_TOTAL not in columns or has(columns, c.PRICE, c.REVENUE, f.PAID):
        return proposal, ()
    header = table.columns[columns[f.ORDER_TOTAL]].header
    rows = _rows(table, columns)
    if not (rows["n_rows"] > 1).any():
        return proposal, ()
    amounts = rows.groupby("order")["amount"]
    if ((amounts.max() - amounts.min()) > CENT).any():
        return _of_lines(proposal, header), (_told_of_different(header),)
    if "ORDER" in spoken(header).of:
        return proposal, ()
    if header in proposal.choice.fields or not _are_of_lines(rows, c.ORDER_KEY in columns):
        return proposal, (_told_of_orders(header),)
    return _of_lines(proposal, header), (_told_of_lines(header),)


def _of_lines(proposal: Proposal, header: str) -> Proposal:
    if header in proposal.choice.fields:
        # what the founder has said of a column is not said otherwise
        return proposal
    guesses = tuple(
        replace(guess, field=c.REVENUE, why=BY_AMOUNTS) if guess.field == f.ORDER_TOTAL else guess
        for guess in proposal.guesses
    )
    return replace(proposal, guesses=guesses)


def _rows(table: Table, columns: Columns) -> pd.DataFrame:
    """Per row that states an amount of an order: order, product (-1 none), pieces, amount, and n_rows of its order."""
    n = len(table.rows)
    amount = _numbers(table, columns, f.ORDER_TOTAL)
    pieces = _numbers(table, columns, c.QUANTITY) if c.QUANTITY in columns else np.ones(n)
    product = next((of for of in (c.PRODUCT_KEY, c.PRODUCT_NAME) if of in columns), None)
    codes = np.full(n, -1, dtype=np.int32) if product is None else table.columns[columns[product]].codes
    frame = pd.DataFrame({"order": orders_of(table, columns), "product": codes, "pieces": pieces, "amount": amount})
    frame = frame[(frame["order"] >= 0) & frame["amount"].notna()]
    return frame.assign(n_rows=frame.groupby("order")["order"].transform("size"))


def _numbers(table: Table, columns: Columns, of: str) -> NDArray[np.float64]:
    column = table.columns[columns[of]]
    return numbers.read(column.texts)[column.codes]


def orders_of(table: Table, columns: Columns) -> NDArray[np.int64]:
    """Per row which order it is of, -1 none: as numbered, else what one customer bought at one time."""
    if c.ORDER_KEY in columns:
        column = table.columns[columns[c.ORDER_KEY]].recoded(words.identifier, words.PLAIN)
        return np.where(column.blank, -1, column.codes).astype(np.int64)
    group = np.zeros(len(table.rows), dtype=np.int64)
    for of in (*WHO, c.AT):
        if of in columns:
            column = table.columns[columns[of]]
            group = np.unique(group * len(column.texts) + column.codes, return_inverse=True)[1].astype(np.int64)
    return group


def _are_of_lines(rows: pd.DataFrame, numbered: bool) -> bool:
    """Whether the amounts, the same on all rows of each order, fit its rows better than the whole order.

    Orders of one row tell what a product costs. Where they do not, a product that costs the same per piece in orders
    of different size speaks for amounts of rows. Where nothing speaks for either, the rows of a numbered order state
    its amount, and rows without an order number are what there is.
    """
    sold = rows[(rows["product"] >= 0) & (rows["amount"] > 0) & (rows["pieces"] > 0)]
    for votes in (_by_price(sold), _by_size(sold)):
        if votes:
            return votes > 0
    return not numbered


def _by_price(rows: pd.DataFrame) -> int:
    """Orders whose rows cost what their products cost alone, less those that do so in sum."""
    alone = rows[rows["n_rows"] == 1]
    prices = (alone["amount"] / alone["pieces"]).groupby(alone["product"]).median()
    several = rows[rows["n_rows"] > 1]
    worth = several["product"].map(prices) * several["pieces"]
    several = several.assign(worth=worth, is_told=worth.notna(), fits=_near(several["amount"], worth))
    several = several.assign(odd=several["is_told"] & ~several["fits"])
    orders = several.groupby("order").agg(
        amount=("amount", "first"),
        worth=("worth", "sum"),
        told=("is_told", "sum"),
        n=("n_rows", "first"),
        odd=("odd", "any"),
    )
    of_lines = (orders["told"] > 0) & ~orders["odd"]
    of_order = (orders["told"] == orders["n"]) & _near(orders["amount"], orders["worth"])
    return int(of_lines.sum()) - int(of_order.sum())


def _by_size(rows: pd.DataFrame) -> int:
    """Products whose amount per piece is the same in orders of different size, less those where it is not."""
    several = rows[rows["n_rows"] > 1]
    size = several.groupby("order")["pieces"].transform("sum")
    told = several.assign(size=size, each=several["amount"] / several["pieces"])
    told = told.groupby("product").agg(sizes=("size", "nunique"), least=("each", "min"), most=("each", "max"))
    told = told[told["sizes"] > 1]
    same = _near(told["most"], told["least"])
    return int(same.sum()) - int((~same).sum())


def _near(one: pd.Series, other: pd.Series) -> pd.Series:
    return (one - other).abs() <= CENT + LOOSE * other.abs()


def _told_of_orders(header: str) -> Phrase:
    return Phrase(
        "“{column}” says the same on every row of an order, so it was taken as the amount of the whole order. If it is "
        'the amount of each row, say so on the card or with --map "{column}={field}".',
        column=header,
        field=f.WORDS[c.REVENUE],
    )


def _told_of_lines(header: str) -> Phrase:
    return Phrase(
        "“{column}” says the same on every row of an order, but fits what each row holds, so it was taken as the "
        "amount of the row. If it is the amount of the whole order, say so on the card or with "
        '--map "{column}={field}".',
        column=header,
        field=f.WORDS[f.ORDER_TOTAL],
    )


def _told_of_different(header: str) -> Phrase:
    return Phrase(
        "“{column}” differs between the rows of one order, so it was taken as the amount of each row.", column=header
    )
