"""The store: one SQLite file. The only SQL of the project is in this folder, one file per group of tables."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from engine.errors import StoreError
from engine.phrases import Phrase
from engine.store.migrations import migrations

BUSY_SECONDS = 15.0
CACHE_KIB = 32 * 1024  # at most


@contextmanager
def connected(path: Path) -> Iterator[Database]:
    """A connection to the store at `path`, which is made if absent and brought up to date; closed at the end."""
    with told(path):
        connection = _connect(path)
        try:
            db = Database(connection)
            _bring_up_to_date(db, path)
            yield db
        finally:
            connection.close()


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """All of it or nothing. Takes the write lock at once: a read that is later written on cannot go stale."""
    if db.conn.in_transaction:
        with db.atomic():
            yield db
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()


@contextmanager
def bulk_transaction(db: Database) -> Iterator[Database]:
    """A `transaction` for millions of rows, in which SQLite looks up no reference: that takes half of the time.

    Whoever inserts checks references at once for all rows, and whoever deletes deletes the children too.
    """
    db.conn.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(db):
            yield db
    finally:
        db.conn.execute("PRAGMA foreign_keys = ON")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns SQLite's complaints about the file into sentences."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text:
            raise StoreError(
                Phrase("The database {path} is busy with another program; try again in a moment.", path=str(path))
            ) from error
        if "readonly" in text or "unable to open" in text:
            raise StoreError(
                Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(path))
            ) from error
        if "full" in text:
            raise StoreError(Phrase("The disk is full: nothing was changed. Free some space and try again.")) from error
        raise
    except sqlite3.DatabaseError as error:
        if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
            raise
        raise StoreError(
            Phrase(
                "{path} is damaged or no database of Zhike's: choose another with --db, or restore a backup.",
                path=str(path),
            )
        ) from error


def _connect(path: Path) -> sqlite3.Connection:
    if path.exists() and not path.is_file():
        raise StoreError(Phrase("{path} is no file: name a file for the database with --db.", path=str(path)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The file holds customers: it is its owner's alone from its first byte. WAL and SHM copy its mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(path))
        ) from error
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up_to_date(db: Database, path: Path) -> None:
    known = {migration.name for migration in migrations._migrations}
    applied = {migration.name for migration in migrations.applied(db)}
    unknown = applied - known
    if unknown:
        raise StoreError(Phrase("{path} was written by a newer Zhike: update Zhike to open it.", path=str(path)))
    if applied == known:
        return
    if not applied and set(db.table_names()) - {migrations.migrations_table}:
        raise StoreError(
            Phrase("{path} is the database of another program: name another file with --db.", path=str(path))
        )
    with transaction(db):
        migrations.apply(db)
