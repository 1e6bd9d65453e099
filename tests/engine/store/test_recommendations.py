from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine import store
from engine.errors import Cancelled
from engine.phrases import Name, Phrase
from engine.shop import Shop
from engine.store import recommendations, runs
from engine.store.recommendations import Row

RUN: dict[str, Any] = {
    "method": "mix",
    "settings": {"head": 5.0},
    "seed": 1,
    "data_version": 3,
    "quality": {"customers": 2},
    "at": datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    "cause": None,
}
ONCE = Phrase("bought once, on {last}", last=date(2026, 3, 1))
WITH = Phrase("goes with {other}", other=Name("Tea", "茶"))
ROWS: list[Row] = [
    (1, 1, 20, 0.9, "repeat", ONCE),
    (1, 2, 10, 0.2, "item_to_item", WITH),
    (2, 1, 10, 0.0, "popular", ONCE),
]


@pytest.fixture
def filled(shop: Shop) -> Shop:
    with shop.open() as db, store.transaction(db):
        db.conn.execute("INSERT INTO customers (id, key) VALUES (1, 'ann'), (2, 'bo')")
        db.conn.execute(
            "INSERT INTO products (id, key, name, name_zh, category, price) "
            "VALUES (10, 'T', 'Tea', '茶', 'drinks', 3.5), (20, 'C', 'Cup', NULL, NULL, NULL)"
        )
    return shop


def test_a_run_comes_back_as_it_was_stored(filled: Shop) -> None:
    with filled.open() as db:
        saved = recommendations.save(db, ROWS, **RUN)
        assert recommendations.latest_run(db) == saved
        first, second = recommendations.of_customer(db, saved.id, 1, 5)
        assert (first.rank, first.product.key, first.score, first.ranker, first.reason) == (1, "C", 0.9, "repeat", ONCE)
        assert second.product.name == Name("Tea", "茶")
        assert second.reason == WITH
        assert [row.rank for row in recommendations.of_customer(db, saved.id, 1, 1)] == [1]
        assert recommendations.of_customer(db, saved.id, 99, 5) == []


def test_the_first_choice_of_each_customer(filled: Shop) -> None:
    with filled.open() as db:
        saved = recommendations.save(db, ROWS, **RUN)
        choices = recommendations.first_choices(db, saved.id)
    assert choices.to_dict("list") == {"customer": [1, 2], "product": [20, 10]}


def test_a_newer_run_supersedes_and_leaves_the_older_as_it_was(filled: Shop) -> None:
    with filled.open() as db:
        older = recommendations.save(db, ROWS, **RUN)
        newer = recommendations.save(db, ROWS[2:], **RUN)
        assert recommendations.latest_run(db) == newer
        assert len(recommendations.of_customer(db, older.id, 1, 5)) == 2
        assert recommendations.of_customer(db, newer.id, 1, 5) == []


def test_the_cause_of_a_run_is_known(filled: Shop) -> None:
    with filled.open() as db:
        saved = recommendations.save(db, ROWS, **{**RUN, "cause": "update 7"})
        nameless = recommendations.save(db, ROWS, **RUN)
        assert runs.made_for(db, saved.id, "update 7")
        assert not runs.made_for(db, saved.id, "update 8")
        assert not runs.made_for(db, nameless.id, None)


def test_stopped_half_way_nothing_is_stored_and_it_can_be_done_again(filled: Shop) -> None:
    def stopped() -> Iterator[Row]:
        yield ROWS[0]
        raise Cancelled(Phrase("Stopped."))

    with filled.open() as db:
        with pytest.raises(Cancelled):
            recommendations.save(db, stopped(), **RUN)
        assert recommendations.latest_run(db) is None
        assert len(recommendations.of_customer(db, recommendations.save(db, ROWS, **RUN).id, 1, 5)) == 2


def test_a_row_that_cannot_be_stored_takes_the_run_with_it(filled: Shop) -> None:
    with filled.open() as db:
        with pytest.raises(sqlite3.IntegrityError):
            recommendations.save(db, [*ROWS, (99, 1, 10, 0.5, "repeat", ONCE)], **RUN)
        assert recommendations.latest_run(db) is None


def test_others_can_write_while_rows_are_still_coming(filled: Shop) -> None:
    def slowly() -> Iterator[Row]:
        yield ROWS[0]
        with filled.open() as other, store.transaction(other):
            other.conn.execute("INSERT INTO customers (id, key) VALUES (3, 'cy')")
        yield from ROWS[1:]

    with filled.open() as db:
        assert len(recommendations.of_customer(db, recommendations.save(db, slowly(), **RUN).id, 1, 5)) == 2
