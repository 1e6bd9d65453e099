"""Money: what each line was paid, out of what the file says of the order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.intake import paid

MONEY = st.integers(1, 100_000).map(lambda cents: cents / 100)


@given(st.lists(st.tuples(st.integers(0, 3), MONEY), min_size=1, max_size=12), MONEY)
@settings(max_examples=60)
def test_shares_add_up_to_the_amount_and_never_to_more_than_was_paid(
    lines: list[tuple[int, float]], amount: float
) -> None:
    order = np.array([of for of, _ in lines], dtype=np.int32)
    revenue = np.array([money for _, money in lines])
    shares = paid.shares(revenue, np.full(len(lines), amount), order)
    assert (shares <= revenue + 1e-9).all()
    for one in set(order.tolist()):
        within = order == one
        assert shares[within].sum() == pytest.approx(min(amount, revenue[within].sum()))


@given(st.lists(st.tuples(st.integers(0, 3), MONEY), min_size=1, max_size=12), MONEY)
@settings(max_examples=60)
def test_lines_come_to_what_was_paid_for_their_order(lines: list[tuple[int, float]], goods: float) -> None:
    order = np.array([of for of, _ in lines], dtype=np.int32)
    revenue = np.array([money for _, money in lines])
    after = revenue * paid.to_amount(revenue, np.full(len(lines), goods), order, 4)
    for one in set(order.tolist()):
        assert after[order == one].sum() == pytest.approx(goods)


def test_a_discount_takes_off_no_more_than_the_subtotal_shows() -> None:
    order = np.zeros(2, dtype=np.int32)
    revenue = np.array([60.0, 40.0])
    nothing = np.full(2, np.nan)
    # 10 off 100; then 10 off of which only 4 came off goods
    assert (revenue * paid.after_discount(revenue, np.full(2, 10.0), nothing, order, 1)).tolist() == [54.0, 36.0]
    subtotal = np.array([96.0, np.nan])
    after = revenue * paid.after_discount(revenue, np.full(2, 10.0), subtotal, order, 1)
    assert after.tolist() == pytest.approx([57.6, 38.4])


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([100.0, 100.0], [90.0, 90.0]),  # stated on each row
        ([100.0, np.nan], [90.0, 90.0]),  # on the first only
        ([60.0, 40.0], [90.0, 90.0]),  # for each row
        ([np.nan, np.nan], [np.nan, np.nan]),
        ([100.0, -30.0], [90.0, -30.0]),  # money back
    ],
)
def test_what_was_paid_for_the_goods_of_an_order_with_10_of_shipping(
    amounts: list[float], expected: list[float]
) -> None:
    order, leads = np.zeros(2, dtype=np.int32), np.ones(2, dtype=bool)
    goods = paid.for_goods(np.array(amounts), np.array([10.0, np.nan]), order, 1, leads)
    np.testing.assert_array_equal(goods, expected)
