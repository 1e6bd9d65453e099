"""The file: made with the right rights, brought up to date, whole or untouched."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database

from engine import store
from engine.errors import StoreError
from engine.shop import Shop
from engine.store import imports, incoming_orders, meta
from engine.store.migrations import migrations


def test_the_file_is_its_owners_alone(shop: Shop) -> None:
    with shop.open() as db:
        meta.write(db, "a", "b")
        for path in shop.path.parent.glob("shop.db*"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_connection_keeps_the_promises(shop: Shop) -> None:
    with shop.open() as db:
        assert db.conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.conn.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert db.conn.execute("PRAGMA busy_timeout").fetchone() == (15000,)
        with pytest.raises(sqlite3.IntegrityError):
            db.conn.execute("INSERT INTO memberships VALUES (1, 1, 1)")


@pytest.mark.parametrize("version", range(len(migrations._migrations)))
def test_every_earlier_version_opens(shop: Shop, version: int) -> None:
    earlier = migrations._migrations[version].name
    connection = sqlite3.connect(shop.path)
    migrations.apply(Database(connection), stop_before=earlier)
    connection.close()
    with shop.open() as db:
        assert not migrations.pending(db)
        assert db.table("inbox").exists()


def test_a_newer_version_is_refused(shop: Shop) -> None:
    with shop.open() as db:
        db.conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('zhike', 'm999_future', '')"
        )
    with pytest.raises(StoreError, match=r"written by a newer Zhike"), shop.open():
        pass


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear founder, " * 100)
    with pytest.raises(StoreError, match=r"damaged or no database"), Shop(path).open():
        pass
    assert path.read_text().startswith("Dear founder")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"Cannot write to"), Shop(tmp_path / "file" / "shop.db").open():
        pass


def test_a_transaction_is_whole_or_not_at_all(shop: Shop) -> None:
    with shop.open() as db:
        with pytest.raises(ValueError, match="half way"), store.transaction(db):
            meta.write(db, "first", "1")
            raise ValueError("half way")
        assert meta.read(db, "first") is None
        with store.transaction(db):
            meta.write(db, "first", "1")
            with pytest.raises(ValueError, match="inner"), store.transaction(db):
                meta.write(db, "second", "2")
                raise ValueError("inner")
        assert meta.read(db, "first") == "1"
        assert meta.read(db, "second") is None


def test_writers_wait_for_each_other(shop: Shop) -> None:
    with shop.open() as db:
        meta.write(db, "n", "0")

    def count_up() -> None:
        for _ in range(25):
            with shop.open() as db, store.transaction(db):
                meta.write(db, "n", str(int(meta.read(db, "n") or "0") + 1))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with shop.open() as db:
        assert meta.read(db, "n") == "100"


def test_what_a_shop_s_own_data_replaces_takes_its_children_along(shop: Shop) -> None:
    # in a bulk transaction nothing cascades: each table that refers to a replaced one has to be replaced before it
    with shop.open() as db:
        children = {
            parent: {
                table
                for table in db.table_names()
                for row in db.conn.execute(f"PRAGMA foreign_key_list({table})")
                if row[2] == parent and table != parent
            }
            for parent in imports.REPLACED
        }
    place = {table: i for i, table in enumerate(imports.REPLACED)}
    assert all(place[child] < place[parent] for parent, found in children.items() for child in found)
    assert children["orders"] == set(incoming_orders.OF_AN_ORDER)


def test_a_bulk_transaction_is_a_transaction_and_ends(shop: Shop) -> None:
    with shop.open() as db:
        with pytest.raises(ZeroDivisionError), store.bulk_transaction(db):
            meta.write(db, "a", "b")
            raise ZeroDivisionError
        assert meta.read(db, "a") is None
        with store.bulk_transaction(db):
            meta.write(db, "a", "c")
        assert meta.read(db, "a") == "c"
        assert db.conn.execute("PRAGMA foreign_keys").fetchone() == (1,)
