"""Customers whom a part of a name, number, e-mail or phone may mean."""

from __future__ import annotations

from dataclasses import fields

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


def _like(place: str, fact: str) -> str:
    return f"coalesce({place}, '') LIKE :{fact} ESCAPE '\\'"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
