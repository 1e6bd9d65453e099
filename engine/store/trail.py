"""The trail: who did what to what, and what asked for it. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database


@dataclass(frozen=True)
class Step:
    """One deed, by whom and when."""

    at: datetime
    who: str
    deed: str


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


def steps(db: Database, subject: str, deeds: Sequence[str]) -> list[Step]:
    """What was done to a subject, of these deeds, the earliest first."""
    marks = ", ".join("?" * len(deeds))
    rows = db.conn.execute(
        f"SELECT at, who, deed FROM trail WHERE subject = ? AND deed IN ({marks}) ORDER BY id", [subject, *deeds]
    )
    return [Step(datetime.fromisoformat(at), who, deed) for at, who, deed in rows]
