"""How far to look ahead, by hand and by law."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine import columns as c
from engine.lifecycle.horizon import HORIZONS, first_to_second_days, horizon_days, plain_days


def orders(days: dict[int, list[int]]) -> pd.DataFrame:
    """Orders by customer, on so-many-th days of a shop."""
    rows = [(customer, day) for customer, all_days in days.items() for day in all_days]
    at = [pd.Timestamp("2025-01-01 10:30") + pd.Timedelta(days=day) for _, day in rows]
    return pd.DataFrame(
        {
            c.CUSTOMER: np.array([customer for customer, _ in rows], dtype=np.int64),
            c.AT: np.array(at, dtype="datetime64[ns]"),
            c.REVENUE: 10.0,
        }
    )


def test_twice_the_median_gap_to_the_nearest_step() -> None:
    # gaps 40; 50 and 60, of which the median is 55; the median of 40 and 55 is 47.5, twice that is 95
    assert horizon_days(orders({1: [0, 40], 2: [0, 50, 110], 3: [400]})) == 90
    # gaps of 5: 10 days, and the shortest is 30
    assert horizon_days(orders({1: [0, 5, 10], 2: [400]})) == 30
    # gaps of 200: 400 days, and the longest is 180
    assert horizon_days(orders({1: [0, 200, 400]})) == 180


def test_what_could_not_be_tested_yet_is_not_asked() -> None:
    assert horizon_days(orders({1: [0, 50], 2: [125]})) == 60  # 100 days wanted, but only 125 are there
    assert horizon_days(orders({1: [0, 20]})) == 30


def test_a_reseller_counts_once() -> None:
    daily = {1: list(range(360)), 2: [0, 50], 3: [0, 60], 4: [5, 55]}
    assert horizon_days(orders(daily)) == 90  # medians 1, 50, 50, 60


@pytest.mark.parametrize("days", [{}, {1: [0]}, {1: [0], 2: [0]}])
def test_without_a_gap(days: dict[int, list[int]]) -> None:
    assert horizon_days(orders(days)) == 30
    assert first_to_second_days(orders(days)) == 30


def test_nobody_came_back_in_two_years() -> None:
    assert horizon_days(orders({1: [0], 2: [700]})) == 90


@pytest.mark.parametrize(("second", "told"), [(5, 14), (40, 40), (41, 41), (300, 60)])
def test_the_first_return_is_held_to_14_to_60(second: int, told: int) -> None:
    assert first_to_second_days(orders({1: [0, second, second + 500], 2: [0]})) == told


def test_several_orders_of_a_day_are_one() -> None:
    assert first_to_second_days(orders({1: [0, 0, 45]})) == 45


def test_the_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    made = orders({customer: rng.integers(0, 700, 6).tolist() for customer in range(40)})
    mixed = made.sample(frac=1, random_state=3)
    assert horizon_days(mixed) == horizon_days(made)
    assert horizon_days(made) in HORIZONS
    assert first_to_second_days(mixed) == first_to_second_days(made)


@pytest.mark.parametrize(
    ("gap", "horizon", "days"),
    [
        (100, 90, (300, 200)),
        (100, 360, (360, 240)),  # never lost within the days of the forecast
        (2, 30, (60, 40)),
        (500, 180, (730, 487)),
    ],
)
def test_plain_days_are_three_and_two_usual_gaps(gap: int, horizon: int, days: tuple[int, int]) -> None:
    start = pd.Timestamp("2020-01-01")
    orders = pd.DataFrame({c.CUSTOMER: [1, 1, 2], c.AT: [start, start + pd.Timedelta(days=gap), start]})
    assert plain_days(orders, horizon) == days
    assert plain_days(orders[2:], 90) == (90, 60)  # nobody came back: three times 30 days
