"""What a file brings into the store: products.

Customers: `store/identity.py`; consents: `store/consents.py`; orders: `store/incoming_orders.py`.

All of it is called within the one transaction of an import. Frames are those of `engine.intake`, in which a customer
or product is a position; each function gives the store's ids by position.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlite_utils import Database

from engine import columns as c

Ids = NDArray[np.int64]
Facts = tuple[Any, ...]
NOBODY = -1
_ROWS_PER_STATEMENT = 50  # of at most 20 columns: older SQLite takes a thousand values or a few more

_ABOUT_PRODUCTS = {
    "name": c.PRODUCT_NAME,
    "name_zh": c.PRODUCT_NAME_ZH,
    "name_en": c.PRODUCT_NAME_EN,
    "category": c.CATEGORY,
    "price": c.PRICE,
    "stock": c.STOCK,
    "description": c.DESCRIPTION,
}


def next_id(db: Database, table: str) -> int:
    """The first id that no row of `table` has ever had."""
    row = db.conn.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
    return 1 if row is None else int(row[0]) + 1


def put_products(db: Database, goods: pd.DataFrame) -> tuple[Ids, int]:
    """The products' ids by position, and how many known ones are now described otherwise.

    What the file does not tell stays as it was. A product without any name is called by its key.
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
    insert(db, "products", ["id", "key", *_ABOUT_PRODUCTS], new)
    changed = complete(db, "products", list(_ABOUT_PRODUCTS), old)
    return np.array([ids[key] for key in keys], dtype=np.int64), changed


def facts_of(frame: pd.DataFrame, fields: list[str]) -> list[Facts]:
    """One tuple per row; None in a field that the frame has not."""
    absent = [None] * len(frame)
    return list(zip(*(frame[field].tolist() if field in frame else absent for field in fields), strict=True))


def insert(db: Database, table: str, columns: list[str], rows: list[Facts]) -> None:
    """Insert the rows; a statement for fifty of them takes half the time of fifty statements."""
    row = f"({', '.join('?' * len(columns))})"
    whole = len(rows) // _ROWS_PER_STATEMENT * _ROWS_PER_STATEMENT
    for size, first, last in ((_ROWS_PER_STATEMENT, 0, whole), (1, whole, len(rows))):
        db.conn.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * size)}",
            (list(chain.from_iterable(rows[start : start + size])) for start in range(first, last, size)),
        )


def complete(db: Database, table: str, columns: list[str], rows: list[tuple[int, Facts]]) -> int:
    """Put what is told over what was known; how many rows that changed."""
    sets = ", ".join(f"{column} = coalesce(?{i}, {column})" for i, column in enumerate(columns, 1))
    news = " OR ".join(f"(?{i} IS NOT NULL AND ?{i} IS NOT {column})" for i, column in enumerate(columns, 1))
    cursor = db.conn.executemany(
        f"UPDATE {table} SET {sets} WHERE id = ?{len(columns) + 1} AND ({news})", ((*told, id_) for id_, told in rows)
    )
    return max(cursor.rowcount, 0)
