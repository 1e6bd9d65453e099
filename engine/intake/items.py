"""Items of orders that an earlier file told: the lines of orders whose date, buyer and money are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from engine import columns as c
from engine.errors import FileRefused
from engine.intake import fields as f
from engine.intake import orders, words
from engine.intake.joining import joined
from engine.intake.orders import Purchases
from engine.intake.tables import Column, Table
from engine.intake.understanding import Understood
from engine.phrases import Phrase, counted

_FIELDS = {c.ORDER_KEY: c.ORDER_KEY, c.CUSTOMER_KEY: c.CUSTOMER_KEY, c.AT: c.AT, f.PAID: c.REVENUE}


def orders_named(found: Understood) -> list[str]:
    """The numbers of the orders whose items the file lists; a row that was left out lists none."""
    keys = found.cells[c.ORDER_KEY].recoded(words.identifier)
    return [keys.texts[code] for code in np.unique(keys.codes).tolist() if keys.texts[code]]


def read(found: Understood, known: pd.DataFrame, today: date) -> Purchases:
    """The lines of the `known` orders (order_key, customer_key, at, revenue), whose money is spread over them.

    Items of other orders are rejected. Raises FileRefused if no order of the file is known.
    """
    if not len(known) and orders_named(found):
        raise FileRefused(
            Phrase(
                "{name} lists what was in orders, without dates and buyers: send {platform}'s export of the orders "
                "first, or both together in one ZIP or workbook.",
                name=found.name,
                platform=found.platform,
            )
        )
    cells = {field: _column(known[told].tolist()) for field, told in _FIELDS.items()}
    heads = Table(found.name, (), np.arange(len(known), dtype=np.int64))
    whole = joined(heads, cells, found.table, found.cells)
    told = orders.read(whole.table, whole.cells, today)
    unknown = int((~whole.cells[f.WITHOUT_ORDER].blank).sum())
    if not unknown:
        return told
    note = counted(
        "{n} item belongs to an order that is not known: send both exports together in one ZIP or workbook.",
        "{n} items belong to orders that are not known: send both exports together in one ZIP or workbook.",
        n=unknown,
    )
    return replace(told, notes=(*told.notes, note))


def _column(values: Sequence[object]) -> Column:
    texts = ["" if value is None else str(value) for value in values]
    return Column("", np.arange(len(texts), dtype=np.int32), texts).recoded(str)
