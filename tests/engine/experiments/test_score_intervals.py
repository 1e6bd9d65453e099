"""Score intervals by what they are: the rates under the hypothesis are the likeliest, at the ends it just stands."""

from __future__ import annotations

from math import inf, log, sqrt

import pytest

from engine.experiments.score_intervals import log_ratio, rate_given_difference, score_difference, score_ratio


@pytest.mark.parametrize("difference", [-0.3, -0.01, 0.004, 0.035, 0.2])
def test_the_rate_under_the_hypothesis_is_the_likeliest(difference: float) -> None:
    def likelihood(rate: float) -> float:
        other = rate + difference
        return 50 * log(rate) + 950 * log(1 - rate) + 65 * log(other) + 935 * log(1 - other)

    best = rate_given_difference(50, 1000, 65, 1000, difference)
    assert all(likelihood(best) >= likelihood(best + step) for step in (-1e-4, 1e-4))


def test_the_ends_are_where_the_test_just_stands() -> None:
    low, high = score_difference(50, 1000, 65, 1000)
    for end in (low, high):
        a = rate_given_difference(50, 1000, 65, 1000, end)
        b = a + end
        variance = (a * (1 - a) + b * (1 - b)) / 1000 * 2000 / 1999
        assert abs(0.015 - end) / sqrt(variance) == pytest.approx(1.959963985, rel=1e-6)


def test_sides_change_with_the_order() -> None:
    there, back = score_difference(3, 40, 5, 41), score_difference(5, 41, 3, 40)
    assert (-back.high, -back.low) == pytest.approx((there.low, there.high), abs=1e-9)
    ratio, other = score_ratio(3, 40, 5, 41), score_ratio(5, 41, 3, 40)
    assert (1 / other.high, 1 / other.low) == pytest.approx((ratio.low, ratio.high), rel=1e-6)


def test_nobody_bought_of_one() -> None:
    assert score_ratio(0, 30, 5, 30).high == inf
    assert score_ratio(5, 30, 0, 30).low == 0
    assert log_ratio(0, 30, 5, 30) is None
    assert -1 <= score_difference(0, 30, 30, 30).low <= score_difference(0, 30, 30, 30).high <= 1
