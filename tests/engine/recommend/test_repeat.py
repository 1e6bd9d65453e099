from __future__ import annotations

import math

import pytest

from engine.recommend.rankers.repeat import Repeat
from tests.engine.recommend.tables import Row, history, positions, rng

RANKER = Repeat(half_life_days=10, recent_days=30)


def test_each_order_counts_half_after_the_half_life_times_the_root_of_recent_buyers() -> None:
    # 10 and 20 days before the end: 1/2 + 1/4; one buyer in 30 days: times sqrt(1 + 1); due now
    fitted = RANKER.fit(history([(1, 1, 1, "2026-06-20"), (1, 1, 2, "2026-06-10")]), rng())
    assert fitted.scores(positions(0)).toarray()[0, 0] == pytest.approx(0.75 * math.sqrt(2))


@pytest.mark.parametrize(
    ("as_of", "due"),
    [
        ("2026-03-21", 0.5),  # on the day of the last purchase
        ("2026-03-22", 0.7),  # a tenth of the usual 10 days later
        ("2026-03-24", 1.0),
        ("2026-03-31", 1.0),
        ("2026-06-29", 1.0),  # 10 gaps later
    ],
)
def test_what_is_not_due_yet_counts_less(as_of: str, due: float) -> None:
    rows: list[Row] = [(1, 1, order, day) for order, day in enumerate(["2026-03-01", "2026-03-11", "2026-03-21"])]
    rows += [(1, 2, 1, "2026-03-11")]
    fitted = Repeat(half_life_days=math.inf, recent_days=-1).fit(history(rows, as_of=as_of), rng())
    assert fitted.scores(positions(0)).toarray()[0].tolist() == pytest.approx([3 * due, 1])


def test_orders_on_one_day_have_no_rhythm() -> None:
    rows: list[Row] = [(1, 1, 1, "2026-06-30"), (1, 1, 2, "2026-06-30")]
    fitted = Repeat(half_life_days=math.inf, recent_days=-1).fit(history(rows), rng())
    assert fitted.scores(positions(0)).toarray()[0].tolist() == [2]


def test_oftener_and_later_comes_first() -> None:
    rows: list[Row] = [
        (1, 1, 1, "2026-06-01"),
        (1, 2, 1, "2026-06-01"),
        (1, 2, 2, "2026-06-05"),
        (1, 3, 3, "2026-06-29"),
    ]
    once, twice, lately = RANKER.fit(history(rows), rng()).scores(positions(0)).toarray()[0]
    assert once < twice < lately


def test_of_two_alike_the_one_that_more_people_buy_now_comes_first() -> None:
    rows: list[Row] = [(1, 1, 1, "2026-06-01"), (1, 2, 1, "2026-06-01"), (2, 2, 2, "2026-06-02")]
    alone, shared = RANKER.fit(history(rows), rng()).scores(positions(0)).toarray()[0]
    assert alone < shared


@pytest.mark.parametrize(
    ("bought_on", "said"),
    [
        (["2026-03-01"], "bought once, on 2026-03-01"),
        (["2026-03-01", "2026-03-01"], "bought 2 times, all on 2026-03-01"),
        (["2026-03-01", "2026-04-04"], "bought twice, 34 days apart; the last time on 2026-04-04"),
        (["2026-03-01", "2026-03-02"], "bought twice, 1 day apart; the last time on 2026-03-02"),
        (["2026-03-01", "2026-03-01", "2026-03-09"], "bought 3 times on two days; the last time on 2026-03-09"),
        # 10 and 30 days apart: the median is 20
        (
            ["2026-03-01", "2026-03-11", "2026-04-10"],
            "bought 3 times, usually 20 days apart; the last time on 2026-04-10",
        ),
        (
            ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-03"],
            "bought 4 times, usually 1 day apart; the last time on 2026-03-03",
        ),
    ],
)
def test_the_reason_tells_how_often_how_regularly_and_when_last(bought_on: list[str], said: str) -> None:
    rows: list[Row] = [(2, 9, order, day) for order, day in enumerate(bought_on)]
    others: list[Row] = [(1, 9, 100, "2026-01-01"), (2, 8, 101, "2026-06-01"), (3, 9, 102, "2026-06-02")]
    past = history([*rows, *others])
    (reason,) = RANKER.fit(past, rng()).reasons(positions(1), positions(1))
    assert str(reason) == said


def test_reasons_come_in_the_order_they_are_asked_for() -> None:
    fitted = RANKER.fit(history([(1, 1, 1, "2026-05-01"), (1, 2, 2, "2026-05-02"), (2, 2, 3, "2026-05-03")]), rng())
    reasons = fitted.reasons(positions(1, 0, 0, 1), positions(1, 1, 0, 1))
    assert [reason.facts["last"].day for reason in reasons] == [3, 2, 1, 3]
