"""Many writes in few transactions: each is on the disk when its Future says so, and answers for itself alone."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlite_utils import Database

from engine import store
from engine.errors import StoreError
from engine.shop import Shop
from engine.store.grouped import MOST_AT_ONCE, GroupedWrites

SECONDS = 20.0  # at most, for what is done at once


@dataclass
class Book:
    """A shop with a table of notes, and all that writes into it; `transactions` counts those that were begun."""

    shop: Shop
    transactions: int = 0
    writes: GroupedWrites = field(init=False)

    def __post_init__(self) -> None:
        self.writes = GroupedWrites(self.shop.open, self._transaction)

    def _transaction(self, db: Database) -> AbstractContextManager[Database]:
        self.transactions += 1
        return store.transaction(db)

    def asks(self, note: str) -> Future[str]:
        return self.writes.ask(noting(note))

    def notes(self) -> list[str]:
        """What is on the disk, in the order in which it came there."""
        with self.shop.open() as db:
            return [str(text) for (text,) in db.conn.execute("SELECT text FROM notes ORDER BY id")]

    def holds(self) -> threading.Event:
        """From here on what is asked for gathers, until the event is set."""
        begun, go_on = threading.Event(), threading.Event()

        def write(db: Database) -> None:
            begun.set()
            assert go_on.wait(SECONDS)

        self.writes.ask(write)
        assert begun.wait(SECONDS)
        return go_on


def noting(note: str) -> Callable[[Database], str]:
    def write(db: Database) -> str:
        db.conn.execute("INSERT INTO notes (text) VALUES (?)", [note])
        return note.upper()

    return write


def failing(error: Exception) -> Callable[[Database], str]:
    """A write that fails when half of it is done."""

    def write(db: Database) -> str:
        db.conn.execute("INSERT INTO notes (text) VALUES ('half')")
        raise error

    return write


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Shop(tmp_path_factory.mktemp("empty") / "shop.db")
    with shop.open() as db:
        db.conn.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    return shop.path


@pytest.fixture
def book(tmp_path: Path, empty: Path) -> Iterator[Book]:
    made = Book(Shop(Path(shutil.copy(empty, tmp_path))))
    yield made
    made.writes.close()


def test_each_hears_what_its_write_gives_once_it_is_on_the_disk(book: Book) -> None:
    assert book.asks("a").result(SECONDS) == "A"
    assert book.notes() == ["a"]
    assert book.asks("b").result(SECONDS) == "B"
    assert book.notes() == ["a", "b"]


def test_they_are_written_in_the_order_in_which_they_are_asked_for(book: Book) -> None:
    asked = [book.asks(str(n)) for n in range(3 * MOST_AT_ONCE)]
    assert [one.result(SECONDS) for one in asked] == [str(n) for n in range(3 * MOST_AT_ONCE)]
    assert book.notes() == [str(n) for n in range(3 * MOST_AT_ONCE)]


def test_each_of_several_threads_keeps_its_order(book: Book) -> None:
    def write(name: str) -> None:
        wait([book.asks(f"{name}{n}") for n in range(100)], SECONDS)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    notes = book.notes()
    for name in "abcd":
        assert [note for note in notes if note[0] == name] == [f"{name}{n}" for n in range(100)]


def test_what_gathers_meanwhile_goes_to_the_disk_together(book: Book) -> None:
    go_on = book.holds()
    asked = [book.asks(str(n)) for n in range(50)]
    assert not any(one.done() for one in asked)
    before = book.transactions
    go_on.set()
    wait(asked, SECONDS)
    assert book.transactions == before + 1
    assert len(book.notes()) == 50


def test_one_bad_write_harms_none_of_the_good_ones(book: Book) -> None:
    go_on = book.holds()
    first = book.asks("first")
    bad = book.writes.ask(failing(ZeroDivisionError("mine")))
    last = book.asks("last")
    go_on.set()
    assert (first.result(SECONDS), last.result(SECONDS)) == ("FIRST", "LAST")
    with pytest.raises(ZeroDivisionError, match="mine"):
        bad.result(SECONDS)
    assert book.notes() == ["first", "last"]  # each once, in order, and nothing of the bad one's first half


def test_all_may_be_bad(book: Book) -> None:
    go_on = book.holds()
    bad = [book.writes.ask(failing(ZeroDivisionError(str(n)))) for n in range(3)]
    go_on.set()
    for n, one in enumerate(bad):
        with pytest.raises(ZeroDivisionError, match=str(n)):
            one.result(SECONDS)
    assert book.notes() == []
    assert book.asks("after").result(SECONDS) == "AFTER"


def test_what_sqlite_refuses_is_told_to_its_asker(book: Book) -> None:
    go_on = book.holds()
    good = book.asks("good")
    bad = book.writes.ask(lambda db: db.conn.execute("INSERT INTO notes (text) VALUES (NULL)"))
    go_on.set()
    assert good.result(SECONDS) == "GOOD"
    with pytest.raises(sqlite3.IntegrityError):
        bad.result(SECONDS)


def test_a_store_that_cannot_be_written_is_told_to_all_and_asked_anew(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.store.connecting.BUSY_SECONDS", 0.1)
    book.asks("before").result(SECONDS)
    before = book.transactions
    other = sqlite3.connect(book.shop.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asked = [book.asks(str(n)) for n in range(20)]
    for one in asked:
        assert isinstance(one.exception(SECONDS), StoreError)
    # nobody's write is at fault, so that none is tried alone: that would take 20 times as long
    assert book.transactions <= before + 4
    other.execute("ROLLBACK")
    other.close()
    assert book.asks("again").result(SECONDS) == "AGAIN"
    assert book.notes() == ["before", "again"]


def test_a_file_that_is_no_database_is_told_and_mended_by_a_whole_one(book: Book) -> None:
    whole = book.shop.path.read_bytes()
    book.shop.path.write_bytes(b"this is no database at all" * 1000)
    assert isinstance(book.asks("lost").exception(SECONDS), StoreError)
    book.shop.path.write_bytes(whole)
    assert book.asks("here").result(SECONDS) == "HERE"


def test_who_waits_no_more_has_it_written_all_the_same(book: Book) -> None:
    go_on = book.holds()
    asked = book.asks("said")
    assert not asked.cancel()
    go_on.set()
    assert asked.result(SECONDS) == "SAID"


def test_close_writes_what_was_asked_for_and_what_comes_later_begins_anew(book: Book) -> None:
    book.writes.close()  # nothing was begun
    asked = [book.asks(str(n)) for n in range(10)]
    book.writes.close()
    assert all(one.done() for one in asked)
    assert not threads_of_writes()
    book.writes.close()
    assert book.asks("later").result(SECONDS) == "LATER"
    book.writes.close()
    assert book.notes() == [*map(str, range(10)), "later"]


def test_what_is_asked_for_while_it_closes_is_written_behind_the_rest(book: Book) -> None:
    go_on = book.holds()
    first = book.asks("first")
    closing = threading.Thread(target=book.writes.close)
    closing.start()
    while book.writes._writer is not None:
        closing.join(0.001)
    second = book.asks("second")
    threading.Timer(0.1, go_on.set).start()
    assert (first.result(SECONDS), second.result(SECONDS)) == ("FIRST", "SECOND")
    closing.join(SECONDS)
    assert not closing.is_alive()
    assert book.notes() == ["first", "second"]
    book.writes.close()
    assert not threads_of_writes()


def threads_of_writes() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "zhike-inbox"]
