"""Who bought within so many days of their message."""

from __future__ import annotations

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.campaigns.matching import DAY, HELD, Bought, Followed, Sales, bought, windows


def followed(*rows: tuple[int, int, int]) -> Followed:
    """From (person, variant, start in days)."""
    person, variant, start = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    return Followed.of(person, person, variant, start * DAY)


def sales(*rows: tuple[int, float, float, float]) -> Sales:
    """From (person, day, paid, given back)."""
    person, day, paid, back = (np.array(column, float) for column in zip(*rows, strict=True))
    return Sales(person.astype(np.int64), (day * DAY).astype(np.int64), paid, paid - back)


def test_each_has_a_window_of_their_own() -> None:
    """7 days: person 1 from day 10, person 2 from day 12, person 3 held out from day 10."""
    found = bought(
        followed((1, 0, 10), (2, 1, 12), (3, HELD, 10)),
        sales((1, 9.9, 5, 0), (1, 16.9, 7, 0), (2, 11, 9, 0), (2, 19, 8, 0), (3, 10, 4, 0), (9, 11, 99, 0)),
        7,
        18 * DAY,
        whole_days=False,
    )
    assert found.over.tolist() == [True, False, True]  # person 2's ends on day 19
    assert found.converted.tolist() == [True, False, True]
    assert found.revenue.tolist() == [7, 0, 4]
    assert found.before.tolist() == [5, 9, 0]


def test_what_was_given_back_whole_is_no_purchase() -> None:
    orders = sales((1, 11, 5, 5), (2, 11, 5, 2), (3, 11, 0, 0))
    found = bought(followed((1, 0, 10), (2, 0, 10), (3, 0, 10)), orders, 7, 99 * DAY, whole_days=False)
    assert found.converted.tolist() == [False, True, True]  # a file without prices says that somebody bought, too
    assert found.revenue.tolist() == [0, 3, 0]


def test_who_turned_out_to_be_in_it_twice_stays_once() -> None:
    twice = Followed.of(*(np.array(column) for column in ([7, 8, 9], [1, 2, 1], [0, 1, HELD], [0, 0, 0])))
    assert twice.customer.tolist() == [7, 8]


def test_whole_days_begin_with_the_day() -> None:
    start, end = windows(np.array([10 * DAY + 3600]), 7, whole_days=True)
    assert (start.tolist(), end.tolist()) == ([10 * DAY], [18 * DAY])


@given(
    orders=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60), st.integers(0, 50)), max_size=30),
    starts=st.lists(st.integers(10, 30), min_size=1, max_size=5),
    days=st.integers(1, 20),
)
def test_it_is_what_counting_one_by_one_gives(orders: list[tuple[int, int, int]], starts: list[int], days: int) -> None:
    found: Bought = bought(
        followed(*((person, 0, start) for person, start in enumerate(starts))),
        sales(*((who, day, money, 0) for who, day, money in orders)) if orders else sales((99, 0, 0, 0)),
        days,
        45 * DAY,
        whole_days=False,
    )
    for person, start in enumerate(starts):
        within = [money for who, day, money in orders if who == person and start <= day < start + days]
        assert found.converted[person] == bool(within)
        assert found.revenue[person] == sum(within)
        assert found.over[person] == (start + days <= 45)


def test_four_hundred_thousand_people_and_two_million_orders_take_under_a_second_of_work() -> None:
    rng = np.random.default_rng(3)
    people = np.arange(400_000)
    everybody = Followed.of(people, people, people % 3 - 1, np.full(people.size, 100 * DAY))
    who, at, paid = rng.integers(0, people.size, 2_000_000), rng.integers(0, 200 * DAY, 2_000_000), np.ones(2_000_000)
    began = time.process_time()
    found = bought(everybody, Sales(who, at, paid, paid), 30, 200 * DAY, whole_days=False)
    assert time.process_time() - began < 1
    assert found.revenue.sum() == ((at >= 100 * DAY) & (at < 130 * DAY)).sum()
