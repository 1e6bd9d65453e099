"""The trail: who did what to what, and what asked for it. Rows are added, never changed: triggers refuse it.

Each row's hash covers the one before it, and `meta` keeps how many there are and the last hash.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from engine.privacy.chain import End, examined, link
from engine.store import meta

END = "trail end"
_SHOWN = 5


@dataclass(frozen=True)
class Step:
    """One deed, by whom and when."""

    at: datetime
    who: str
    deed: str


def add(db: Database, *, at: datetime, who: str, deed: str, subject: str, cause: str | None) -> None:
    """Call in the transaction of the deed itself: then `done_before` is true exactly if the deed is done."""
    before = end(db)
    fields = [at.isoformat(), who, deed, subject, cause]
    now = link(before.hash, fields)
    db.conn.execute("INSERT INTO trail (at, who, deed, subject, cause, hash) VALUES (?, ?, ?, ?, ?, ?)", [*fields, now])
    meta.write(db, END, json.dumps([before.n + 1, now]))


def end(db: Database) -> End:
    """How many rows were written, and the hash of the last."""
    kept = meta.read(db, END)
    return End() if kept is None else End(*json.loads(kept))


def faults(db: Database) -> list[str]:
    """Where the trail was changed or cut, in English; empty if it is as it was written."""
    rows = db.conn.execute("SELECT id, at, who, deed, subject, cause, hash FROM trail ORDER BY id")
    found = examined(((id_, fields, stored) for id_, *fields, stored in rows), end(db))
    said = [
        f"row {id_} of the trail was changed, or a row before it was removed or added" for id_ in found.rows[:_SHOWN]
    ]
    if len(found.rows) > _SHOWN:
        said.append(f"{len(found.rows) - _SHOWN} more rows of the trail do not follow from the one before")
    if found.n_there != found.n_written:
        said.append(f"the trail has {found.n_there} rows, and {found.n_written} were written")
    if found.end_differs:
        said.append("the last row of the trail is not the one that was written last")
    return said


def done_before(db: Database, deed: str, cause: str | None) -> str | None:
    """The subject of this deed if this cause has brought it about already; None if not."""
    if cause is None:
        return None
    row = db.conn.execute("SELECT subject FROM trail WHERE cause = ? AND deed = ?", [cause, deed]).fetchone()
    return None if row is None else str(row[0])


def steps(db: Database, subject: str, deeds: Sequence[str]) -> list[Step]:
    """What was done to a subject, of these deeds, the earliest first."""
    marks = ", ".join("?" * len(deeds))
    # some deeds tell more of what they did after a space
    rows = db.conn.execute(
        f"SELECT at, who, deed FROM trail WHERE (subject = ? OR subject GLOB ?) AND deed IN ({marks}) ORDER BY id",
        [subject, f"{subject} *", *deeds],
    )
    return [Step(datetime.fromisoformat(at), who, deed) for at, who, deed in rows]
