"""Message templates with every version: those of the owner, and those that came with Zhike once they were used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

Origin = Literal["zhike", "owner"]
Key = tuple[str, str, str, str]  # goal, name, channel, language


@dataclass(frozen=True)
class StoredTemplate:
    """One version; `dropped`: from it on the template is not offered."""

    id: int
    goal: str
    name: str
    channel: str
    language: str
    version: int
    source: str
    origin: Origin
    dropped: bool
    who: str
    at: datetime

    @property
    def key(self) -> Key:
        return self.goal, self.name, self.channel, self.language


_COLUMNS = "id, goal, name, channel, language, version, source, origin, dropped, who, at"
_OF = "goal = ? AND name = ? AND channel = ? AND language = ?"


def newest(db: Database) -> dict[Key, StoredTemplate]:
    """The newest version of each template that is stored."""
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM templates ORDER BY version")
    return {stored.key: stored for stored in map(_stored, rows)}


def versions(db: Database, key: Key) -> list[StoredTemplate]:
    """The newest first."""
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM templates WHERE {_OF} ORDER BY version DESC", key)
    return [_stored(row) for row in rows]


def by_id(db: Database, id_: int) -> StoredTemplate | None:
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM templates WHERE id = ?", [id_]).fetchone()
    return None if row is None else _stored(row)


def add(
    db: Database,
    key: Key,
    source: str,
    *,
    origin: Origin,
    who: str,
    cause: str | None,
    at: datetime,
    dropped: bool = False,
) -> StoredTemplate:
    """Store the next version. Call in a transaction."""
    (version,) = db.conn.execute(f"SELECT coalesce(max(version), 0) + 1 FROM templates WHERE {_OF}", key).fetchone()
    cursor = db.conn.execute(
        "INSERT INTO templates (goal, name, channel, language, version, source, origin, dropped, who, cause, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [*key, version, source, origin, int(dropped), who, cause, at.isoformat()],
    )
    made = by_id(db, int(cursor.lastrowid or 0))
    assert made is not None
    return made


def _stored(row: Sequence[Any]) -> StoredTemplate:
    id_, goal, name, channel, language, version, source, origin, dropped, who, at = row
    when = datetime.fromisoformat(at)
    return StoredTemplate(id_, goal, name, channel, language, version, source, origin, bool(dropped), who, when)
