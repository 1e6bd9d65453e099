"""The one way to open an SQLite file, plain or encrypted.

A process never opens such a file by itself while it is connected to it: closing it again would drop the locks that
SQLite holds on it (https://www.sqlite.org/howtocorrupt.html, 2.2), and another process could take the write-ahead
file away. So a file is looked at once per process, before its first connection. For the same reason a file is opened
by one library only: SQLite if it is plain, SQLCipher if it is encrypted.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.errors import StoreError
from engine.phrases import Phrase
from engine.store.complaints import (
    busy,
    cannot_write,
    damaged,
    database_errors,
    emptied,
    is_no_database,
    no_cipher,
    no_key,
    told,
    wrong_key,
)
from engine.store.kept import keeps
from engine.store.keys import SALT_BYTES, Key

BUSY_SECONDS = 15.0
CACHE_KIB = 32 * 1024  # at most
MAGIC = b"SQLite format 3\0"
_PAGE = 4096
_FEWEST_BYTES = 240  # different ones of 256 in a page that is encrypted; plain text and tables have far fewer


@dataclass(frozen=True)
class Look:
    """What a file seems to be, by its first page."""

    kind: Literal["empty", "plain", "encrypted", "other"]
    salt: bytes = b""


_looks: dict[tuple[str, int, int], Look] = {}
_lock = threading.RLock()
_held_here: set[Path] = set()
_TO_CONNECT = 0.3  # seconds from looking for the mark to being connected, at most


def connect(path: Path, key: Key | None = None) -> sqlite3.Connection:
    """A connection to the file, which is made if absent: encrypted if there is a key. What is there stays as it is.

    Raises StoreError where it cannot be written to, or needs a key, or another one.
    """
    with told(path):
        make(path)
        try:
            return _opened(path, key)
        except database_errors() as error:
            if not is_no_database(error):
                raise
        # another process may have put another file in its place since
        forget(path)
        try:
            return _opened(path, key)
        except database_errors() as error:
            if not is_no_database(error):
                raise
            raise StoreError(wrong_key(path) if look(path).kind == "encrypted" else damaged(path)) from error


def make(path: Path) -> None:
    """The file, its owner's alone from its first byte: WAL and SHM copy its mode. Raises StoreError."""
    if path.exists() and not path.is_file():
        raise StoreError(Phrase("{path} is no file: name a file for the database with --db.", path=str(path)))
    if _is_changing(path):
        raise StoreError(busy(path))
    if path.exists():
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(cannot_write(path)) from error


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """While another file takes the place of the one at `path`, nobody opens either. A killed process lets go.

    Who looked before this began is connected by the time that it goes on.
    """
    mark = _mark(path)
    if _is_changing(path):
        raise StoreError(busy(path))
    with suppress(FileExistsError):
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = sqlite3.connect(mark, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        _held_here.add(mark)
        time.sleep(_TO_CONNECT)
        yield
    finally:
        _held_here.discard(mark)
        connection.close()
        mark.unlink(missing_ok=True)


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}.changing")


def _is_changing(path: Path) -> bool:
    mark = _mark(path)
    if mark in _held_here or not mark.exists():
        return False
    connection = sqlite3.connect(mark, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def look(path: Path) -> Look:
    """What the file is; the same for as long as the process lives, unless `forget` is called."""
    with _lock:
        size, name = path.stat().st_size, _name(path)
        if size == 0:
            return Look("empty")
        if name not in _looks:
            _looks[name] = _looked_at(path, size)
        return _looks[name]


def forget(path: Path) -> None:
    """The file at `path` is another one now. Call while nothing in this process is connected to it."""
    with _lock:
        for name in [name for name in _looks if name[0] == str(path)]:
            del _looks[name]


def is_encrypted(connection: Any) -> bool:
    return not isinstance(connection, sqlite3.Connection)


def rows_by_name(connection: sqlite3.Connection) -> None:
    """From here on each row answers to its columns' names."""
    connection.row_factory = _cipher().Row if is_encrypted(connection) else sqlite3.Row


def bare(path: Path, key: Key | None, salt: bytes = b"", *, timeout: float | None = None) -> sqlite3.Connection:
    """A connection without any setting but the key; plain without one. Does not look at the file."""
    timeout = BUSY_SECONDS if timeout is None else timeout
    if key is None:
        return sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=not keeps())
    connection: sqlite3.Connection = _cipher().connect(
        str(path), timeout=timeout, isolation_level=None, check_same_thread=not keeps()
    )
    # pandas warns of every connection that it has not been tried with; this one is SQLite's own
    warnings.filterwarnings("ignore", "pandas only supports SQLAlchemy", UserWarning)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = {key.pragma(salt or os.urandom(SALT_BYTES))}")
    connection.execute("PRAGMA temp_store = MEMORY")  # what is sorted never lies on the disk in the open
    return connection


def _opened(path: Path, key: Key | None) -> sqlite3.Connection:
    found = look(path)
    if found.kind != "empty":
        return _with_settings(path, found, key)
    with _lock:
        found = look(path)
        if found.kind == "empty":
            if _was_in_use(path):
                raise StoreError(emptied(path))
            found = Look("plain") if key is None else Look("encrypted", os.urandom(SALT_BYTES))
        connection = _with_settings(path, found, key)
        _looks[_name(path)] = found
        return connection


def _with_settings(path: Path, found: Look, key: Key | None) -> sqlite3.Connection:
    if found.kind == "encrypted" and key is None:
        raise StoreError(no_key(path))
    connection = bare(path, key if found.kind == "encrypted" else None, found.salt)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def _name(path: Path) -> tuple[str, int, int]:
    status = path.stat()
    return str(path), status.st_dev, status.st_ino


def _looked_at(path: Path, size: int) -> Look:
    with path.open("rb") as file:
        page = file.read(_PAGE)
    if page.startswith(MAGIC):
        return Look("plain")
    if size % _PAGE == 0 and len(set(page)) >= _FEWEST_BYTES:
        return Look("encrypted", page[:SALT_BYTES])
    return Look("other")


def _was_in_use(path: Path) -> bool:
    """Whether an empty file has had content: what was not yet in it, or backups of it, lie beside it."""
    wal = path.with_name(f"{path.name}-wal")
    return (wal.is_file() and wal.stat().st_size > 0) or any(backups_of(path).glob("*.db"))


def backups_of(path: Path) -> Path:
    """The folder of a database's own backups: `zhike-backups` for `zhike.db`."""
    return path.with_name(f"{path.name.removesuffix('.db')}-backups")


def _cipher() -> Any:
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise StoreError(no_cipher()) from error
    return dbapi2
