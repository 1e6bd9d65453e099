"""Customers whom a part of a name, number, e-mail or phone may mean."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
from sqlite_utils import Database

from engine.store.customers import Customer

_COLUMNS = ", ".join(field.name for field in fields(Customer))
_PLACES = ("name", "key", "email", "phone")
MOST_WORDS = 6


def containing(db: Database, text: str, n: int) -> tuple[list[Customer], int]:
    """Up to `n` customers with all words of `text` in their name, number, e-mail or phone, and how many there are.

    Those whose name begins so come first, then those with it elsewhere in the name. ASCII case makes no difference.
    """
    words = text.split()[:MOST_WORDS]
    if not words:
        return [], 0
    facts = {f"word{i}": f"%{_escaped(word)}%" for i, word in enumerate(words)}
    has_all = "merged_into IS NULL AND " + " AND ".join(
        "(" + " OR ".join(_like(place, word) for place in _PLACES) + ")" for word in facts
    )
    (total,) = db.conn.execute(f"SELECT count(*) FROM customers WHERE {has_all}", facts).fetchone()
    rows = db.conn.execute(
        f"SELECT {_COLUMNS} FROM customers WHERE {has_all} "
        f"ORDER BY {_like('name', 'start')} DESC, {_like('name', 'word0')} DESC, id LIMIT :n",
        {**facts, "start": f"{_escaped(words[0])}%", "n": n},
    )
    return [Customer(*row) for row in rows], int(total)


def every_name(db: Database) -> pd.DataFrame:
    """All under which customers are known, folded: text, customer, rank (0 a key, 1 an e-mail or phone, 2 a name)."""
    return pd.read_sql_query(
        "SELECT lower(key) AS text, id AS customer, 0 AS rank FROM customers WHERE merged_into IS NULL "
        "UNION ALL SELECT lower(email), id, 1 FROM customers WHERE merged_into IS NULL AND email IS NOT NULL "
        "UNION ALL SELECT phone, id, 1 FROM customers WHERE merged_into IS NULL AND phone IS NOT NULL "
        "UNION ALL SELECT lower(k.value), i.customer_id, 1 FROM identity_keys k "
        "JOIN identities i ON i.id = k.identity_id "
        "UNION ALL SELECT lower(value), customer_id, 1 FROM identities "
        "UNION ALL SELECT lower(name), id, 2 FROM customers WHERE merged_into IS NULL AND name IS NOT NULL",
        db.conn,
    )


def _like(place: str, fact: str) -> str:
    return f"coalesce({place}, '') LIKE :{fact} ESCAPE '\\'"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
