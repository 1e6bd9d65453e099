"""What the local chat remembers: messages, updates not yet confirmed, pressed buttons, files, settings.

It stands in for Telegram's own server, and is the only place under `bot` with SQL. Numbers of messages and
updates are never used twice, whatever is deleted.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.localchat.refusals import Json
from engine import Key, connect, database_errors, is_encrypted_connection, rows_by_name

TABLES = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, reaction TEXT NOT NULL DEFAULT '[]', key TEXT UNIQUE
);
CREATE TABLE IF NOT EXISTS updates (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS presses (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY, content TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    mime TEXT NOT NULL, size INTEGER NOT NULL, width INTEGER, height INTEGER
);
CREATE TABLE IF NOT EXISTS contents (path TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True)
class StoredFile:
    """A file of the chat. `content` is the same for the same bytes; `path` is where it lies under the folder."""

    id: str
    content: str
    kind: str
    path: str
    name: str
    mime: str
    size: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Press:
    """A pressed button: the query's id, the page's own key for it, and when it was pressed (Unix time)."""

    id: int
    key: str
    at: float


class History:
    """The open database. Every method that writes is a transaction, or takes part in the caller's.

    With a key a new one is encrypted, and holds the contents of the chat's files as well.
    Raises StoreError if it cannot be opened.
    """

    def __init__(self, path: Path, key: Key | None = None) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._db = connect(path, key)
        try:
            path.chmod(0o600)
            rows_by_name(self._db)
            self._db.executescript(TABLES)
            self._number_updates_from_now()
        except BaseException:
            self._db.close()
            raise

    @property
    def holds_files(self) -> bool:
        """Whether files are kept here, and not beside it."""
        return is_encrypted_connection(self._db)

    def close(self) -> None:
        self._db.close()

    def _number_updates_from_now(self) -> None:
        """A new history's updates are numbered from the second on in which it began.

        The shop remembers by their numbers which ones it has answered; those of a history that is gone must not
        come again.
        """
        self._db.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT 'updates', ? "
            "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'updates')",
            (int(time.time()),),
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.commit()
        except BaseException:
            self._db.rollback()
            raise

    # messages

    def add_message(self, body: Json, key: str | None = None) -> Json:
        """Stores a Telegram `Message` and gives it its number. `key` is the page's own name for it."""
        added = self._db.execute("INSERT INTO messages (body, key) VALUES (?, ?)", (_text(body), key))
        return {"message_id": added.lastrowid, **body}

    def replace_message(self, message: Json) -> None:
        body = {name: value for name, value in message.items() if name != "message_id"}
        self._db.execute("UPDATE messages SET body = ? WHERE id = ?", (_text(body), message["message_id"]))

    def message(self, number: int) -> Json | None:
        row = self._db.execute("SELECT id, body FROM messages WHERE id = ?", (number,)).fetchone()
        return None if row is None else _message(row)

    def message_with_key(self, key: str) -> Json | None:
        """The message that the page sent under `key`, so that sending it again changes nothing."""
        row = self._db.execute("SELECT id, body FROM messages WHERE key = ?", (key,)).fetchone()
        return None if row is None else _message(row)

    def shown_messages(self, limit: int, before: int | None = None) -> list[Json]:
        """The last `limit` messages, oldest first, each with its `reaction`; only those before `before` if given."""
        rows = self._db.execute(
            "SELECT id, body, reaction FROM messages WHERE ? IS NULL OR id < ? ORDER BY id DESC LIMIT ?",
            (before, before, limit),
        )
        return [{**_message(row), "reaction": json.loads(row["reaction"])} for row in reversed(rows.fetchall())]

    def shown_message(self, number: int) -> Json | None:
        """One message with its `reaction`, as the page shows it."""
        found = self.shown_messages(1, before=number + 1)
        return found[0] if found and found[0]["message_id"] == number else None

    def delete_messages(self, numbers: Sequence[int]) -> list[int]:
        """The numbers of those that were there."""
        return [n for n in numbers if self._db.execute("DELETE FROM messages WHERE id = ?", (n,)).rowcount]

    def react(self, number: int, reaction: Sequence[Json]) -> bool:
        """Whether the message is there."""
        changed = self._db.execute("UPDATE messages SET reaction = ? WHERE id = ?", (_text(reaction), number))
        return changed.rowcount > 0

    # updates

    def add_update(self, kind: str, body: Json) -> int:
        """The update's number. `kind` is the field of `Update` that holds `body`, such as `message`."""
        added = self._db.execute("INSERT INTO updates (kind, body) VALUES (?, ?)", (kind, _text(body)))
        return int(added.lastrowid or 0)

    def updates(self, limit: int, start: int = 0) -> list[Json]:
        """The oldest unconfirmed updates from number `start` on."""
        rows = self._db.execute("SELECT * FROM updates WHERE id >= ? ORDER BY id LIMIT ?", (start, limit))
        return [{"update_id": row["id"], row["kind"]: json.loads(row["body"])} for row in rows]

    def confirm_updates(self, before: int) -> None:
        self._db.execute("DELETE FROM updates WHERE id < ?", (before,))

    def keep_last_updates(self, n: int) -> None:
        """Forgets all but the `n` newest."""
        self._db.execute("DELETE FROM updates WHERE id NOT IN (SELECT id FROM updates ORDER BY id DESC LIMIT ?)", (n,))

    def n_updates(self) -> int:
        return int(self._db.execute("SELECT COUNT(*) FROM updates").fetchone()[0])

    # pressed buttons

    def add_press(self, key: str, at: float) -> Press:
        added = self._db.execute("INSERT INTO presses (key, at) VALUES (?, ?)", (key, at))
        return Press(int(added.lastrowid or 0), key, at)

    def press(self, number: int) -> Press | None:
        return self._press("id", number)

    def press_with_key(self, key: str) -> Press | None:
        return self._press("key", key)

    def _press(self, column: str, value: int | str) -> Press | None:
        row = self._db.execute(f"SELECT id, key, at FROM presses WHERE {column} = ?", (value,)).fetchone()
        return None if row is None else Press(**row)

    # files

    def add_file(self, file: StoredFile) -> None:
        values = vars(file)
        columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
        self._db.execute(f"INSERT INTO files ({columns}) VALUES ({places})", values)

    def file(self, file_id: str) -> StoredFile | None:
        return self._file("id", file_id)

    def file_at(self, path: str) -> StoredFile | None:
        return self._file("path", path)

    def _file(self, column: str, value: str) -> StoredFile | None:
        row = self._db.execute(f"SELECT * FROM files WHERE {column} = ?", (value,)).fetchone()
        return None if row is None else StoredFile(**row)

    def put_content(self, path: str, body: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO contents (path, body) VALUES (?, ?)", (path, body))

    def content(self, path: str) -> bytes | None:
        row = self._db.execute("SELECT body FROM contents WHERE path = ?", (path,)).fetchone()
        return None if row is None else bytes(row["body"])

    def held_files(self) -> list[str]:
        return [row["path"] for row in self._db.execute("SELECT path FROM contents ORDER BY path")]

    def drop_content(self, path: str) -> None:
        self._db.execute("DELETE FROM contents WHERE path = ?", (path,))

    def files(self) -> list[StoredFile]:
        return [StoredFile(**row) for row in self._db.execute("SELECT * FROM files ORDER BY id")]

    def remove_file(self, file_id: str) -> None:
        self._db.execute("DELETE FROM files WHERE id = ?", (file_id,))

    # everything, for somebody who is to be forgotten

    def all_messages(self) -> Iterator[Json]:
        for row in self._db.execute("SELECT id, body FROM messages ORDER BY id").fetchall():
            yield _message(row)

    def all_updates(self) -> Iterator[tuple[int, Json]]:
        """Numbers and bodies of those that are not confirmed."""
        for row in self._db.execute("SELECT id, body FROM updates ORDER BY id").fetchall():
            yield row["id"], json.loads(row["body"])

    def replace_update(self, number: int, body: Json) -> None:
        self._db.execute("UPDATE updates SET body = ? WHERE id = ?", (_text(body), number))

    def wipe(self, seconds: float) -> bool:
        """Rewrite the file without what was deleted, and empty the write-ahead file; False if others read it."""
        self._db.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
        try:
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.execute("VACUUM")
            busy = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except database_errors():
            return False
        return not busy

    # settings

    def setting(self, name: str) -> Any:
        """None if it was never set."""
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row["value"])

    def set(self, name: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, _text(value)))


def _text(value: Mapping[str, Any] | Sequence[Any] | Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _message(row: sqlite3.Row) -> Json:
    return {"message_id": row["id"], **json.loads(row["body"])}
