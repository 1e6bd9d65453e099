from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.recommend.order_by_order import OrderByOrder, begins, places
from tests.engine.recommend.tables import Row, history, positions

# customer 7 orders product 30 on the 20th, 10 and 30 on the 28th; 9 orders 10; 5 nothing
ROWS: list[Row] = [
    (7, 30, 2, "2026-06-28"), (7, 10, 2, "2026-06-28"), (7, 30, 5, "2026-06-20"), (9, 10, 3, "2026-06-29"),
]  # fmt: skip


def made(vocabulary: tuple[int, ...] = (10, 30)) -> OrderByOrder:
    return OrderByOrder.of(history(ROWS, customers=[5, 7, 9]), positions(*vocabulary))


def test_orders_are_counted_from_the_earliest_on() -> None:
    past = made()
    assert past.order.tolist() == [0, 1, 1, 0]
    assert past.product.tolist() == [1, 0, 1, 0]
    assert past.age.tolist() == [10, 2, 2, 1]
    assert past.starts.tolist() == [0, 0, 3, 4]
    assert past.n_orders.tolist() == [0, 2, 1]


def test_a_product_that_the_network_does_not_know_is_left_out_and_an_order_of_it_too() -> None:
    past = made((10, 99))
    assert (past.order.tolist(), past.product.tolist(), past.n_orders.tolist()) == ([0, 0], [0, 0], [0, 1, 1])


def test_lists_stand_one_after_the_other_in_any_order() -> None:
    inputs = made().inputs(positions(2, 0, 1, 2))
    assert inputs.n == 4
    assert inputs.row.tolist() == [0, 2, 2, 2, 3]
    assert inputs.product.tolist() == [0, 1, 0, 1, 0]


def test_the_first_orders_are_asked_for_when_the_next_one_came() -> None:
    inputs = made().inputs(positions(1, 2), positions(1, 1))
    assert (inputs.row.tolist(), inputs.product.tolist()) == ([0, 1], [1, 0])
    # 8 days before the next order; 1 day before the end where no order came after
    assert inputs.age.tolist() == [8, 1]


def test_what_came_later() -> None:
    row, product = made().later(positions(2, 1), positions(0, 1))
    assert list(zip(row.tolist(), product.tolist(), strict=True)) == [(0, 0), (1, 0), (1, 1)]


def test_places_and_beginnings() -> None:
    assert places(positions(5, 10, 11, 40), positions(10, 40)).tolist() == [-1, 0, -1, 1]
    assert places(positions(5), positions()).tolist() == [-1]
    assert begins(positions(0, 0, 1), positions(0, 1, 1)).tolist() == [True, True, True]
    assert begins(positions(0, 0), positions(1, 1)).tolist() == [True, False]
    assert not begins(positions()).size


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(1, 28)), max_size=20), st.integers(0, 3))
def test_earlier_and_later_orders_make_the_whole(drawn: list[tuple[int, int, int]], cut: int) -> None:
    rows = [(who, what, who * 100 + day, f"2026-06-{day:02d}") for who, what, day in drawn]
    past = history(rows, customers=range(1, 6), products=range(1, 7))
    found = OrderByOrder.of(past, past.products)
    everyone, cuts = np.arange(5), np.full(5, cut)
    earlier = found.inputs(everyone, cuts)
    pairs = set(zip(earlier.row.tolist(), earlier.product.tolist(), strict=True))
    pairs |= set(zip(*(part.tolist() for part in found.later(everyone, cuts)), strict=True))
    assert pairs == set(zip(past.bought[c.CUSTOMER].tolist(), past.bought[c.PRODUCT].tolist(), strict=True))
    assert (earlier.age >= 0).all()
    assert found.n_orders.sum() == past.bought.drop_duplicates([c.CUSTOMER, c.ORDER]).shape[0]
    with pytest.raises(IndexError):
        found.inputs(positions(5))
