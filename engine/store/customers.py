"""Customers and their consent, as the other rooms and faces read them. Imports write them: `store/imports.py`."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlite_utils import Database

from engine import columns as c


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


_COLUMNS = "id, key, name, email, phone, gender, birth_year, city, region, country, joined, interests"


def found(db: Database, text: str) -> list[Customer]:
    """Who `text` may mean: the one with this key, or else all with this e-mail, phone or name. At most 20."""
    text = text.strip()
    exact = db.conn.execute(f"SELECT {_COLUMNS} FROM customers WHERE key = ?", [text]).fetchall()
    rows = (
        exact
        or db.conn.execute(
            f"SELECT {_COLUMNS} FROM customers "
            "WHERE lower(email) = lower(:text) OR phone = :text OR lower(name) = lower(:text) ORDER BY id LIMIT 20",
            {"text": text},
        ).fetchall()
    )
    return [Customer(*row) for row in rows]


def by_ids(db: Database, ids: list[int]) -> dict[int, Customer]:
    """These customers by their id; an id that is not there is left out."""
    result: dict[int, Customer] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        rows = db.conn.execute(f"SELECT {_COLUMNS} FROM customers WHERE id IN ({marks})", part)
        result.update((row[0], Customer(*row)) for row in rows)
    return result


def count(db: Database) -> int:
    return int(db.conn.execute("SELECT count(*) FROM customers").fetchone()[0])


def frame(db: Database) -> pd.DataFrame:
    """All customers, one row each, with what is known of them (`engine.columns`), in the order of their id."""
    return pd.read_sql_query(
        f"SELECT id AS {c.CUSTOMER}, key AS {c.CUSTOMER_KEY}, name AS {c.NAME}, email AS {c.EMAIL}, "
        f"phone AS {c.PHONE}, gender AS {c.GENDER}, birth_year AS {c.BIRTH_YEAR}, city AS {c.CITY}, "
        f"region AS {c.REGION}, country AS {c.COUNTRY}, joined AS {c.JOINED}, interests AS {c.INTERESTS} "
        "FROM customers ORDER BY id",
        db.conn,
    )


def consent(db: Database, channel: str) -> dict[int, str]:
    """The newest word of each customer on `channel` (or on any): granted or withdrawn. Absent: nothing is recorded."""
    rows = db.conn.execute("SELECT customer_id, state FROM consents WHERE channel IN ('any', ?) ORDER BY id", [channel])
    return dict(rows.fetchall())
