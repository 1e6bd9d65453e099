"""Purchase days as they were known on a day, and what they tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import columns as c
from engine.lifecycle.predictors import pace, predictors, usual_gap
from engine.lifecycle.purchases import Purchases, day_at, day_number, purchases

MAY = pd.Timestamp("2026-05-01")


def orders(*rows: tuple[int, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=[c.CUSTOMER, c.AT, c.REVENUE])
    return table.assign(**{c.AT: pd.to_datetime(table[c.AT])})


# 7 bought on April 1, 11 (twice) and 21; 9 on April 25 alone
SHOP = orders(
    (7, "2026-04-11 18:00", 5), (9, "2026-04-25 00:00", 8), (7, "2026-04-01 09:00", 10), (7, "2026-04-11 08:00", 1),
    (7, "2026-04-21 23:59", 30),
)  # fmt: skip


def test_a_purchase_day_is_a_calendar_day() -> None:
    past = purchases(SHOP, MAY)
    assert past.customers.tolist() == [7, 9]
    assert past.n_days.tolist() == [3, 1]
    assert past.money.tolist() == [10, 6, 30, 8]
    assert [day_at(day).day for day in past.days] == [1, 11, 21, 25]
    assert past.history == 30


def test_what_was_known_on_a_day() -> None:
    then = purchases(SHOP, MAY).before(day_number(pd.Timestamp("2026-04-21")))
    assert then.customers.tolist() == [7]
    assert then.n_days.tolist() == [2]


def test_what_followed() -> None:
    past = purchases(SHOP, MAY)
    then = past.before(day_number(pd.Timestamp("2026-04-11")))
    assert past.followed(then, 10).tolist() == [1]
    assert past.followed(then, 11).tolist() == [2]


def test_orders_without_a_day_or_on_the_day_are_not_known() -> None:
    assert purchases(orders((1, "2026-05-01", 5)), MAY).n == 0
    assert purchases(orders((1, "", 5), (2, "2026-04-30", np.nan)), MAY).money.tolist() == [0]


def test_gaps_by_hand() -> None:
    past = purchases(SHOP, MAY)
    # the shop's: 20 days between and a horizon of 30, over 2 + 1; customer 7: (20 + 50 / 3) / (2 + 1)
    assert usual_gap(past, 30) == pytest.approx([(20 + 50 / 3) / 3, 50 / 3])
    # known for 30 and 6 days: the shop's pace is (36 + 30) / 3 = 22
    assert pace(past, 30) == pytest.approx([52 / 3, 28])


def test_predictors_by_hand() -> None:
    table = predictors(purchases(SHOP, MAY), 12)
    assert {name: values[0] for name, values in table.items() if name in ("recency", "n", "tenure", "last_gap")} == {
        "recency": 10, "n": 3, "tenure": 30, "last_gap": 10,
    }  # fmt: skip
    assert table["in_one"].tolist() == [1, 1]
    assert table["in_two"].tolist() == [2, 1]
    assert table["trend"].tolist() == [0, 1]
    assert table["spread"][0] == 0
    assert np.isnan([table["last_gap"][1], table["spread"][1], *table["same_season"]]).all()
    assert table["money"].tolist() == [46, 8]


def test_the_same_season_is_what_was_bought_a_year_ago() -> None:
    past = purchases(orders((1, "2025-04-01", 1), (1, "2025-05-10", 1), (1, "2025-07-01", 1)), MAY)
    assert predictors(past, 30)["same_season"].tolist() == [1]


rows = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 200), st.integers(0, 50)), max_size=40)


def drawn_shop(drawn: list[tuple[int, int, int]]) -> Purchases:
    table = pd.DataFrame(drawn, columns=[c.CUSTOMER, "day", c.REVENUE], dtype="int64")
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(table["day"], unit="D")
    return purchases(table.assign(**{c.AT: days}), pd.Timestamp("2026-08-01"))


@given(rows, st.integers(1, 200), st.integers(1, 90))
def test_what_is_known_on_a_day_knows_nothing_of_later(
    drawn: list[tuple[int, int, int]], day: int, horizon: int
) -> None:
    past = drawn_shop(drawn)
    then = past.before(day_number(pd.Timestamp("2026-01-01")) + day)
    only = drawn_shop([row for row in drawn if row[1] < day]).before(then.as_of)
    assert then.customers.tolist() == only.customers.tolist()
    told, alone = predictors(then, horizon), predictors(only, horizon)
    for name in told:
        np.testing.assert_array_equal(told[name], alone[name], err_msg=name)
    assert (past.followed(then, horizon) <= past.n_days[np.isin(past.customers, then.customers)] - then.n_days).all()


@given(rows)
def test_nothing_is_lost(drawn: list[tuple[int, int, int]]) -> None:
    past = drawn_shop(drawn)
    assert past.money.sum() == sum(money for _, _, money in drawn)
    assert past.days.size == len({(customer, day) for customer, day, _ in drawn})
    assert np.isinf(np.concatenate([np.empty(0), *predictors(past, 30).values()])).sum() == 0
