"""What a file brings into the store: products.

Customers: `store/identity.py`; consents: `store/consents.py`; orders: `store/incoming_orders.py`.

All of it is called within the one transaction of an import. Frames are those of `engine.intake`, in which a customer
or product is a position; each function gives the store's ids by position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlite_utils import Database

from engine import columns as c

Ids = NDArray[np.int64]
Facts = tuple[Any, ...]
NOBODY = -1
_VALUES_PER_STATEMENT = 999  # that older SQLite takes
_ROWS_AT_A_TIME = 50_000

_ABOUT_PRODUCTS = {
    "name": c.PRODUCT_NAME,
    "name_zh": c.PRODUCT_NAME_ZH,
    "name_en": c.PRODUCT_NAME_EN,
    "category": c.CATEGORY,
    "price": c.PRICE,
    "stock": c.STOCK,
    "description": c.DESCRIPTION,
    "cost": c.COST,
    "launched": c.LAUNCHED,
}


def next_id(db: Database, table: str) -> int:
    """The first id that no row of `table` has ever had."""
    row = db.conn.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
    return 1 if row is None else int(row[0]) + 1


def put_products(db: Database, goods: pd.DataFrame, at: datetime) -> tuple[Ids, int]:
    """The products' ids by position, and how many known ones are now described otherwise.

    What the file does not tell stays as it was. A product without any name is called by its key. `at` is now.
    """
    keys: list[str] = goods[c.PRODUCT_KEY].tolist()
    facts = facts_of(goods, list(_ABOUT_PRODUCTS.values()))
    ids: dict[str, int] = dict(db.conn.execute("SELECT key, id FROM products"))
    first = next_id(db, "products")
    new: list[Facts] = []
    old: list[tuple[int, Facts]] = []
    for key, told in zip(keys, facts, strict=True):
        if key in ids:
            old.append((ids[key], told))
            continue
        ids[key] = first + len(new)
        name, zh, en, *rest = told
        new.append((ids[key], key, name or zh or en or key, zh, en, *rest))
    columns = by_field(["id", "key", *_ABOUT_PRODUCTS], new)
    insert(db, "products", {**columns, "added_at": [at.astimezone(UTC).isoformat()] * len(new)})
    changed = complete(db, "products", list(_ABOUT_PRODUCTS), old)
    positions = np.array([ids[key] for key in keys], dtype=np.int64)
    if c.ATTRIBUTES in goods:
        each = zip(positions.tolist(), goods[c.ATTRIBUTES].tolist(), strict=True)
        others = _put_attributes(db, [(id_, attributes) for id_, attributes in each if attributes])
        changed = max(changed, len(others & {id_ for id_, _ in old}))
    return positions, changed


def _put_attributes(db: Database, told: Sequence[tuple[int, Mapping[str, str]]]) -> set[int]:
    """Store the attributes of products; which products had others before, or none."""
    before = {(id_, name): value for id_, name, value in db.conn.execute("SELECT * FROM product_attributes")}
    new = [
        (id_, name, value)
        for id_, attributes in told
        for name, value in attributes.items()
        if before.get((id_, name)) != value
    ]
    db.conn.executemany(
        "INSERT INTO product_attributes VALUES (?, ?, ?) "
        "ON CONFLICT (product_id, name) DO UPDATE SET value = excluded.value",
        new,
    )
    return {id_ for id_, _, _ in new}


def facts_of(frame: pd.DataFrame, fields: list[str]) -> list[Facts]:
    """One tuple per row; None in a field that the frame has not."""
    return list(zip(*columns_of(frame, fields), strict=True))


def by_field(fields: Sequence[str], rows: Sequence[Facts]) -> dict[str, Sequence[Any]]:
    """The values of each field, of rows that have them in this order."""
    return dict(zip(fields, zip(*rows, strict=True) if rows else [()] * len(fields), strict=True))


def columns_of(frame: pd.DataFrame, fields: list[str]) -> list[list[Any]]:
    """The values of each field; None throughout in a field that the frame has not."""
    return [frame[field].tolist() if field in frame else [None] * len(frame) for field in fields]


def insert(db: Database, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert the rows whose values `columns` has field by field.

    A statement for many rows takes half the time of a statement for each, and a value that is the same in all of
    them is handed over once.
    """
    n = len(next(iter(columns.values())))
    if not n:
        return
    same = {field: values[0] for field, values in columns.items() if _is_one(values)}
    told = [values for field, values in columns.items() if field not in same]
    fields = ", ".join([*same, *(field for field in columns if field not in same)])
    row = "(" + ", ".join([*(f"?{i}" for i in range(1, len(same) + 1)), *["?"] * len(told)]) + ")"
    at_once = (_VALUES_PER_STATEMENT - len(same)) // max(len(told), 1)
    for start in range(0, n, _ROWS_AT_A_TIME):
        parts = [values[start : start + _ROWS_AT_A_TIME] for values in told]
        size = min(_ROWS_AT_A_TIME, n - start)
        whole = size // at_once * at_once
        for n_rows, first, last in ((at_once, 0, whole), (1, whole, size)):
            db.conn.executemany(
                f"INSERT INTO {table} ({fields}) VALUES {', '.join([row] * n_rows)}",
                _statements(list(same.values()), parts, n_rows, first, last),
            )


def _is_one(values: Sequence[Any]) -> bool:
    return bool(values[0] == values[-1] and values.count(values[0]) == len(values))


def _statements(
    same: list[Any], columns: Sequence[Sequence[Any]], n_rows: int, first: int, last: int
) -> Iterator[list[Any]]:
    """The values of statements for `n_rows` rows each, from the row `first` up to `last`."""
    width = len(columns)
    values: list[Any] = [None] * ((last - first) * width)
    for i, column in enumerate(columns):
        values[i::width] = column[first:last]
    step = n_rows * width
    for start in range(0, len(values), step) if width else [0] * ((last - first) // n_rows):
        yield same + values[start : start + step] if same else values[start : start + step]


def complete(db: Database, table: str, columns: list[str], rows: list[tuple[int, Facts]]) -> int:
    """Put what is told over what was known; how many rows that changed."""
    sets = ", ".join(f"{column} = coalesce(?{i}, {column})" for i, column in enumerate(columns, 1))
    news = " OR ".join(f"(?{i} IS NOT NULL AND ?{i} IS NOT {column})" for i, column in enumerate(columns, 1))
    cursor = db.conn.executemany(
        f"UPDATE {table} SET {sets} WHERE id = ?{len(columns) + 1} AND ({news})", ((*told, id_) for id_, told in rows)
    )
    return max(cursor.rowcount, 0)
