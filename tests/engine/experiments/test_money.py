"""Money compared: by hand, by laws, and with the help of what was spent before."""

from __future__ import annotations

import numpy as np
import pytest

from engine.experiments.money import Spending, cuped, ratio_metric, welch


def test_welch_by_hand() -> None:
    a, b = Spending.of(np.array([1.0, 3.0])), Spending.of(np.array([2.0, 4.0, 6.0]))
    found = welch(a, b)
    # means 2 and 4, variances 2 and 4: se² = 2/2 + 4/3, df = (7/3)² / (1 + (4/3)²/2)
    assert (found.estimate, found.se**2) == pytest.approx((2, 7 / 3))
    assert found.df == pytest.approx((7 / 3) ** 2 / (1 + (4 / 3) ** 2 / 2))


def test_a_group_without_any_difference_has_no_error() -> None:
    nothing = Spending.of(np.zeros(20))
    assert welch(nothing, nothing).p == 1
    assert welch(nothing, nothing).interval() == (0, 0)


def test_money_per_order_by_hand() -> None:
    # 3 orders for 30 and 1 for 20: 12.5 an order; residuals 30 - 37.5 and 20 - 12.5, over 2 orders in the mean
    found = ratio_metric(np.array([30.0, 20.0]), np.array([3.0, 1.0]))
    assert found.mean == 12.5
    assert found.variance == pytest.approx(2 * 3.75**2)


def test_what_was_spent_before_helps_where_it_tells_something() -> None:
    rng = np.random.default_rng(8)
    before = tuple(rng.gamma(2, 20, 500) for _ in range(2))
    alike = (before[0] + rng.normal(0, 5, 500), before[1] + 3 + rng.normal(0, 5, 500))
    found = cuped(alike, before)
    assert found.helps
    # correlated by .98, nearly all of the variance goes, and the difference stays
    assert found.removed > 0.9
    adjusted = welch(*map(Spending.of, found.amounts))
    assert adjusted.interval().low <= 3 <= adjusted.interval().high
    assert adjusted.se < 0.5 * welch(*map(Spending.of, alike)).se


def test_no_help_where_nothing_was_spent_or_it_tells_nothing() -> None:
    rng = np.random.default_rng(8)
    groups = (rng.normal(size=400), rng.normal(size=400))
    assert not cuped(groups, (np.zeros(400), np.zeros(400))).helps
    assert not cuped(groups, (rng.normal(size=400), rng.normal(size=400))).helps
