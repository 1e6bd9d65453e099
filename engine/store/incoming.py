"""What a file brings into the store: customers with their consent, and products. Orders: `store/incoming_orders.py`.

All of it is called within the one transaction of an import. Frames are those of `engine.intake`, in which a customer
or product is a position; each function gives the store's ids by position.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlite_utils import Database

from engine import columns as c
from engine.intake.words import is_masked

Ids = NDArray[np.int64]
Facts = tuple[Any, ...]
NOBODY = -1

_ABOUT_CUSTOMERS = (
    c.NAME,
    c.EMAIL,
    c.PHONE,
    c.GENDER,
    c.BIRTH_YEAR,
    c.CITY,
    c.REGION,
    c.COUNTRY,
    c.JOINED,
    c.INTERESTS,
)
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
    facts = _facts(goods, list(_ABOUT_PRODUCTS.values()))
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
    _insert(db, "products", ["id", "key", *_ABOUT_PRODUCTS], new)
    changed = _complete(db, "products", list(_ABOUT_PRODUCTS), old)
    return np.array([ids[key] for key in keys], dtype=np.int64), changed


def put_customers(db: Database, people: pd.DataFrame, import_id: int) -> tuple[Ids, int]:
    """The customers' ids by position, and how many known ones are now described otherwise.

    A customer who bought nothing in the file is looked up and not added: `NOBODY` if unknown. What the file does not
    tell stays as it was.
    """
    keys: list[str] = people[c.CUSTOMER_KEY].tolist()
    facts = _facts(people, list(_ABOUT_CUSTOMERS))
    known = _Known(db)
    first = next_id(db, "customers")
    new: list[Facts] = []
    old: list[tuple[int, Facts]] = []
    ids: list[int] = []
    for key, told, bought in zip(keys, facts, people[c.BOUGHT].tolist(), strict=True):
        id_ = known.find(key, told[1], told[2])
        if id_ is not None:
            old.append((id_, known.unmasked(id_, told)))
        elif bought:
            id_ = first + len(new)
            new.append((id_, key, *told, import_id))
            known.add(id_, key, told[1], told[2])
        ids.append(NOBODY if id_ is None else id_)
    known.rename(db)
    _insert(db, "customers", ["id", "key", *_ABOUT_CUSTOMERS, "import_id"], _renamed(new, known.renamed))
    return np.array(ids, dtype=np.int64), _complete(db, "customers", list(_ABOUT_CUSTOMERS), old)


def put_consents(
    db: Database, ids: Ids, states: Sequence[Any], *, channel: str, hows: Sequence[str], at: datetime
) -> set[int]:
    """Add what the file says of each customer's consent where it is news; whose withdrawn one it would grant.

    `channel` is "any" or a channel's name. A file never grants what a customer has withdrawn, for the channel or for
    any: an older export would subscribe them again.
    """
    newest = {
        (customer, of): state
        for customer, of, state in db.conn.execute("SELECT customer_id, channel, state FROM consents ORDER BY id")
        if channel == "any" or of in ("any", channel)
    }
    withdrawn = {customer for (customer, _), state in newest.items() if state == "withdrawn"}
    said: dict[int, tuple[str, str]] = {}
    kept = set()
    for customer, state, how in zip(ids.tolist(), states, hows, strict=True):
        if state == "granted" and customer in withdrawn:
            kept.add(customer)
        elif state is not None and not (state == "granted" and customer in said):
            said[customer] = (state, how)
    rows = [
        (customer, channel, state, how, at.isoformat())
        for customer, (state, how) in said.items()
        if newest.get((customer, channel)) != state
    ]
    _insert(db, "consents", ["customer_id", "channel", "state", "how", "at"], rows)
    return kept


class _Known:
    """Who the customers of the store are, so that one person of two exports is one customer.

    A customer is found by key. One known by e-mail or phone alone is also found where another export has their
    number beside it, and takes that number as key; two different numbers are two people, whatever they share.
    """

    def __init__(self, db: Database) -> None:
        self.by_key: dict[str, int] = {}
        self.by_contact: dict[str, int | None] = {}
        self.renamed: dict[int, str] = {}
        self.reached: set[tuple[int, int]] = set()
        for id_, key, email, phone in db.conn.execute("SELECT id, key, email, phone FROM customers"):
            self.add(id_, key, email, phone)

    def add(self, id_: int, key: str, *contacts: str | None) -> None:
        self.by_key[key] = id_
        for place, contact in enumerate(contacts, 1):
            if contact and not is_masked(contact):
                self.reached.add((id_, place))
                # shared by two, it names neither
                self.by_contact[contact] = None if self.by_contact.get(contact, id_) != id_ else id_

    def find(self, key: str, *contacts: str | None) -> int | None:
        id_ = self.by_key.get(key)
        if id_ is not None:
            return id_
        if key in contacts:
            return self.by_contact.get(key)
        for contact in contacts:
            id_ = self.by_key.pop(contact, None) if contact else None
            if id_ is not None:
                self.by_key[key] = id_
                self.renamed[id_] = key
                return id_
        return None

    def unmasked(self, id_: int, told: Facts) -> Facts:
        """What is told, without an e-mail or phone of which a part is hidden where the whole one is known."""
        return tuple(
            None if (id_, place) in self.reached and isinstance(fact, str) and is_masked(fact) else fact
            for place, fact in enumerate(told)
        )

    def rename(self, db: Database) -> None:
        db.conn.executemany(
            "UPDATE customers SET key = ? WHERE id = ?", [(key, id_) for id_, key in self.renamed.items()]
        )


def _renamed(rows: list[Facts], names: dict[int, str]) -> list[Facts]:
    """The rows to insert under the key they have got since: an e-mail whose number stood further down the file."""
    return [(id_, names.get(id_, key), *rest) for id_, key, *rest in rows] if names else rows


def _facts(frame: pd.DataFrame, fields: list[str]) -> list[Facts]:
    """One tuple per row; None in a field that the frame has not."""
    absent = [None] * len(frame)
    return list(zip(*(frame[field].tolist() if field in frame else absent for field in fields), strict=True))


def _insert(db: Database, table: str, columns: list[str], rows: list[Facts]) -> None:
    marks = ", ".join("?" * len(columns))
    db.conn.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def _complete(db: Database, table: str, columns: list[str], rows: list[tuple[int, Facts]]) -> int:
    """Put what is told over what was known; how many rows that changed."""
    sets = ", ".join(f"{column} = coalesce(?{i}, {column})" for i, column in enumerate(columns, 1))
    news = " OR ".join(f"(?{i} IS NOT NULL AND ?{i} IS NOT {column})" for i, column in enumerate(columns, 1))
    cursor = db.conn.executemany(
        f"UPDATE {table} SET {sets} WHERE id = ?{len(columns) + 1} AND ({news})", ((*told, id_) for id_, told in rows)
    )
    return max(cursor.rowcount, 0)
