"""What a file tells of its products, one row per product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import answers, dates, identity, numbers, product_attributes, reasons, words
from engine.intake import fields as f
from engine.intake.identity import Cells
from engine.intake.tables import Column, Positions, Table
from engine.phrases import Phrase, counted

_TEXTS = (c.PRODUCT_NAME, c.PRODUCT_NAME_ZH, c.PRODUCT_NAME_EN, c.CATEGORY, c.DESCRIPTION)
# which numbers say something; NaN, that of a text that is none, does not
_NUMBERS: dict[str, Callable[[float], bool]] = {
    c.PRICE: lambda price: price > 0,
    c.STOCK: lambda pieces: pieces == pieces,
    c.COST: lambda cost: cost >= 0,
}


@dataclass(frozen=True)
class Goods:
    """A file of products, read. `goods` has one row per product: product_key, its names, category, price, stock,
    description, cost, launched (ISO 8601) and attributes (texts by name), as far as the file tells them.
    """

    goods: pd.DataFrame
    rejected: pd.DataFrame
    notes: tuple[Phrase, ...] = ()


def read(table: Table, cells: Cells, today: date | None = None) -> Goods:
    """The products of `table`; rows with a price that cannot be read are left out."""
    keys = identity.products(cells)
    if keys is None:
        raise ValueError("a table of products has a column that names them")
    fault = keys.blank.astype(np.int8)
    if c.PRICE in cells:
        prices = numbers.read(cells[c.PRICE].texts)[cells[c.PRICE].codes]
        fault[(fault == 0) & ~cells[c.PRICE].recoded(words.text).blank & ~(prices >= 0)] = 2
    rows = np.flatnonzero(fault == 0)
    goods, owner = described(cells, keys, rows)
    days = _days(cells.get(c.LAUNCHED), today)
    if days is not None:
        said = identity.most_said(owner, _at(days, rows), len(goods))
        goods = goods.assign(**{c.LAUNCHED: pd.Series(said, dtype=object)})
    told = product_attributes.read(table, cells, owner, rows, len(goods))
    if any(told):
        goods = goods.assign(**{c.ATTRIBUTES: pd.Series(told, dtype=object)})
    rejected = table.rejected(fault, [reasons.NO_PRODUCT, reasons.PRICE_UNREADABLE])
    notes = (
        *_unread(cells, c.STOCK, _readable(cells, c.STOCK, -np.inf), fault),
        *_unread(cells, c.COST, _readable(cells, c.COST, 0.0), fault),
        *_unread(cells, c.LAUNCHED, None if days is None else ~days.blank, fault),
        *_sold_below_cost(goods),
        *_kept(told),
    )
    return Goods(goods, rejected, notes)


def _days(column: Column | None, today: date | None) -> Column | None:
    """The day or moment of each row, ISO 8601; "" where none can be read."""
    if column is None:
        return None
    tidy = column.recoded(words.text)
    values = dates.read(tidy.texts, tidy.codes, today=today).values
    return Column(tidy.header, tidy.codes, ["" if np.isnat(day) else str(day) for day in values])


def _readable(cells: Cells, field: str, least: float) -> NDArray[np.bool_] | None:
    if field not in cells:
        return None
    column = cells[field]
    return np.asarray(numbers.read(column.texts)[column.codes] >= least, np.bool_)


def _unread(
    cells: Cells, field: str, readable: NDArray[np.bool_] | None, fault: NDArray[np.int8]
) -> tuple[Phrase, ...]:
    if readable is None:
        return ()
    n = int((~readable & ~cells[field].recoded(words.text).blank & (fault == 0)).sum())
    note = counted(
        "{n} value of {field} could not be read and was left out.",
        "{n} values of {field} could not be read and were left out.",
        n=n,
        field=f.WORDS[field],
    )
    return (note,) if n else ()


def _sold_below_cost(goods: pd.DataFrame) -> tuple[Phrase, ...]:
    if c.COST not in goods or c.PRICE not in goods:
        return ()
    below = goods[c.COST].astype(float) > goods[c.PRICE].astype(float)
    if not below.any():
        return ()
    note = counted(
        "{n} product costs you more than it sells for, such as {product}: check its cost.",
        "{n} products cost you more than they sell for, such as {product}: check their cost.",
        n=int(below.sum()),
        product=goods[c.PRODUCT_KEY][below.to_numpy().argmax()],
    )
    return (note,)


def _kept(told: list[dict[str, str] | None]) -> tuple[Phrase, ...]:
    names = tuple(dict.fromkeys(name for attributes in told if attributes for name in attributes))
    if not names:
        return ()
    return (Phrase("Also kept of the products: {names}.", names=answers.shortened(names)),)


def _at(column: Column, rows: Positions) -> Column:
    return Column(column.header, column.codes[rows], column.texts)


def described(cells: Cells, keys: Column, rows: Positions) -> tuple[pd.DataFrame, Positions]:
    """One row per product that occurs in `rows`, with what most rows say of it; and each row's position among them."""
    owner, kept = identity.compacted(keys.codes[rows], len(keys.texts))
    told: dict[str, list[object]] = {c.PRODUCT_KEY: [keys.texts[code] for code in kept.tolist()]}
    for field in _TEXTS:
        if field in cells:
            here = _at(cells[field].recoded(words.name), rows)
            told[field] = list(identity.most_said(owner, here, len(kept)))
    for field, is_told in _NUMBERS.items():
        if field in cells:
            column = cells[field]
            value_of = dict(zip(column.texts, numbers.read(column.texts).tolist(), strict=True))
            said = identity.most_said(owner, _at(column, rows), len(kept))
            values = (value_of.get(text or "", np.nan) for text in said)
            told[field] = [number if is_told(number) else None for number in values]
    return pd.DataFrame(told, dtype=object), owner
