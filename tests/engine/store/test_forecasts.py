from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from engine import columns as c
from engine import store
from engine.lifecycle.worth import Estimate
from engine.shop import Shop
from engine.store import forecasts, runs
from engine.store.forecasts import EVERYONE, BoughtLess, DayEstimate, Due
from engine.store.imports import REPLACED

RUN: dict[str, Any] = {
    "method": "recency",
    "settings": {"days": 90, "is_own": True, "as_of": "2026-11-21"},
    "seed": 1,
    "data_version": 3,
    "quality": {"customers": 3},
    "at": datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    "cause": None,
}
# ann comes every week, bo used to bring 400 and now 100, cy came once
FRAME = pd.DataFrame(
    {
        c.P_NONE: [0.1, 0.6, 0.9],
        c.P_NONE_LOW: [0.05, 0.5, 0.8],
        c.P_NONE_HIGH: [0.2, 0.7, 0.95],
        c.EXPECTED_ORDERS: [9.0, 0.8, 0.1],
        c.EXPECTED_ORDERS_LOW: [5.0, 0.0, 0.0],
        c.EXPECTED_ORDERS_HIGH: [14.0, 3.0, 1.0],
        c.EXPECTED_MONEY: [300.0, 100.0, 5.5],
        c.EXPECTED_MONEY_LOW: [200.0, 0.0, 0.0],
        c.EXPECTED_MONEY_HIGH: [500.0, 350.0, 60.0],
        c.USUAL_MONEY: [310.0, 400.0, None],
        c.NEXT_ORDER_AT: pd.to_datetime(pd.Series(["2026-11-27", "2026-12-20", None], dtype=object)).to_numpy(),
        c.NEXT_ORDER_AT_LOW: pd.to_datetime(pd.Series(["2026-11-22", "2026-11-25", None], dtype=object)).to_numpy(),
        c.NEXT_ORDER_AT_HIGH: pd.to_datetime(pd.Series(["2026-12-11", None, None], dtype=object)).to_numpy(),
    },
    index=pd.Index([1, 2, 3], name=c.CUSTOMER),
)


@pytest.fixture
def filled(shop: Shop) -> Shop:
    with shop.open() as db, store.transaction(db):
        db.conn.execute("INSERT INTO customers (id, key, name) VALUES (1, 'A', 'ann'), (2, 'B', 'bo'), (3, 'C', 'cy')")
        db.conn.execute(
            "INSERT INTO orders (key, customer_id, at, revenue, quantity, n_lines) VALUES "
            "('1', 1, '2026-11-01T10:00:00', 30, 1, 0), ('2', 1, '2026-11-20T10:00:00', 40.5, 1, 0), "
            "('3', 2, '2026-08-20T10:00:00', 99, 1, 0)"
        )
    return shop


def test_a_run_comes_back_as_it_was_stored(filled: Shop) -> None:
    with filled.open() as db:
        saved = forecasts.save(db, FRAME, **RUN)
        assert forecasts.latest(db, 90) == saved
        assert forecasts.newest(db) == saved
        pd.testing.assert_frame_equal(forecasts.frame(db, saved.id), FRAME)
        bo, cy = forecasts.of_customer(db, saved.id, 2), forecasts.of_customer(db, saved.id, 3)
        assert bo is not None and cy is not None
        assert (bo.p_none, bo.orders) == (Estimate(0.6, 0.5, 0.7), Estimate(0.8, 0.0, 3.0))
        assert (bo.money, bo.usual_money) == (Estimate(100, 0, 350), 400)
        assert bo.next_order == DayEstimate(date(2026, 12, 20), date(2026, 11, 25), None)
        assert (cy.next_order, cy.usual_money) == (None, None)
        assert forecasts.of_customer(db, saved.id, 4) is None


def test_a_run_is_found_by_its_days(filled: Shop) -> None:
    with filled.open() as db:
        own = forecasts.save(db, FRAME, **RUN)
        other = forecasts.save(db, FRAME[:1], **{**RUN, "settings": {**RUN["settings"], "days": 30, "is_own": False}})
        assert (forecasts.latest(db, 90), forecasts.latest(db, 30), forecasts.latest(db, 7)) == (own, other, None)
        assert forecasts.newest(db) == own
        assert runs.latest(db, forecasts.KIND) == other


def test_a_newer_run_leaves_the_older_as_it_was(filled: Shop) -> None:
    with filled.open() as db:
        older = forecasts.save(db, FRAME, **RUN)
        newer = forecasts.save(db, FRAME[:1], **RUN)
        assert forecasts.newest(db) == newer
        assert len(forecasts.frame(db, older.id)) == 3
        assert len(forecasts.frame(db, newer.id)) == 1


def test_who_is_meant_is_listed_first_things_first(filled: Shop) -> None:
    with filled.open() as db:
        run = forecasts.save(db, FRAME, **RUN).id

        def names(whom: forecasts.Whom, n: int | None = None) -> list[str | None]:
            return [row.customer.name for row in forecasts.some_of(db, run, whom, n)]

        assert names(EVERYONE) == ["ann", "bo", "cy"]
        assert names(EVERYONE, 2) == ["ann", "bo"]
        assert names(BoughtLess(0.1, 0.5)) == ["bo"]
        assert names(BoughtLess(0.1, 1.0)) == ["bo", "ann"]
        assert names(Due(date(2026, 11, 21), date(2026, 11, 27))) == ["ann"]
        assert names(Due(date(2026, 11, 21), date(2026, 11, 26))) == []
        assert forecasts.n_of(db, run, EVERYONE) == (3, 405.5, 710)
        assert forecasts.n_of(db, run, BoughtLess(0.1, 0.5)) == (1, 100, 400)
        assert forecasts.n_of(db, run, Due(date(2030, 1, 1), date(2030, 1, 7))) == (0, 0, 0)
        ann, bo, cy = forecasts.some_of(db, run, EVERYONE)
        assert (ann.n_orders, ann.revenue, ann.last_order_at) == (2, 70.5, datetime(2026, 11, 20, 10))
        assert (bo.n_orders, cy.n_orders, cy.revenue, cy.last_order_at) == (1, 0, 0, None)


def test_a_row_that_cannot_be_stored_takes_the_run_with_it(filled: Shop) -> None:
    with filled.open() as db:
        with pytest.raises(sqlite3.IntegrityError):
            forecasts.save(db, FRAME.rename(index={3: 99}), **RUN)
        assert forecasts.newest(db) is None


def test_forecasts_go_with_their_customer_and_with_the_demo(filled: Shop) -> None:
    assert REPLACED.index("forecasts") < min(REPLACED.index("runs"), REPLACED.index("customers"))
    with filled.open() as db:
        run = forecasts.save(db, FRAME, **RUN).id
        db.conn.execute("DELETE FROM customers WHERE id = 3")
        assert forecasts.frame(db, run).index.tolist() == [1, 2]
