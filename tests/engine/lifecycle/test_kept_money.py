"""What orders brought less what came back, by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import columns as c
from engine.lifecycle.kept_money import kept_money

Row = tuple[int, str, float]


def rows(*told: Row) -> pd.DataFrame:
    frame = pd.DataFrame(list(told), columns=[c.CUSTOMER, c.AT, c.REVENUE])
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT])}).astype({c.REVENUE: "float64"})


def test_an_order_that_came_back_whole_brought_nothing() -> None:
    # customer 12346 of Online Retail: one order of 77,183.60, returned a quarter of an hour later
    orders = rows((12346, "2011-01-18 10:01", 77183.60), (1, "2011-01-18 10:01", 50.0))
    found = kept_money(orders, rows((12346, "2011-01-18 10:17", 77183.60)))
    assert found[c.REVENUE].tolist() == [0.0, 50.0]


def test_a_return_is_of_the_newest_order_before_it_and_what_is_more_of_the_others() -> None:
    orders = rows((1, "2026-03-01", 20.0), (1, "2026-01-01", 100.0), (1, "2026-05-01", 30.0))
    assert kept_money(orders, rows((1, "2026-04-01", 15.0)))[c.REVENUE].tolist() == [5.0, 100.0, 30.0]
    # 60 are more than the 20 of March: 40 of the other 130 are gone
    found = kept_money(orders, rows((1, "2026-04-01", 60.0)))[c.REVENUE]
    assert found.tolist() == pytest.approx([0.0, 100 * 90 / 130, 30 * 90 / 130])


def test_a_return_before_all_orders_is_of_a_sale_that_nobody_knows() -> None:
    orders = rows((1, "2026-03-01", 20.0), (2, "2026-01-01", 100.0))
    assert kept_money(orders, rows((1, "2026-02-01", 20.0), (3, "2026-04-01", 9.0)))[c.REVENUE].tolist() == [20, 100]


def test_a_return_of_the_same_second_finds_its_order() -> None:
    assert kept_money(rows((1, "2026-03-01", 20.0)), rows((1, "2026-03-01", 20.0)))[c.REVENUE].tolist() == [0.0]


DAYS = st.integers(1, 28).map(lambda day: f"2026-02-{day:02d}")
ROWS = st.lists(st.tuples(st.integers(1, 3), DAYS, st.floats(0, 1e5)), max_size=12)


@given(ROWS, ROWS)
def test_nothing_grows_and_no_more_is_taken_off_than_was_given_back(orders: list[Row], returns: list[Row]) -> None:
    before, back = rows(*orders), rows(*returns)
    after = kept_money(before, back)[c.REVENUE]
    assert ((after >= 0) & (after <= before[c.REVENUE] + 1e-9)).all()
    gone = (before[c.REVENUE] - after).groupby(before[c.CUSTOMER]).sum()
    given_back = back.groupby(c.CUSTOMER)[c.REVENUE].sum().reindex(gone.index).fillna(0.0)
    assert (gone <= given_back + 1e-6).all()
