"""Connections that are kept from one piece of work to the next: never to another file, nor in another state."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from engine import store
from engine.store import keep_connections, kept
from engine.store.kept import File
from engine.store.keys import Key

OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "shop.db"
    with store.connected(path) as db:
        db.conn.execute("CREATE TABLE notes (text TEXT)")
    return path


@pytest.fixture
def path(tmp_path: Path, template: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "shop.db"))


@pytest.fixture(autouse=True)
def keeping() -> Iterator[None]:
    keep_connections(4)
    yield
    keep_connections(0)
    assert not kept._idle
    assert not kept._spoiled


def used(path: Path) -> sqlite3.Connection:
    """The connection of one piece of work, which is over."""
    with store.connected(path) as db:
        connection: sqlite3.Connection = db.conn
        assert db.conn.execute("SELECT count(*) FROM notes").fetchone() is not None
    return connection


def is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError as error:
        return "closed" in str(error)
    return False


def note(path: Path, text: str) -> None:
    with store.connected(path) as db, store.transaction(db):
        db.conn.execute("INSERT INTO notes VALUES (?)", [text])


def notes(path: Path) -> list[str]:
    with store.connected(path) as db:
        return [str(text) for (text,) in db.conn.execute("SELECT text FROM notes ORDER BY rowid")]


def other_file(path: Path, text: str) -> Path:
    """Another whole database, in which this is noted, beside the one at `path`."""
    other = path.with_name("other.db")
    keep_connections(0)
    shutil.copy(path, other)
    note(other, text)
    keep_connections(4)
    return other


def test_the_next_piece_of_work_has_the_same_connection(path: Path) -> None:
    first = used(path)
    assert not is_closed(first)
    assert used(path) is first
    note(path, "a")
    assert notes(path) == ["a"]


def test_who_asked_for_nothing_keeps_nothing(path: Path) -> None:
    keep_connections(0)
    assert is_closed(used(path))


def test_two_at_a_time_have_two(path: Path) -> None:
    with store.connected(path) as one, store.connected(path) as other:
        assert one.conn is not other.conn
    assert len(kept._idle) == 2


def test_each_file_has_its_own(path: Path) -> None:
    other = Path(shutil.copy(path, path.with_name("second.db")))
    note(path, "mine")
    note(other, "theirs")
    assert (notes(path), notes(other)) == (["mine"], ["theirs"])
    assert used(path) is not used(other)


def test_a_file_that_was_replaced_is_read_anew(path: Path) -> None:
    note(path, "old")
    used(path)
    other = other_file(path, "new")
    old = used(path)
    other.replace(path)
    assert notes(path) == ["old", "new"]
    assert is_closed(old)


def test_a_file_that_is_replaced_while_it_is_in_use_is_read_anew(path: Path) -> None:
    other = other_file(path, "new")
    with store.connected(path) as db:
        other.replace(path)
        old = db.conn
    assert is_closed(old)
    assert notes(path) == ["new"]


def test_a_file_that_was_deleted_is_made_anew(path: Path) -> None:
    note(path, "old")
    old = used(path)
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    with store.connected(path) as db:
        assert "notes" not in db.table_names()
        assert "customers" in db.table_names()
    assert is_closed(old)


def test_one_whose_settings_were_changed_is_not_used_again(path: Path) -> None:
    with store.connected(path) as db:
        db.conn.execute("PRAGMA foreign_keys = OFF")
        kept.spoil(db.conn)
        spoiled = db.conn
    assert is_closed(spoiled)
    with store.connected(path) as db:
        assert db.conn.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_one_that_was_left_in_a_transaction_is_not_used_again(path: Path) -> None:
    with store.connected(path) as db:
        db.conn.execute("BEGIN IMMEDIATE")
        db.conn.execute("INSERT INTO notes VALUES ('never said to be done')")
        left = db.conn
    assert is_closed(left)
    assert notes(path) == []


def test_one_in_whose_use_something_failed_is_not_used_again(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), store.connected(path) as db:
        failed = db.conn
        raise ZeroDivisionError
    assert is_closed(failed)


def test_rows_have_no_names_unless_they_are_asked_for(path: Path) -> None:
    with store.connected(path) as db:
        db.conn.row_factory = sqlite3.Row
        first = db.conn
    with store.connected(path) as db:
        assert db.conn is first
        assert db.conn.execute("SELECT 1").fetchone() == (1,)


def test_no_more_are_kept_than_may_be_and_the_one_unused_longest_goes(path: Path) -> None:
    keep_connections(2)
    files = [Path(shutil.copy(path, path.with_name(f"{n}.db"))) for n in range(3)]
    first, second = used(files[0]), used(files[1])
    assert used(files[0]) is first  # so that the second is unused longest
    third = used(files[2])
    assert [is_closed(one) for one in (first, second, third)] == [False, True, False]
    keep_connections(1)
    assert [is_closed(one) for one in (first, third)] == [True, False]


def test_those_in_use_are_closed_when_no_more_are_kept(path: Path) -> None:
    idle = used(path)
    with store.connected(path) as db:
        assert db.conn is idle
        with store.connected(path) as other:
            keep_connections(0)
            assert not is_closed(db.conn)
        assert is_closed(other.conn)
    assert is_closed(idle)


def test_who_comes_with_another_key_does_not_get_it(path: Path) -> None:
    here, old = File.at(path, None), used(path)
    assert here is not None
    assert kept.taken(replace(here, key=Key("another"))) is None
    assert is_closed(old)
    assert File.at(path.with_name("nothing"), None) is None


def test_a_thread_may_use_what_another_has_used_but_never_at_the_same_time(path: Path) -> None:
    n_threads, each = 8, 40
    in_use: set[int] = set()
    twice: list[int] = []
    lock, go = threading.Lock(), threading.Barrier(n_threads)

    def work(name: int) -> None:
        go.wait()
        for n in range(each):
            with store.connected(path) as db:
                with lock:
                    twice.extend([id(db.conn)] if id(db.conn) in in_use else [])
                    in_use.add(id(db.conn))
                if n % 10 == 0:
                    _noted(db, f"{name}")
                db.conn.execute("SELECT count(*) FROM notes").fetchone()
                with lock:
                    in_use.remove(id(db.conn))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert twice == []
    assert len(kept._idle) <= 4
    assert sorted(notes(path)) == sorted(str(name) for name in range(n_threads) for _ in range(each // 10))


def _noted(db: Database, text: str) -> None:
    with store.transaction(db):
        db.conn.execute("INSERT INTO notes VALUES (?)", [text])


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="needs /proc")
def test_no_file_stays_open(path: Path) -> None:
    """What is closed is let go of, so that a disk can be taken away and a folder deleted."""
    with ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(store.connected(path))
    assert opened(path) > 0
    keep_connections(0)
    assert opened(path) == 0


def opened(path: Path) -> int:
    """How often this process has the file open."""
    found = 0
    for file in OPEN_FILES.iterdir():
        with suppress(OSError):
            found += str(file.readlink()).startswith(str(path))
    return found
