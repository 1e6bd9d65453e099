"""The store: one SQLite file. The only SQL of the project is in this folder, one file per group of tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from engine.errors import StoreError
from engine.phrases import Phrase
from engine.store import kept
from engine.store.complaints import told
from engine.store.connecting import connect, make
from engine.store.kept import File, keep_connections
from engine.store.keys import Key
from engine.store.migrations import migrations

__all__ = ["bulk_transaction", "connected", "keep_connections", "told", "transaction"]


@contextmanager
def connected(path: Path, key: Key | None = None) -> Iterator[Database]:
    """A connection to the store at `path`, which is made if absent and brought up to date; closed or kept at the end.

    A kept one has been brought up to date when it was opened.
    """
    with told(path):
        file = _file(path, key)
        connection = None if file is None else kept.taken(file)
        known = connection is not None
        if connection is None:
            connection = connect(path, key)
        try:
            db = Database(connection)
            if not known:
                _bring_up_to_date(db, path)
            yield db
        except BaseException:
            kept.closed(connection)
            raise
        kept.given_back(file, connection)


def _file(path: Path, key: Key | None) -> File | None:
    """What is there now, if connections to it are kept."""
    if not kept.keeps():
        return None
    make(path)  # another file may be about to take its place
    return File.at(path, key)


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
        # one that the disk does not take is rolled back as well: the next one must not become a part of it
        db.conn.commit()
    except BaseException:
        db.conn.rollback()
        raise


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
