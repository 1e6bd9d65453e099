"""Orders over time, counted by hand."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.intake.timeline import Timeline, from_facts, timeline


def of(*days: str) -> Timeline:
    made = timeline(np.array(days, dtype="datetime64[s]"), np.full(len(days), 2.5))
    assert made is not None
    return made


def test_without_orders_there_is_none() -> None:
    assert timeline(np.zeros(0, dtype="datetime64[s]"), np.zeros(0)) is None


def test_a_month_is_shown_by_days_with_its_gaps() -> None:
    made = of("2025-05-01T10:00", "2025-05-01T23:59:59", "2025-05-04T00:00")
    assert (made.unit, made.orders, made.money) == ("day", (2, 0, 0, 1), (5.0, 0.0, 0.0, 2.5))
    assert made.starts == (date(2025, 5, 1), date(2025, 5, 2), date(2025, 5, 3), date(2025, 5, 4))
    assert not made.is_first_partial
    assert not made.is_last_partial


def test_two_months_are_shown_by_weeks_from_monday() -> None:
    # 2025-05-01 is a Thursday, 2025-06-29 a Sunday
    made = of("2025-05-01", "2025-06-29")
    assert (made.unit, made.starts[0], made.starts[-1], len(made.starts)) == (
        "week", date(2025, 4, 28), date(2025, 6, 23), 9
    )  # fmt: skip
    assert made.is_first_partial  # three days of its week are missing
    assert not made.is_last_partial


def test_a_year_is_shown_by_months_of_which_the_last_is_cut() -> None:
    made = of("2010-12-01", "2011-05-05", "2011-12-09")
    assert (made.unit, len(made.starts), made.orders) == ("month", 13, (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1))
    assert (made.is_first_partial, made.is_last_partial) == (False, True)


def test_ten_years_are_shown_by_years() -> None:
    made = of("2010-01-01", "2019-12-31")
    assert (made.unit, len(made.starts), made.is_first_partial, made.is_last_partial) == ("year", 10, False, False)


def test_an_order_of_another_century_does_not_flatten_the_others() -> None:
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 28)]
    made = of("1970-01-01", *days)
    assert (made.unit, made.n_outside, sum(made.orders)) == ("month", 1, 324)


def test_sums_of_days_give_the_same_as_orders() -> None:
    at = np.array(["2025-05-01", "2025-05-03"], dtype="datetime64[D]")
    made = timeline(at, np.array([5.0, 2.5]), np.array([2, 1]))
    assert made == of("2025-05-01", "2025-05-01", "2025-05-03")


@given(st.lists(st.dates(date(2015, 1, 1), date(2026, 1, 1)), min_size=1, max_size=60))
def test_every_order_is_in_one_period_or_outside(days: list[date]) -> None:
    made = of(*(day.isoformat() for day in days))
    assert sum(made.orders) + made.n_outside == len(days)
    assert sum(made.money) == pytest.approx(2.5 * sum(made.orders))
    assert len(made.starts) == len(made.orders) <= 61
    assert from_facts(json.loads(json.dumps(asdict(made), default=date.isoformat))) == made
