"""Updates of the chat, stored before they are handled. What is done keeps its number and loses its text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database


@dataclass(frozen=True)
class Waiting:
    """An update that is not done, how often its handling was begun, and how many parts of its answer went out."""

    update_id: int
    payload: str
    attempts: int
    delivered: int


def receive(db: Database, update_id: int, chat_id: int | None, payload: str, at: datetime) -> bool:
    """Store an update; False if this number has been seen before."""
    cursor = db.conn.execute(
        "INSERT INTO inbox (update_id, chat_id, payload, state, received_at, arrival) "
        "VALUES (?, ?, ?, 'waiting', ?, 1 + coalesce((SELECT max(arrival) FROM inbox), 0)) "
        "ON CONFLICT (update_id) DO NOTHING",
        [update_id, chat_id, payload, at.isoformat()],
    )
    return bool(cursor.rowcount)


def waiting(db: Database) -> list[Waiting]:
    """What is not done, in the order in which it came."""
    rows = db.conn.execute(
        "SELECT update_id, payload, attempts, delivered FROM inbox WHERE state = 'waiting' ORDER BY arrival, update_id"
    )
    return [Waiting(*row) for row in rows]


def begin(db: Database, update_id: int) -> Waiting | None:
    """Count one more attempt; None if the update is done."""
    db.conn.execute("UPDATE inbox SET attempts = attempts + 1 WHERE update_id = ? AND state = 'waiting'", [update_id])
    row = db.conn.execute(
        "SELECT update_id, payload, attempts, delivered FROM inbox WHERE update_id = ? AND state = 'waiting'",
        [update_id],
    ).fetchone()
    return None if row is None else Waiting(*row)


def leave(db: Database, update_id: int) -> None:
    """An attempt that was broken off by us does not count."""
    db.conn.execute(
        "UPDATE inbox SET attempts = max(attempts - 1, 0) WHERE update_id = ? AND state = 'waiting'", [update_id]
    )


def note_delivered(db: Database, update_id: int, parts: int) -> None:
    db.conn.execute("UPDATE inbox SET delivered = ? WHERE update_id = ?", [parts, update_id])


def forget_done(db: Database, before: datetime) -> int:
    """Delete what was done before then; how many. The newest stays, since numbers go on from it."""
    return db.conn.execute(
        "DELETE FROM inbox WHERE state <> 'waiting' AND handled_at < ? "
        "AND update_id < (SELECT max(update_id) FROM inbox)",
        [before.isoformat()],
    ).rowcount


def finish(db: Database, update_id: int, state: str, at: datetime) -> None:
    """Close an update as `done` or `failed`."""
    db.conn.execute(
        "UPDATE inbox SET state = ?, payload = '', handled_at = ? WHERE update_id = ?",
        [state, at.isoformat(), update_id],
    )
