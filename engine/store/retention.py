"""How long things are kept, and what is older: looked up or taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from engine.privacy.retention import EVENTS, INBOX, MESSAGES, REJECTED

BLANK: Final = "…"  # in place of a text


@dataclass(frozen=True)
class Setting:
    """What the owner has said: `days`, None for good."""

    days: int | None
    who: str
    at: datetime


@dataclass(frozen=True)
class _Old:
    """Which rows of a table are older than the time :before, and what becomes of them."""

    table: str
    where: str
    change: str


_OLD: Final[Mapping[str, tuple[_Old, ...]]] = {
    INBOX: (_Old("inbox", "state IN ('done', 'failed') AND handled_at < :before", "DELETE FROM inbox"),),
    REJECTED: (
        _Old(
            "rejected_rows",
            "text <> '' AND import_id IN (SELECT id FROM imports WHERE at < :before)",
            "UPDATE rejected_rows SET text = ''",
        ),
    ),
    # returns are part of the shop's sums
    EVENTS: (_Old("events", "kind <> 'return' AND at < :before", "DELETE FROM events"),),
    MESSAGES: (
        _Old(
            "sends",
            f"text <> '{BLANK}' AND campaign_id IN "
            "(SELECT id FROM campaigns WHERE status = 'approved' AND decided_at < :before)",
            f"UPDATE sends SET text = '{BLANK}', subject = NULL, preheader = NULL, html = NULL, title = NULL",
        ),
        _Old(
            "deliveries",
            "address IS NOT NULL AND at < :before AND state <> 'planned'",
            "UPDATE deliveries SET address = NULL",
        ),
    ),
}

IN_TABLES: Final = frozenset(_OLD)

_SIGNS = """
    SELECT customer_id AS id, max(at) AS at FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id
    UNION ALL SELECT customer_id, max(at) FROM events GROUP BY customer_id
    UNION ALL SELECT customer_id, max(at) FROM consents GROUP BY customer_id
    UNION ALL SELECT s.customer_id, max(coalesce(d.at, c.decided_at)) FROM sends s
        JOIN campaigns c ON c.id = s.campaign_id LEFT JOIN deliveries d
        ON d.campaign_id = s.campaign_id AND d.customer_id = s.customer_id
        WHERE c.status = 'approved' GROUP BY s.customer_id
    UNION ALL SELECT r.customer_id, max(coalesce(c.decided_at, c.drafted_at)) FROM reserves r
        JOIN campaigns c ON c.id = r.campaign_id GROUP BY r.customer_id
    UNION ALL SELECT id, joined FROM customers WHERE joined IS NOT NULL"""


def settings(db: Database) -> dict[str, Setting]:
    """By name, what the owner has said last."""
    rows = db.conn.execute("SELECT name, days, who, at FROM retention ORDER BY id")
    return {name: Setting(days, who, datetime.fromisoformat(at)) for name, days, who, at in rows}


def put(db: Database, name: str, days: int | None, *, who: str, cause: str | None, at: datetime) -> None:
    db.conn.execute(
        "INSERT INTO retention (name, days, who, cause, at) VALUES (?, ?, ?, ?, ?)",
        [name, days, who, cause, at.isoformat()],
    )


def count_old(db: Database, name: str, before: datetime) -> int:
    """How many rows of this kind are from before a time."""
    return sum(
        int(db.conn.execute(f"SELECT count(*) FROM {old.table} WHERE {old.where}", _before(before)).fetchone()[0])
        for old in _OLD[name][:1]
    )


def remove_old(db: Database, name: str, before: datetime) -> int:
    """Take them away, and overwrite where they stood; how many. Call in a transaction."""
    db.conn.execute("PRAGMA secure_delete = ON")
    counts = [db.conn.execute(f"{old.change} WHERE {old.where}", _before(before)).rowcount for old in _OLD[name]]
    return counts[0]


def without_sign(db: Database, before: datetime, most: int | None = None) -> list[int]:
    """Customers of whom nothing is known since `before`, the oldest first: no order, event, word or message.

    Of whom there never was a sign, it counts when the file came that told of them.
    """
    rows = db.conn.execute(
        f"SELECT coalesce(u.merged_into, u.id) AS person, max(coalesce(s.at, i.at, '9999')) AS last "
        f"FROM customers u LEFT JOIN ({_SIGNS}) s ON s.id = u.id LEFT JOIN imports i ON i.id = u.import_id "
        "WHERE u.merged_into IS NOT u.id GROUP BY person HAVING last < :before ORDER BY last, person LIMIT :most",
        {**_before(before), "most": -1 if most is None else most},
    )
    return [person for person, _ in rows]


def _before(before: datetime) -> dict[str, str]:
    return {"before": before.isoformat()}
