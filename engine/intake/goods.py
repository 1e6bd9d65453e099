"""What a file tells of its products, one row per product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake import identity, numbers, reasons, words
from engine.intake.identity import Cells
from engine.intake.tables import Column, Positions, Table
from engine.phrases import Phrase, counted

_TEXTS = (c.PRODUCT_NAME, c.PRODUCT_NAME_ZH, c.PRODUCT_NAME_EN, c.CATEGORY, c.DESCRIPTION)


@dataclass(frozen=True)
class Goods:
    """A file of products, read. `goods` has one row per product: product_key, its names, category, price, stock
    and description, as far as the file tells them.
    """

    goods: pd.DataFrame
    rejected: pd.DataFrame
    notes: tuple[Phrase, ...] = ()


def read(table: Table, cells: Cells) -> Goods:
    """The products of `table`; rows with a price that cannot be read are left out."""
    keys = identity.products(cells)
    if keys is None:
        raise ValueError("a table of products has a column that names them")
    fault = keys.blank.astype(np.int8)
    if c.PRICE in cells:
        prices = numbers.read(cells[c.PRICE].texts)[cells[c.PRICE].codes]
        fault[(fault == 0) & ~cells[c.PRICE].recoded(words.text).blank & ~(prices >= 0)] = 2
    goods, _ = described(cells, keys, np.flatnonzero(fault == 0))
    rejected = table.rejected(fault, [reasons.NO_PRODUCT, reasons.PRICE_UNREADABLE])
    return Goods(goods, rejected, _told_of_stock(cells, fault))


def _told_of_stock(cells: Cells, fault: NDArray[np.int8]) -> tuple[Phrase, ...]:
    if c.STOCK not in cells:
        return ()
    column = cells[c.STOCK].recoded(words.text)
    unread = np.isnan(numbers.read(column.texts))[column.codes] & ~column.blank & (fault == 0)
    if not unread.any():
        return ()
    note = counted(
        "{n} value of {field} could not be read and was left out.",
        "{n} values of {field} could not be read and were left out.",
        n=int(unread.sum()),
        field=f.WORDS[c.STOCK],
    )
    return (note,)


def described(cells: Cells, keys: Column, rows: Positions) -> tuple[pd.DataFrame, Positions]:
    """One row per product that occurs in `rows`, with what most rows say of it; and each row's position among them."""
    owner, kept = identity.compacted(keys.codes[rows], len(keys.texts))
    told: dict[str, list[object]] = {c.PRODUCT_KEY: [keys.texts[code] for code in kept.tolist()]}
    for field in _TEXTS:
        if field in cells:
            column = cells[field].recoded(words.name)
            here = Column(column.header, column.codes[rows], column.texts)
            told[field] = list(identity.most_said(owner, here, len(kept)))
    if c.PRICE in cells:
        column = cells[c.PRICE]
        value_of = dict(zip(column.texts, numbers.read(column.texts).tolist(), strict=True))
        said = identity.most_said(owner, Column(column.header, column.codes[rows], column.texts), len(kept))
        told[c.PRICE] = [price if price > 0 else None for price in (value_of.get(text or "", 0.0) for text in said)]
    if c.STOCK in cells:
        column = cells[c.STOCK]
        pieces = dict(zip(column.texts, numbers.read(column.texts).tolist(), strict=True))
        said = identity.most_said(owner, Column(column.header, column.codes[rows], column.texts), len(kept))
        stock = [pieces.get(text or "", np.nan) for text in said]
        told[c.STOCK] = [None if np.isnan(number) else number for number in stock]
    return pd.DataFrame(told, dtype=object), owner
