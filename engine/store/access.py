"""Pairing codes, wrong tries at them, and the groups that the owner allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database


@dataclass(frozen=True)
class StoredCode:
    """A code that works now: hashes of its beginning and of all of it, and how often it was tried wrongly.

    `shop`: which one it lets into, where there are several.
    """

    id: int
    role: str
    salt: str
    beginning: str
    whole: str
    wrong: int
    shop: str | None = None


@dataclass(frozen=True)
class AllowedGroup:
    chat_id: int
    title: str


def add_code(db: Database, code: StoredCode, *, who: str, at: datetime, expires_at: datetime | None) -> None:
    """Store a code; its `id` is chosen here."""
    db.conn.execute(
        "INSERT INTO pairing_codes (role, salt, beginning, whole, made_by, made_at, expires_at, shop) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            code.role,
            code.salt,
            code.beginning,
            code.whole,
            who,
            at.isoformat(),
            None if expires_at is None else expires_at.isoformat(),
            code.shop,
        ],
    )


def codes(db: Database, at: datetime) -> list[StoredCode]:
    """Those that work at this moment, the newest first."""
    rows = db.conn.execute(
        "SELECT id, role, salt, beginning, whole, wrong, shop FROM pairing_codes "
        "WHERE expires_at IS NULL OR expires_at > ? ORDER BY id DESC",
        [at.isoformat()],
    )
    return [StoredCode(*row) for row in rows]


def drop_codes(db: Database, ids: Sequence[int]) -> None:
    db.conn.executemany("DELETE FROM pairing_codes WHERE id = ?", [(id_,) for id_ in ids])


def drop_standing_codes(db: Database) -> None:
    """Those of earlier starts."""
    db.conn.execute("DELETE FROM pairing_codes WHERE expires_at IS NULL")


def drop_expired_codes(db: Database, at: datetime) -> None:
    db.conn.execute("DELETE FROM pairing_codes WHERE expires_at <= ?", [at.isoformat()])


def count_wrong(db: Database, id_: int) -> None:
    db.conn.execute("UPDATE pairing_codes SET wrong = wrong + 1 WHERE id = ?", [id_])


def tries(db: Database, user_id: int, since: datetime) -> tuple[int, int]:
    """How many wrong codes came since then, of this user and of all."""
    row = db.conn.execute(
        "SELECT coalesce(sum(user_id = ?), 0), count(*) FROM pairing_tries WHERE at > ?", [user_id, since.isoformat()]
    ).fetchone()
    return int(row[0]), int(row[1])


def note_try(db: Database, user_id: int, at: datetime, since: datetime) -> None:
    """One more wrong code; those before `since` are forgotten."""
    db.conn.execute("DELETE FROM pairing_tries WHERE at <= ?", [since.isoformat()])
    db.conn.execute("INSERT INTO pairing_tries (user_id, at) VALUES (?, ?)", [user_id, at.isoformat()])


def groups(db: Database) -> list[AllowedGroup]:
    """In the order in which they were allowed."""
    return [
        AllowedGroup(*row) for row in db.conn.execute("SELECT chat_id, title FROM allowed_groups ORDER BY at, chat_id")
    ]


def allow_group(db: Database, chat_id: int, title: str, who: str, at: datetime) -> bool:
    """False if it was allowed before."""
    cursor = db.conn.execute(
        "INSERT INTO allowed_groups (chat_id, title, who, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [chat_id, title, who, at.isoformat()],
    )
    return bool(cursor.rowcount)


def forbid_group(db: Database, chat_id: int) -> bool:
    """False if it was not allowed."""
    return bool(db.conn.execute("DELETE FROM allowed_groups WHERE chat_id = ?", [chat_id]).rowcount)
