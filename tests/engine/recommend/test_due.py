from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.recommend.due import DUE, HIGH, LAST, LOW, N_DAYS, OWN, UNTESTED, Rhythm, due_purchases, rhythm
from engine.recommend.history import History
from tests.engine.recommend.tables import Row, history, positions

START = date(2026, 1, 1)


def bought(*purchases: tuple[int, int, list[int]]) -> History:
    """Customer, product, and days since the first of January on which it was bought."""
    rows: list[Row] = []
    for customer, product, days in purchases:
        rows += [
            (customer, product, len(rows) + k, (START + timedelta(days=day)).isoformat()) for k, day in enumerate(days)
        ]
    return history(rows, as_of="2026-12-31")


def day(n: int) -> pd.Timestamp:
    return pd.Timestamp(START + timedelta(days=n))


def test_the_median_of_ones_own_gaps() -> None:
    past = bought((1, 10, [0, 30, 70, 90]))  # gaps 30, 40, 20: the median is 30
    (due,) = due_purchases(past, rhythm(past)).to_dict("records")
    assert (due[N_DAYS], due[LAST], due[c.GAP_DAYS], due[DUE], due[OWN]) == (4, day(90), 30, day(120), True)
    # nothing is known of how sure it is: between half and twice the gap
    assert UNTESTED == (0.5, 2.0)
    assert (due[LOW], due[HIGH]) == (day(105), day(150))


def test_two_orders_on_a_day_are_one_purchase() -> None:
    past = bought((1, 10, [0, 0, 10, 10, 20]))
    (due,) = due_purchases(past, rhythm(past)).to_dict("records")
    assert (due[N_DAYS], due[c.GAP_DAYS], due[DUE]) == (3, 10, day(30))


def test_with_two_purchases_what_is_usual_of_the_product() -> None:
    # five gaps of others: 10, 20, 30, 40, 50; their tenth and nine tenths lie at 10 + .4 · 10 and 40 + .6 · 10
    others = [(who, 10, [0, gap]) for who, gap in zip(range(2, 6), (10, 20, 40, 50), strict=True)]
    past = bought((1, 10, [0, 30]), (1, 11, [0, 30]), *others)
    found = due_purchases(past, rhythm(past)).set_index([c.CUSTOMER, c.PRODUCT])
    due = found.to_dict("index")[(0, 0)]
    assert (due[c.GAP_DAYS], due[DUE], due[LOW], due[HIGH], due[OWN]) == (30, day(60), day(44), day(76), False)
    # nothing is usual of the other product
    assert (0, 1) not in found.index
    # who came back after 10 or 50 days is too unusual to be told by the others
    assert [customer for customer, _ in found.index] == [0, 2, 3]


def test_one_purchase_says_nothing() -> None:
    past = bought((1, 10, [0]), (2, 10, [0, 0]))
    assert due_purchases(past, rhythm(past)).empty


def test_how_sure_it_is_comes_from_forecasts_of_the_last_gaps() -> None:
    # 21 customers with gaps 10, 10 and then 10, 11, … 30: the multiples are 1.0, 1.1, … 3.0
    past = bought(*((who, 10, [0, 10, 20, 30 + who]) for who in range(21)))
    usual = rhythm(past)
    assert usual.off.tolist() == pytest.approx([1.2, 2.8])
    due = due_purchases(past, usual, positions(0)).iloc[0]
    assert (due[c.GAP_DAYS], due[LOW], due[DUE], due[HIGH]) == (10, day(42), day(40), day(58))


def test_what_is_usual_is_kept_and_new_products_have_none() -> None:
    past = bought((1, 10, [0, 10]), (2, 10, [0, 20]), (3, 10, [0, 30]), (4, 10, [0, 40]), (5, 10, [0, 50]))
    usual = rhythm(past)
    again = Rhythm.resumed(usual.kept(), np.array([9, 10, 11]))
    assert np.isnan(again.gap).tolist() == [True, False, True]
    assert again.gap[1] == usual.gap[0] == 30
    nothing = Rhythm.resumed(rhythm(bought((1, 3, [0]))).kept(), np.array([1, 2]))
    assert np.isnan(nothing.gap).all()


days = st.lists(st.integers(0, 300), min_size=1, max_size=8)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), days), min_size=1, max_size=8))
@settings(max_examples=60)
def test_each_is_as_if_counted_by_hand(purchases: list[tuple[int, int, list[int]]]) -> None:
    past = bought(*purchases)
    usual = rhythm(past)
    found = due_purchases(past, usual)
    seen: dict[tuple[int, int], set[int]] = {}
    for customer, product, on in purchases:
        seen.setdefault((customer, product), set()).update(on)
    habits = {pair: sorted(on) for pair, on in seen.items() if len(on) >= 3}
    own = found[found[OWN]]
    pairs = zip(past.customers[own[c.CUSTOMER]].tolist(), past.products[own[c.PRODUCT]].tolist(), strict=True)
    assert set(pairs) == habits.keys()
    for row in own.to_dict("records"):
        on = habits[(int(past.customers[row[c.CUSTOMER]]), int(past.products[row[c.PRODUCT]]))]
        assert row[c.GAP_DAYS] == np.median(np.diff(on))
        assert (row[N_DAYS], row[LAST]) == (len(on), day(on[-1]))
        assert row[LAST] < row[DUE]
        assert row[LOW] <= row[HIGH]
    # one customer alone is told the same
    alone = due_purchases(past, usual, positions(0)).reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, found[found[c.CUSTOMER] == 0].reset_index(drop=True))
