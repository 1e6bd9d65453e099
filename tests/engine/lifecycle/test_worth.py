"""What customers and the shop will bring: values that can be reckoned by hand."""

from __future__ import annotations

from math import exp

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.lifecycle.worth import Brought, Estimate, brought_before, groups, ratios, total, usual_money


def orders_of(*rows: tuple[int, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[c.CUSTOMER, c.AT, c.REVENUE])
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def test_a_pace_is_told_of_who_has_ordered_on_three_days() -> None:
    orders = orders_of(
        (1, "2026-01-01", 100), (1, "2026-01-21", 50), (1, "2026-01-21 18:00", 50), (1, "2026-02-10", 100),
        (2, "2026-01-01", 10), (2, "2026-01-31", 10),
        (3, "2026-01-01", 999),
    )  # fmt: skip
    # gaps of 20 and of 30 days: the shop's is 25. Customer 1: 300 in 40 + 25 days, in 13 days a fifth of it
    usual = usual_money(orders, 13)
    assert usual[1] == pytest.approx(60)
    assert usual[[2, 3]].isna().all()


def test_silence_does_not_slow_a_pace() -> None:
    orders = orders_of((1, "2026-01-01", 10), (1, "2026-01-11", 10), (1, "2026-01-21", 10))
    later = pd.concat([orders, orders_of((2, "2026-12-31", 10))])
    assert usual_money(orders, 30)[1] == usual_money(later, 30)[1] == pytest.approx(30)


def test_a_short_past_is_not_stretched_to_many_days() -> None:
    orders = orders_of((1, "2026-01-01", 100), (1, "2026-01-06", 100), (1, "2026-01-11", 100))
    assert usual_money(orders, 15)[1] == pytest.approx(300)  # 10 days and a gap of 5
    assert usual_money(orders, 16).isna().all()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_where_nobody_has_come_back_there_is_no_pace(n: int) -> None:
    usual = usual_money(orders_of(*((customer, "2026-01-01", 5.0) for customer in range(n))), 30)
    assert (len(usual), usual.notna().sum()) == (n, 0)


def frame_of(orders: list[float], money: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {c.EXPECTED_ORDERS: orders, c.EXPECTED_MONEY: money}, index=pd.RangeIndex(1, len(orders) + 1, name=c.CUSTOMER)
    )


def test_groups_are_by_the_number_of_orders_and_lose_nobody() -> None:
    frame = frame_of([0.1, 0.2, 1, 1.5, 4], [1, 2, 30, 60, 400])
    found = groups(pd.Series({1: 1, 2: 1, 3: 3, 4: 2, 5: 57}), frame)
    assert [(group.first, group.last, group.n) for group in found] == [(1, 1, 2), (2, 3, 2), (10, None, 1)]
    assert [group.money for group in found] == [3, 90, 400]
    assert sum(group.orders for group in found) == pytest.approx(6.8)


def test_what_came_before_is_told_only_of_whole_spans() -> None:
    orders = orders_of((1, "2026-01-01", 7), (1, "2026-01-25", 10), (1, "2026-01-25 09:00", 5), (2, "2026-01-26", 1))
    as_of = pd.Timestamp("2026-01-31")
    assert brought_before(orders, as_of, 7) == Brought(2, 16, 1)
    assert brought_before(orders, as_of, 30) == Brought(3, 23, 23)
    assert brought_before(orders, as_of, 60) is None


def sum_of(values: list[float], misses: list[float], width: float = 0.0) -> Estimate:
    series = pd.Series(values)
    return total(series, series - width, series + width, misses)


def test_untested_the_interval_is_that_of_what_is_published() -> None:
    # Student's t with 3 degrees of freedom has its 95 % point at 2.3534 (any table); a usual miss is 15 %
    found = sum_of([60.0, 40.0], [])
    assert found.value == 100
    assert found.low == pytest.approx(100 * exp(-2.3534 * 0.15), rel=1e-4)
    assert found.high == pytest.approx(100 * exp(2.3534 * 0.15), rel=1e-4)


def test_the_shop_s_own_past_speaks_louder_the_more_there_is() -> None:
    # t with 4 degrees of freedom: 2.1318; three times .15 squared and once .4 squared, over 4
    one = sum_of([100.0], [exp(0.4)])
    spread = ((3 * 0.15**2 + 0.4**2) / 4) ** 0.5
    assert one.high == pytest.approx(100 * exp(2.1318 * spread), rel=1e-4)
    right = sum_of([100.0], [1.0] * 12)
    assert sum_of([100.0], []).low < right.low < 100 < right.high < one.high


def test_few_customers_are_less_sure_than_many() -> None:
    few, many = sum_of([50.0] * 2, [], width=50), sum_of([0.1] * 1000, [], width=0.1)
    assert few.value == pytest.approx(many.value)
    assert few.low < many.low < many.high < few.high


def test_who_expects_nothing_gets_nothing() -> None:
    assert sum_of([0.0, 0.0], []) == sum_of([], []) == Estimate(0, 0, 0)
    assert ratios([(3, 2), (1, 0)]) == (1.5,)


@settings(max_examples=50)
@given(
    st.lists(st.floats(0, 1e6), max_size=20),
    st.lists(st.floats(0, 1e4), max_size=8),
)
def test_an_interval_holds_its_value(values: list[float], misses: list[float]) -> None:
    found = sum_of(values, misses, width=1.0)
    assert 0 <= found.low <= found.value <= found.high
    assert np.isfinite(found.high)
