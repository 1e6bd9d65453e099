"""Customers, as the other rooms and faces read them. Imports write them: `store/identity.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.store import consents


@dataclass(frozen=True)
class Customer:
    """One person: `id` is the store's, `key` what the shop's own system calls them."""

    id: int
    key: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    gender: str | None = None
    birth_year: int | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    joined: str | None = None
    interests: str | None = None


@dataclass(frozen=True)
class Totals:
    """A customer and the sums of their orders and returns; without an order 0, 0 and None."""

    customer: Customer
    n_orders: int
    revenue: float
    last_order_at: datetime | None
    returned: float  # money of what was returned or cancelled


COLUMNS = (
    *("id", "key", "name", "email", "phone", "gender", "birth_year"),
    *("city", "region", "country", "joined", "interests"),
)
_COLUMNS = ", ".join(COLUMNS)


def found(db: Database, text: str) -> list[Customer]:
    """Who `text` may mean: the one who is called so, or else all with this key, e-mail, phone or name. At most 20.

    Keys are all that any file has ever told, also a phone that has changed since.
    """
    text = text.strip()
    exact = db.conn.execute(
        f"SELECT {_COLUMNS} FROM customers WHERE key = ? AND merged_into IS NULL", [text]
    ).fetchall()
    rows = (
        exact
        or db.conn.execute(
            f"SELECT {_COLUMNS} FROM customers WHERE merged_into IS NULL AND (id IN (SELECT i.customer_id "
            "FROM identity_keys k JOIN identities i ON i.id = k.identity_id WHERE k.value IN (:text, lower(:text))) "
            "OR id IN (SELECT customer_id FROM identities WHERE value = :text OR label = :text) "
            "OR lower(email) = lower(:text) OR phone = :text OR lower(name) = lower(:text)) ORDER BY id LIMIT 20",
            {"text": text},
        ).fetchall()
    )
    return [Customer(*row) for row in rows]


def by_ids(db: Database, ids: Sequence[int]) -> list[Customer]:
    """These customers, in this order; as many as a list shows."""
    marks = ", ".join("?" * len(ids))
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM customers WHERE id IN ({marks})", list(ids))
    known = {customer.id: customer for customer in (Customer(*row) for row in rows)}
    return [known[id_] for id_ in ids]


def known(db: Database, id_: int) -> bool:
    """Whether there is a customer with this id, who has not become one with another."""
    row = db.conn.execute("SELECT 1 FROM customers WHERE id = ? AND merged_into IS NULL", [id_]).fetchone()
    return row is not None


def count(db: Database) -> int:
    return int(db.conn.execute("SELECT count(*) FROM customers WHERE merged_into IS NULL").fetchone()[0])


def frame(db: Database) -> pd.DataFrame:
    """All customers, one row each, with what is known of them (`engine.columns`), in the order of their id."""
    return pd.read_sql_query(
        f"SELECT id AS {c.CUSTOMER}, key AS {c.CUSTOMER_KEY}, name AS {c.NAME}, email AS {c.EMAIL}, "
        f"phone AS {c.PHONE}, gender AS {c.GENDER}, birth_year AS {c.BIRTH_YEAR}, city AS {c.CITY}, "
        f"region AS {c.REGION}, country AS {c.COUNTRY}, joined AS {c.JOINED}, interests AS {c.INTERESTS} "
        "FROM customers WHERE merged_into IS NULL ORDER BY id",
        db.conn,
    )


def consent(db: Database, channel: str) -> dict[int, str]:
    """What holds for each customer on `channel` (`store/consents.py`)."""
    return consents.states(db, channel)


Order = Literal["money", "recent", "name"]

_BY: dict[Order, str] = {
    "money": "revenue DESC, id",
    "recent": "last IS NULL, last DESC, id",
    "name": "coalesce(name, key) COLLATE NOCASE, id",
}
_TOTALS = f"n_orders, revenue, last, returned, {_COLUMNS}"
_SUMS = (
    "LEFT JOIN (SELECT customer_id, count(*) AS n_orders, sum(revenue) AS revenue, max(at) AS last FROM orders "
    "WHERE customer_id IS NOT NULL GROUP BY customer_id) s ON s.customer_id = customers.id "
    "LEFT JOIN (SELECT customer_id, sum(value) AS returned FROM events WHERE kind = 'return' GROUP BY customer_id) r "
    "ON r.customer_id = customers.id"
)


def totals(db: Database, *, order: Order, n: int, offset: int = 0) -> list[Totals]:
    """`n` customers with the sum of their orders, after the first `offset`."""
    rows = db.conn.execute(
        f"SELECT {_TOTALS} FROM customers {_SUMS} WHERE merged_into IS NULL ORDER BY {_BY[order]} LIMIT ? OFFSET ?",
        [n, offset],
    )
    return [_totals(*row) for row in rows]


def totals_in_segment(db: Database, segment_id: int) -> list[Totals]:
    """The customers of a segment with the sum of their orders, who has spent most first."""
    rows = db.conn.execute(
        f"SELECT {_TOTALS} FROM customers {_SUMS} WHERE customers.id IN (SELECT coalesce(u.merged_into, u.id) "
        f"FROM memberships m JOIN customers u ON u.id = m.customer_id WHERE m.segment_id = ?) ORDER BY {_BY['money']}",
        [segment_id],
    )
    return [_totals(*row) for row in rows]


def totals_of(db: Database, ids: Iterable[int]) -> list[Totals]:
    """These customers with the sum of their orders, who has spent most first."""
    rows = db.conn.execute(
        f"SELECT {_TOTALS} FROM customers {_SUMS} WHERE customers.id IN (SELECT value FROM json_each(?)) "
        f"ORDER BY {_BY['money']}",
        [json.dumps(list(ids))],
    )
    return [_totals(*row) for row in rows]


def _totals(
    n_orders: int | None, revenue: float | None, last: str | None, returned: float | None, *columns: Any
) -> Totals:
    at = None if last is None else datetime.fromisoformat(last)
    return Totals(Customer(*columns), n_orders or 0, revenue or 0.0, at, returned or 0.0)
