"""A backup is whole or not there, and a daily one is made once a day and kept for a week."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from engine import (
    NotAllowed,
    Shop,
    StoreError,
    back_up,
    back_up_beside,
    check_store,
    do_today,
    due_today,
    own_backups,
    restore,
)
from engine.services import backups
from engine.store import copies, meta, upkeep
from tests.clock import NOON
from tests.engine.services.kept import KEY, at, killed_at, n_orders, small_shop


def damage_an_index(path: Path) -> None:
    """Bytes in the middle of an index are overwritten: the tables are whole, and nothing notices at once."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'orders' AND rootpage > 0"
        ).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size + size - 200)
        file.write(b"\xff" * 150)


def test_a_backup_is_whole_and_its_owners_alone(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    made = back_up(shop, tmp_path / "copy.db")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert n_orders(Shop(made)) == n_orders(shop) == 40
    assert not check_store(Shop(made)).faults
    assert {path.name for path in tmp_path.iterdir()} == {"shop.db", "copy.db"}
    with pytest.raises(NotAllowed, match="is there already"):
        back_up(shop, made)


def test_a_backup_is_of_one_moment_while_others_write(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    over = threading.Event()

    def write() -> None:
        with shop.open() as db:
            n = 0
            while not over.is_set():
                db.conn.execute("BEGIN IMMEDIATE")
                meta.write(db, "first", str(n))
                meta.write(db, "second", str(n))
                db.conn.commit()
                n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up(shop, tmp_path / f"copy-{n}.db") for n in range(5)]
    finally:
        over.set()
        writer.join()
    for path in made:
        with Shop(path).open() as db:
            assert meta.read(db, "first") == meta.read(db, "second")


def test_a_damaged_store_is_not_backed_up_as_if_it_were_sound(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    damage_an_index(shop.path)
    with pytest.raises(StoreError, match="itself is damaged"):
        back_up(shop, tmp_path / "copy.db")
    assert {path.name for path in tmp_path.iterdir()} == {"shop.db"}


@pytest.mark.parametrize("step", [30, 70, 95])
def test_a_backup_that_is_killed_is_not_there(tmp_path: Path, step: int) -> None:
    shop, target = small_shop(tmp_path), tmp_path / "copy.db"
    was_killed = killed_at(step, back_up, shop, target)
    if target.exists():
        assert not check_store(Shop(target)).faults
        assert n_orders(Shop(target)) == 40
    else:
        assert was_killed
        assert n_orders(Shop(back_up(shop, target))) == 40
    assert not check_store(shop).faults


def days(n: int) -> Iterator[datetime]:
    return (NOON + timedelta(days=i) for i in range(n))


def do_all(shop: Shop) -> list[str]:
    """What is told by the work of the day."""
    told = (do_today(shop, work) for work in due_today(shop))
    return [str(news) for news in told if news is not None]


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_a_week_of_backups_each_of_which_restores(tmp_path: Path, key: object) -> None:
    shop = small_shop(tmp_path, key)  # type: ignore[arg-type]
    for day in days(9 if key is None else 2):
        today = at(shop, day)
        with today.open() as db:
            meta.write(db, "day", f"{day:%Y-%m-%d}")
        assert not do_all(today)
        assert not due_today(today)  # also after a restart: nothing of it is kept in memory
    kept = backups.daily_backups(shop)
    expected = (23, 24) if key is not None else (25, 26, 27, 28, 29, 30)
    assert [f"{day}" for day, _ in kept] == [f"2026-11-{n}" for n in expected] + ["2026-12-01"] * (key is None)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for _, path in kept)
    assert all(path.read_bytes().startswith(b"SQLite format 3") == (key is None) for _, path in kept)
    for made_on, path in kept:
        restore(at(shop, NOON + timedelta(days=9)), path)
        with shop.open() as db:
            assert meta.read(db, "day") == f"{made_on}"
        assert not check_store(shop).faults


def test_backups_of_long_ago_wait_for_a_newer_one_that_is_sound(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    do_all(shop)
    do_all(at(shop, NOON + timedelta(days=1)))
    damage_an_index(shop.path)
    told = do_all(at(shop, NOON + timedelta(days=40)))
    assert len(told) == 1
    assert "itself is damaged" in told[0]
    assert len(backups.daily_backups(shop)) == 2  # of more than a month ago, and all that there is


def test_a_clock_that_jumps_loses_no_backup(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    do_all(shop)
    do_all(at(shop, NOON + timedelta(days=1)))
    do_all(at(shop, datetime(2031, 1, 1, 12, tzinfo=UTC)))
    assert len(backups.daily_backups(shop)) == 2  # the newest before the jump is kept
    back = at(shop, NOON + timedelta(days=2))
    assert due_today(back)  # set right again, the day is another one than that of the last backup
    (told,) = do_all(back)
    assert "clock seems to be set back" in told
    assert [f"{day}" for day, _ in backups.daily_backups(shop)] == ["2026-11-24", "2026-11-25", "2031-01-01"]


def test_a_backup_that_fails_is_told_once_and_once_when_it_works(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    shop.backups.write_text("a file where the folder should be")
    (told,) = do_all(shop)
    assert "Today's backup could not be made. Cannot write to" in told
    assert [work.name for work in due_today(shop)] == ["backup"]
    assert do_all(shop) == []
    shop.backups.unlink()
    assert do_all(shop) == ["The daily backup works again."]
    assert not due_today(shop)


def test_what_the_owner_asks_for_is_beside_the_database(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    made = back_up_beside(shop)
    assert made.parent == tmp_path / "shop-backups"
    assert own_backups(shop) == [made]
    assert not backups.daily_backups(shop)  # it is not taken away after a week
    with closing(copies.opened_to_read(made, None)) as copy:
        assert not upkeep.file_faults(Database(copy))
