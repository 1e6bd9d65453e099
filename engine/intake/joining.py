"""Tables that belong together: orders with date and buyer in one, their items in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake import words
from engine.intake.layouts import Reshaped
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

Cells = Mapping[str, Column]
_OF_THE_ITEM = (c.PRODUCT_KEY, c.PRODUCT_NAME, c.QUANTITY, c.PRICE, c.REVENUE)


def joined(orders: Table, of_orders: Cells, items: Table, of_items: Cells) -> Reshaped:
    """One line per item with what its order's row says of date, buyer and money, joined on the order number.

    The rows are those of the items, and those of orders without items, numbered after them. An item of an order that
    `orders` has not, and an order without items, are told by columns of their own. A refund or an amount that the
    items tell stands for what the orders tell of it.
    """
    key_of_order = of_orders[c.ORDER_KEY].recoded(words.identifier)
    key_of_item = of_items[c.ORDER_KEY].recoded(words.identifier)
    row_of_item = _found(key_of_order, key_of_item)
    alone = _without_items(key_of_order, row_of_item)
    orders_lines = np.concatenate([row_of_item, alone])
    items_lines = np.concatenate([np.arange(len(row_of_item)), np.full(len(alone), -1)])
    whole = Table(
        items.name,
        tuple(column.taken(items_lines) for column in items.columns)
        + tuple(column.taken(orders_lines) for column in orders.columns),
        _numbers(orders, items, alone),
        (*items.broken, *(replace(broken, row=broken.row + last_row(items)) for broken in orders.broken)),
        (*items.notes, *orders.notes),
    )
    cells = {field: column.taken(orders_lines) for field, column in of_orders.items() if field not in _OF_THE_ITEM}
    if c.REVENUE in of_items:
        cells.pop(f.PAID, None)
    if f.REFUND in of_items:
        cells.pop(f.ORDER_REFUND, None)
    cells |= {field: column.taken(items_lines) for field, column in of_items.items() if field != c.ORDER_KEY}
    of_alone = _codes(key_of_order, alone, len(items_lines)) + len(key_of_item.texts)
    keys = np.where(items_lines >= 0, np.append(key_of_item.codes, -1)[items_lines], of_alone).astype(np.int32)
    cells[c.ORDER_KEY] = Column(key_of_item.header, keys, [*key_of_item.texts, *key_of_order.texts]).recoded(str)
    cells[f.WITHOUT_ORDER] = _flag(orders_lines < 0)
    cells[f.WITHOUT_ITEMS] = _flag(items_lines < 0)
    return Reshaped(whole, cells, _told(orders, items, len(alone)))


def _found(orders: Column, items: Column) -> NDArray[np.int64]:
    """Per item the row of its order, the first if there are several; -1 if there is none."""
    first = np.full(len(orders.texts), -1, dtype=np.int64)
    rows = np.arange(len(orders.codes))[::-1]
    first[orders.codes[rows]] = rows
    row_of = {text: int(first[code]) for code, text in enumerate(orders.texts) if text}
    return np.array([row_of.get(text, -1) for text in items.texts], dtype=np.int64)[items.codes]


def _without_items(orders: Column, row_of_item: NDArray[np.int64]) -> NDArray[np.int64]:
    told = np.zeros(len(orders.texts), dtype=bool)
    told[orders.codes[row_of_item[row_of_item >= 0]]] = True
    return np.flatnonzero(~told[orders.codes])


def _numbers(orders: Table, items: Table, alone: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([items.rows, orders.rows[alone] + last_row(items)])


def last_row(table: Table) -> int:
    """The greatest number of a row of the file, at least the header's."""
    return max([int(table.rows.max(initial=1)), *(broken.row for broken in table.broken)])


def _codes(keys: Column, alone: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    codes = np.zeros(n, dtype=np.int64)
    codes[n - len(alone) :] = keys.codes[alone]
    return codes


def _flag(where: NDArray[np.bool_]) -> Column:
    return Column("", where.astype(np.int32), ["", "x"])


def _told(orders: Table, items: Table, n_alone: int) -> tuple[Phrase, ...]:
    notes = [
        Phrase(
            "The items of “{items}” were put to the orders of “{orders}” by their order number.",
            items=items.name,
            orders=orders.name,
        )
    ]
    if n_alone:
        notes.append(
            Phrase(
                "Rows of “{orders}” without items are numbered from {row} on.",
                orders=orders.name,
                row=last_row(items) + 2,
            )
        )
    return tuple(notes)
