"""Copies of the database file: whole or not there, and on the disk when they are said to be."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from engine.errors import StoreError
from engine.phrases import Phrase
from engine.store import upkeep
from engine.store.complaints import damaged, database_errors, file_told, no_cipher, no_key, told, wrong_key
from engine.store.connecting import bare, forget, is_encrypted, look
from engine.store.keys import SALT_BYTES, Key

SIDES = ("-wal", "-shm", "-journal")  # what SQLite may keep beside a file


@dataclass(frozen=True)
class Facts:
    """What a store holds, by its tables; a table that it does not have is not named."""

    rows: Mapping[str, int]
    last_import: str | None  # ISO 8601, UTC
    last_change: str | None  # of the trail; the same


def copy_to(db: Database, target: Path, key: Key | None = None) -> None:
    """A consistent copy of the whole store at `target`, while others may go on writing; its owner's alone.

    It is looked through before it gets its name, and is on the disk with its name when this returns. It is encrypted
    as the store is. Raises StoreError, and nothing is left behind.
    """
    partial = target.with_name(target.name + ".partial")
    try:
        with file_told(target), told(target):
            _make_anew(partial)
            # the snapshot that is copied is the one that is counted
            db.conn.execute("BEGIN")
            try:
                counts = _counts(db.conn)
                with closing(_alike(db.conn, partial, key)) as copy:
                    db.conn.backup(copy)
                    copy.execute("PRAGMA journal_mode = DELETE")
                    _look_through(copy, counts, target)
            except database_errors() as error:
                if "malformed" in str(error):
                    raise StoreError(_unsound(target)) from error
                raise
            finally:
                db.conn.rollback()
            sync(partial)
            partial.replace(target)
            sync(target.parent)
    finally:
        remove(partial)


def copy_as_is(connection: sqlite3.Connection, target: Path, key: Key | None) -> None:
    """The store as it is at `target`, also one that is damaged; on the disk. Raises StoreError."""
    try:
        with file_told(target), told(target):
            _make_anew(target)
            with closing(_alike(connection, target, key)) as copy:
                connection.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            sync(target)
            sync(target.parent)
    except BaseException:
        remove(target)
        raise
    forget(target)


def opened_to_read(path: Path, key: Key | None) -> sqlite3.Connection:
    """A connection to a whole file that stays as it is and has nothing beside it. Raises StoreError."""
    forget(path)
    found = look(path)
    if found.kind in ("empty", "other"):
        raise StoreError(damaged(path))
    if found.kind == "encrypted" and key is None:
        raise StoreError(no_key(path))
    connection = bare(path, key if found.kind == "encrypted" else None, found.salt)
    try:
        with told(path):
            connection.execute("PRAGMA query_only = ON")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except StoreError as error:
        connection.close()
        if found.kind == "encrypted":
            raise StoreError(wrong_key(path)) from error
        raise
    return connection


def facts(connection: sqlite3.Connection) -> Facts:
    """What a store of whichever age holds."""
    rows = _counts(connection)
    return Facts(rows, _newest(connection, rows, "imports", "at"), _newest(connection, rows, "trail", "at"))


def brought_in(source: Path, target: Path) -> None:
    """The bytes of a file, and of what lies beside it that belongs to it, at `target`; on the disk.

    Raises StoreError, and nothing is left behind.
    """
    remove(target)
    try:
        with file_told(target):
            for side in ("", "-wal", "-journal"):
                there = source.with_name(source.name + side)
                if there.is_file():
                    made = target.with_name(target.name + side)
                    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                    shutil.copyfile(there, made)
                    sync(made)
            sync(target.parent)
    except BaseException:
        remove(target)
        raise
    forget(target)


def converted(connection: sqlite3.Connection, target: Path, key: Key | None) -> None:
    """What a connection of SQLCipher's holds, at `target`, encrypted with `key` or plain; looked through, on the disk.

    Raises StoreError, and `target` is not there then.
    """
    try:
        with file_told(target), told(target):
            _make_anew(target)
            words = "''" if key is None else key.pragma(os.urandom(SALT_BYTES))
            connection.execute(f"ATTACH DATABASE ? AS target KEY {words}", [str(target)])
            connection.execute("SELECT sqlcipher_export('target')")
            connection.execute("DETACH DATABASE target")
            forget(target)
            counts = _counts(connection)
            with closing(opened_to_read(target, key)) as copy:
                _look_through(copy, counts, target)
            sync(target)
    except BaseException:
        remove(target)
        raise


def put_in_place(staged: Path, path: Path) -> None:
    """`staged` under the name `path`, at once; what lay beside the old file goes first. Nobody may be connected."""
    for side in SIDES:
        path.with_name(path.name + side).unlink(missing_ok=True)
    sync(path.parent)
    staged.replace(path)
    sync(path.parent)
    forget(path)


@contextmanager
def held_alone(path: Path, key: Key | None, *, by_cipher: bool = False) -> Iterator[sqlite3.Connection | None]:
    """The only connection that there is to a store, or can be until the end; None if another process has one.

    With `by_cipher` one of SQLCipher's, also if the file is plain. Raises StoreError if it cannot be opened at all.
    """
    found = look(path)
    if found.kind == "encrypted" and key is None:
        raise StoreError(no_key(path))
    if by_cipher and found.kind != "encrypted":
        connection = _plain_by_cipher(path)
    else:
        connection = bare(path, key if found.kind == "encrypted" else None, found.salt, timeout=0)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            with told(path):
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except StoreError as error:
            if "locked" not in str(error.__cause__):
                raise
            yield None
        else:
            yield connection
    finally:
        connection.close()


def fill(live: sqlite3.Connection, path: Path, staged: Path, key: Key | None) -> None:
    """Everything in the store at `path`, which `live` has alone, is what `staged` holds; all of it or nothing.

    Raises StoreError, and nothing is changed.
    """
    with closing(opened_to_read(staged, key)) as source, told(path):
        source.backup(live)  # one transaction of SQLite's
    with suppress(*database_errors()):
        # the write-ahead file is as large as the store by now; where it cannot be emptied, whoever comes next does it
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def remove(path: Path) -> None:
    for side in ("", *SIDES):
        with suppress(OSError):
            path.with_name(path.name + side).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """What is in the file, or which names are in the folder, is on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows keeps a folder's names by itself
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_anew(path: Path) -> None:
    remove(path)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    forget(path)


def _alike(connection: sqlite3.Connection, path: Path, key: Key | None) -> sqlite3.Connection:
    """A connection to a new file, which is as encrypted as the one connected to, with the same salt."""
    if not is_encrypted(connection):
        return bare(path, None)
    return bare(path, key, bytes.fromhex(connection.execute("PRAGMA cipher_salt").fetchone()[0]))


def _plain_by_cipher(path: Path) -> sqlite3.Connection:
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise StoreError(no_cipher()) from error
    connection: sqlite3.Connection = dbapi2.connect(str(path), timeout=0, isolation_level=None)
    connection.execute("PRAGMA cipher_log_level = NONE")
    return connection


def _look_through(copy: sqlite3.Connection, counts: Mapping[str, int], target: Path) -> None:
    found = upkeep.file_faults(Database(copy))
    if found or _counts(copy) != counts:
        raise StoreError(_unsound(target))


def _unsound(target: Path) -> Phrase:
    return Phrase(
        "The copy at {path} would not be sound, because the database itself is damaged: look with zhike check, "
        "and restore an earlier backup with zhike restore.",
        path=str(target),
    )


def _counts(connection: Any) -> dict[str, int]:
    names = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
    ]
    return {name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}


def _newest(connection: Any, rows: Mapping[str, int], table: str, column: str) -> str | None:
    if not rows.get(table):
        return None
    try:
        (value,) = connection.execute(f"SELECT max({column}) FROM {table}").fetchone()
    except database_errors():
        return None  # of another age, without the column
    return None if value is None else str(value)
