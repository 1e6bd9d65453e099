"""The trail: who did what to what, and what asked for it. Rows are added, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database


def add(db: Database, *, at: datetime, who: str, deed: str, subject: str, cause: str | None) -> None:
    """Call in the transaction of the deed itself: then `done_before` is true exactly if the deed is done."""
    db.conn.execute(
        "INSERT INTO trail (at, who, deed, subject, cause) VALUES (?, ?, ?, ?, ?)",
        [at.isoformat(), who, deed, subject, cause],
    )


def done_before(db: Database, deed: str, cause: str | None) -> str | None:
    """The subject of this deed if this cause has brought it about already; None if not."""
    if cause is None:
        return None
    row = db.conn.execute("SELECT subject FROM trail WHERE cause = ? AND deed = ?", [cause, deed]).fetchone()
    return None if row is None else str(row[0])
