"""What files' columns are: the founder's choices by header, and the files that wait for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlite_utils import Database

State = Literal["waiting", "imported", "dropped", "replaced"]


@dataclass(frozen=True)
class Remembered:
    """What was chosen for a header, and when; `choice` is None where the founder wants to be asked."""

    choice: str | None
    on: date


@dataclass(frozen=True)
class WaitingFile:
    """A file whose columns the founder has to say something about."""

    id: int
    name: str
    sha256: str
    header: str
    card: str
    state: State
    import_id: int | None


def remembered(db: Database, header: str) -> Remembered | None:
    """What was said of files with this header; None if nothing was."""
    row = db.conn.execute("SELECT choice, at FROM column_choices WHERE header = ?", [header]).fetchone()
    return None if row is None else Remembered(row[0], datetime.fromisoformat(row[1]).date())


def remember(db: Database, header: str, choice: str | None, at: datetime) -> None:
    """From now on files with this header are read so; None: ask for the next one."""
    db.conn.execute(
        "INSERT INTO column_choices (header, choice, at) VALUES (?, ?, ?) "
        "ON CONFLICT (header) DO UPDATE SET choice = excluded.choice, at = excluded.at",
        [header, choice, at.isoformat()],
    )


def keep_header(db: Database, import_id: int, header: str) -> None:
    db.conn.execute("INSERT OR REPLACE INTO import_headers (import_id, header) VALUES (?, ?)", [import_id, header])


def header_of(db: Database, import_id: int) -> str | None:
    row = db.conn.execute("SELECT header FROM import_headers WHERE import_id = ?", [import_id]).fetchone()
    return None if row is None else str(row[0])


_FIELDS = "id, name, sha256, header, card, state, import_id"


def waiting(db: Database, file_id: int) -> WaitingFile | None:
    return _one(db, "id = ?", file_id)


def waiting_by_cause(db: Database, cause: str | None) -> WaitingFile | None:
    """The file that this cause has brought; None if it has brought none."""
    return None if cause is None else _one(db, "cause = ?", cause)


def _one(db: Database, condition: str, value: object) -> WaitingFile | None:
    row = db.conn.execute(f"SELECT {_FIELDS} FROM waiting_files WHERE {condition}", [value]).fetchone()
    return None if row is None else WaitingFile(*row)


def wait(db: Database, *, name: str, sha256: str, header: str, card: str, cause: str | None, at: datetime) -> int:
    """The id of a file that waits; one of the same content, or name and header, that waited before is replaced."""
    db.conn.execute(
        "UPDATE waiting_files SET state = 'replaced' "
        "WHERE state = 'waiting' AND (sha256 = ? OR (name = ? AND header = ?))",
        [sha256, name, header],
    )
    cursor = db.conn.execute(
        "INSERT INTO waiting_files (name, sha256, header, card, state, cause, at) VALUES (?, ?, ?, ?, 'waiting', ?, ?)",
        [name, sha256, header, card, cause, at.isoformat()],
    )
    return int(cursor.lastrowid or 0)


def keep_card(db: Database, file_id: int, card: str) -> None:
    db.conn.execute("UPDATE waiting_files SET card = ? WHERE id = ?", [card, file_id])


def end_wait(db: Database, file_id: int, state: State, import_id: int | None = None) -> None:
    """The file waits no longer; a second time changes nothing."""
    db.conn.execute(
        "UPDATE waiting_files SET state = ?, import_id = ? WHERE id = ? AND state = 'waiting'",
        [state, import_id, file_id],
    )


def contents_awaited(db: Database) -> frozenset[str]:
    """The SHA-256 of all files that wait."""
    return frozenset(row[0] for row in db.conn.execute("SELECT sha256 FROM waiting_files WHERE state = 'waiting'"))


def drop_contents(db: Database, names: Iterable[str]) -> None:
    """Files whose copies of these names (the beginning of their SHA-256) are gone wait no longer."""
    db.conn.executemany(
        "UPDATE waiting_files SET state = 'dropped' WHERE state = 'waiting' AND substr(sha256, 1, length(?1)) = ?1",
        ([name] for name in names if len(name) >= 16),
    )
