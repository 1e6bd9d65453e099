from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from sqlite_utils import Database

from engine import store
from engine.errors import Cancelled
from engine.phrases import Name, Phrase
from engine.shop import Shop
from engine.store import due_purchases, kept_models, recommendations, runs, similar_products, who_for
from engine.store.recommendations import FIT, Row, gathering
from engine.store.runs import Run
from engine.store.wordings import reasons

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
    (1, False, 1, 10, 0.2, "item_to_item", WITH),
    (1, True, 1, 20, 0.9, "repeat", ONCE),
    (2, False, 1, 10, 0.0, "popular", ONCE),
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


def saved(db: Database, rows: Iterable[Row] = ROWS, *, updated: Iterable[int] = (), fit: int | None = None) -> Run:
    quality = RUN["quality"] if fit is None else {**RUN["quality"], FIT: fit}
    with gathering(db) as gathered:
        gathered.lists(rows)
        gathered.updated(updated)
        return gathered.save(**{**RUN, "quality": quality})


def lists_of(db: Database, customer: int) -> list[tuple[bool, int, str]]:
    lists = recommendations.in_force(db)
    assert lists is not None
    return [(row.again, row.rank, row.product.key) for row in recommendations.of_customer(db, lists, customer)]


def test_a_run_comes_back_as_it_was_stored(filled: Shop) -> None:
    with filled.open() as db:
        assert recommendations.in_force(db) is None
        run = saved(db)
        lists = recommendations.in_force(db)
        assert lists is not None
        assert (lists.run, lists.fit, lists.runs) == (run, run, (run.id,))
        first, second = recommendations.of_customer(db, lists, 1)
        assert (first.again, first.rank, first.product.key, first.score, first.ranker) == (True, 1, "C", 0.9, "repeat")
        assert (first.reason, second.reason) == (ONCE, WITH)
        assert second.product.name == Name("Tea", "茶")
        assert lists_of(db, 99) == []


def test_reasons_of_earlier_versions_are_read_as_well(filled: Shop) -> None:
    from engine.phrases import to_json

    with filled.open() as db:
        assert list(reasons(db, [to_json(WITH)])) == [WITH]


def test_all_lists_are_one_table(filled: Shop) -> None:
    with filled.open() as db:
        saved(db)
        lists = recommendations.in_force(db)
        assert lists is not None
        frame = recommendations.of_people(db, lists, [1, 2])
        assert frame[["customer", "again", "product"]].to_numpy().tolist() == [
            [1, True, 20],
            [1, False, 10],
            [2, False, 10],
        ]
        assert list(reasons(db, frame["reason"])) == [ONCE, WITH, ONCE]


def test_an_update_takes_the_place_for_its_customers_only(filled: Shop) -> None:
    with filled.open() as db:
        fit = saved(db)
        saved(db, [(2, True, 1, 20, 0.5, "repeat", ONCE)], updated=[2], fit=fit.id)
        assert lists_of(db, 1) == [(True, 1, "C"), (False, 1, "T")]
        assert lists_of(db, 2) == [(True, 1, "C")]
        # one who is updated and gets nothing has nothing
        saved(db, [], updated=[1], fit=fit.id)
        assert lists_of(db, 1) == []
        assert lists_of(db, 2) == [(True, 1, "C")]
        lists = recommendations.in_force(db)
        assert lists is not None
        assert recommendations.of_people(db, lists, [1, 2])[["customer", "product"]].to_numpy().tolist() == [[2, 20]]
        assert len(lists.runs) == 3


def test_runs_stay_and_the_rows_of_old_ones_go(filled: Shop) -> None:
    def n_rows(run: Run) -> int:
        sql = "SELECT count(*) FROM recommendations WHERE run_id = ?"
        return int(db.conn.execute(sql, [run.id]).fetchone()[0])

    with filled.open() as db:
        fits = [saved(db) for _ in range(3)]
        update = saved(db, ROWS[2:], updated=[2], fit=fits[2].id)
        assert [n_rows(fit) for fit in fits] == [0, 3, 3]
        newest = saved(db)
        assert [n_rows(run) for run in (*fits, update, newest)] == [0, 0, 3, 1, 3]
        assert [run.id for run in runs.every(db, recommendations.KIND)] == [
            run.id for run in (newest, update, *fits[::-1])
        ]


def test_the_steps_in_which_rows_come_and_go_do_not_show(filled: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recommendations, "STEP", 1)
    test_runs_stay_and_the_rows_of_old_ones_go(filled)


def test_a_run_that_was_killed_counts_for_nothing_and_goes(filled: Shop) -> None:
    with filled.open() as db:
        first = saved(db)
        with store.transaction(db):
            killed = runs.add(db, kind=recommendations.UNDER_WAY, **RUN)
            db.conn.execute("INSERT INTO recommendations SELECT ?, 1, 1, 1, 10, 1, 'x', 'y'", [killed.id])
        lists = recommendations.in_force(db)
        assert lists is not None
        assert lists.run == first
        with gathering(db) as gathered:
            gathered.lists(ROWS)
            gathered.save(**{**RUN, "at": RUN["at"] + recommendations.GIVEN_UP * 2})
        assert runs.by_id(db, killed.id) is None


def test_what_was_learned_is_kept_of_the_last_fit_and_the_newest_run(filled: Shop) -> None:
    with filled.open() as db:
        with gathering(db) as gathered:
            gathered.kept("ease", {"weights": np.arange(3.0)})
            first = gathered.save(**RUN)
        with gathering(db) as gathered:
            gathered.kept(" seen", {"customers": np.array([1])})
            update = gathered.save(**{**RUN, "quality": {FIT: first.id}})
        assert kept_models.of_run(db, first.id)["ease"]["weights"].tolist() == [0, 1, 2]
        assert kept_models.of_run(db, update.id)[" seen"]["customers"].tolist() == [1]
        saved(db)
        assert kept_models.of_run(db, first.id) == {}
        assert kept_models.of_run(db, update.id) == {}


def test_nothing_kept_is_ever_run(filled: Shop) -> None:
    with filled.open() as db, gathering(db) as gathered, pytest.raises(ValueError, match="allow_pickle"):
        gathered.kept("evil", {"thing": np.array([object()])})


def test_who_similar_and_due_come_back(filled: Shop) -> None:
    with filled.open() as db:
        with gathering(db) as gathered:
            gathered.who([(10, 1, 2, False, 0.4, "repeat", ONCE), (10, 2, 1, True, 0.3, "repeat", WITH)])
            gathered.similar([(10, "together", 1, 20, 0.7, 5, None), (10, "alike", 1, 20, 0.2, None, WITH)])
            gathered.products([(10, 7)])
            gathered.due([(1, 10, 3, "2026-03-12", 35.0, "2026-04-16", "2026-03-29", "2026-05-21", True)])
            gathered.save(**RUN)
        lists = recommendations.in_force(db)
        assert lists is not None
        found = who_for.wanting(db, lists, 10)
        assert [(one.customer.key, one.again, one.reason) for one in found] == [
            ("bo", False, ONCE),
            ("ann", True, WITH),
        ]
        alike = similar_products.of_product(db, lists, 10)
        assert [(one.how, one.product.key, one.n_common, one.reason) for one in alike] == [
            ("together", "C", 5, None),
            ("alike", "C", None, WITH),
        ]
        assert recommendations.n_buyers(db, lists, 10) == 7
        assert recommendations.n_buyers(db, lists, 20) is None
        (due,) = due_purchases.expected(db, lists, until=date(2026, 4, 20), on=date(2026, 4, 14))
        assert (due.customer.key, due.product.key, due.due, due.own) == ("ann", "T", date(2026, 4, 16), True)
        assert due_purchases.expected(db, lists, until=date(2026, 4, 15), on=date(2026, 4, 9)) == []
        assert due_purchases.expected(db, lists, until=date(2026, 5, 28), on=date(2026, 5, 22)) == []
        assert due_purchases.of_customer(db, lists, 1) == [due]


def test_who_of_an_updated_customer_is_the_updates(filled: Shop) -> None:
    with filled.open() as db:
        with gathering(db) as gathered:
            gathered.who([(10, 1, 2, False, 0.4, "repeat", ONCE), (10, 2, 1, True, 0.3, "repeat", WITH)])
            fit = gathered.save(**RUN)
        with gathering(db) as gathered:
            gathered.updated([2])
            gathered.who([(10, 1, 2, True, 0.1, "repeat", WITH)])
            gathered.save(**{**RUN, "quality": {FIT: fit.id}})
        lists = recommendations.in_force(db)
        assert lists is not None
        found = who_for.wanting(db, lists, 10)
        assert [(one.customer.key, one.score) for one in found] == [("ann", 0.3), ("bo", 0.1)]


def test_the_cause_of_a_run_is_known(filled: Shop) -> None:
    with filled.open() as db:
        with gathering(db) as gathered:
            caused = gathered.save(**{**RUN, "cause": "update 7"})
        nameless = saved(db)
        assert runs.made_for(db, caused.id, "update 7")
        assert not runs.made_for(db, caused.id, "update 8")
        assert not runs.made_for(db, nameless.id, None)


def test_stopped_half_way_nothing_is_stored_and_it_can_be_done_again(filled: Shop) -> None:
    def stopped() -> Iterator[Row]:
        yield ROWS[0]
        raise Cancelled(Phrase("Stopped."))

    with filled.open() as db:
        with pytest.raises(Cancelled):
            saved(db, stopped())
        assert recommendations.in_force(db) is None
        saved(db)
        assert len(lists_of(db, 1)) == 2


def test_a_row_that_cannot_be_stored_takes_the_run_with_it(filled: Shop) -> None:
    with filled.open() as db:
        with pytest.raises(sqlite3.IntegrityError):
            saved(db, [*ROWS, (99, True, 1, 10, 0.5, "repeat", ONCE)])
        assert recommendations.in_force(db) is None


def test_others_can_write_while_rows_are_still_coming(filled: Shop) -> None:
    def slowly() -> Iterator[Row]:
        yield ROWS[0]
        with filled.open() as other, store.transaction(other):
            other.conn.execute("INSERT INTO customers (id, key) VALUES (3, 'cy')")
        yield from ROWS[1:]

    with filled.open() as db:
        saved(db, slowly())
        assert len(lists_of(db, 1)) == 2
