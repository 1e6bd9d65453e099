"""Shares of noise: what they add up to."""

from __future__ import annotations

from math import exp
from random import Random

import pytest

from engine.privacy.pool.noise import deviation, share

N = 40_000


@pytest.mark.parametrize("h", [1, 3, 7])
def test_shares_make_up_a_discrete_laplace(h: int) -> None:
    """Of scale 2: variance 7.8354, P(0) .24492 (known answers of OpenDP's); P(k) falls by e^-1/2 a step."""
    rng = Random(20261127 + h)
    sums = [sum(share(2, h, rng) for _ in range(h)) for _ in range(N)]
    assert sum(sums) / N == pytest.approx(0, abs=5 * 2.8 / N**0.5)
    assert sum(x * x for x in sums) / N == pytest.approx(7.8354, rel=0.06)
    chances = [sums.count(k) / N for k in range(5)]
    assert chances[0] == pytest.approx(0.24492, abs=5 * (0.245 * 0.755 / N) ** 0.5)
    for k in range(1, 5):
        expected = 0.24492 * exp(-k / 2)
        assert chances[k] == pytest.approx(expected, abs=5 * (expected / N) ** 0.5)


@pytest.mark.parametrize("epsilon", [0.5, 1.0])
def test_one_message_more_changes_no_chance_by_more_than_it_should(epsilon: float) -> None:
    """Measured on neighbours: the ratio of the chances of each total is at most e^ε, beyond sampling error."""
    rng = Random(7)
    h, scale = 3, 1 / epsilon
    without = [10 + sum(share(scale, h, rng) for _ in range(h)) for _ in range(N)]
    with_one = [11 + sum(share(scale, h, rng) for _ in range(h)) for _ in range(N)]
    for total in range(7, 15):
        a, b = without.count(total), with_one.count(total)
        assert a > 100 and b > 100
        slack = 1 + 4.5 * (1 / a + 1 / b) ** 0.5
        assert max(a / b, b / a) < exp(epsilon) * slack


def test_the_deviation_that_is_told() -> None:
    assert deviation(2, 1) ** 2 == pytest.approx(7.8354, abs=1e-4)
    assert deviation(2, 2) ** 2 == pytest.approx(2 * 7.8354, abs=2e-4)


def test_the_usual_source_is_the_systems() -> None:
    assert len({share(1000, 2) for _ in range(20)}) > 15
