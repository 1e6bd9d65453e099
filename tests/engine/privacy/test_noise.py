"""Noise by known answers, and no weaker than what is stated."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import opendp.prelude as dp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opendp.mod import OpenDPException

from engine.privacy.noise import border_near, cost, give_or_take, noisy, scale_for, variance

dp.enable_features("contrib")


def test_laplace_of_scale_two_is_half_an_epsilon() -> None:
    assert cost(2.0) == pytest.approx(0.5, abs=1e-12)
    assert scale_for(0.5) == pytest.approx(2.0, rel=1e-8)
    assert scale_for(0.5) > 2.0


def test_gaussian_of_deviation_ten_composes() -> None:
    """ρ = 1 / (2 · 10²) = .005, and three of it .015 (Bun & Steinke 2016, proposition 1.6 and lemma 1.7)."""
    gaussian: Any = dp.m.make_gaussian(dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T="f64"), scale=10.0)
    three: Any = dp.c.make_composition([gaussian] * 3)
    assert gaussian.map(1.0) == pytest.approx(0.005, abs=1e-12)
    assert three.map(1.0) == pytest.approx(0.015, abs=1e-12)


def test_discrete_laplace_of_scale_two() -> None:
    """Variance 2a / (1 − a)² and P(0) = (1 − a) / (1 + a) with a = exp(−1/2): 7.8354 and tanh(1/4) = .24492."""
    assert variance(2.0) == pytest.approx(7.8354, abs=5e-5)
    drawn = noisy(np.zeros(20_000, np.int64), epsilon=0.5)
    # noise has no seed; beyond six standard errors once in 10⁹ times: of a variance (kurtosis below 6.1), of a share
    assert drawn.var() == pytest.approx(7.8354, abs=6 * 7.8354 * math.sqrt(5.1 / 20_000))
    assert np.mean(drawn == 0) == pytest.approx(0.24492, abs=6 * math.sqrt(0.185 / 20_000))
    assert abs(drawn.mean()) < 6 * math.sqrt(7.8354 / 20_000)


def test_a_budget_over_four_queries_refuses_the_fifth() -> None:
    """OpenDP's own composition does, in memory; ours in the store is tested where it is."""
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    ask = dp.c.make_adaptive_composition(*space, dp.max_divergence(), d_in=1, d_mids=[0.25] * 4)([1, 2])
    query = dp.m.make_laplace(*space, scale=4.0)
    for _ in range(4):
        assert len(ask(query)) == 2
    with pytest.raises(OpenDPException):
        ask(query)


def test_noise_has_no_seed() -> None:
    np.random.seed(1)
    first = noisy(np.zeros(40, np.int64), epsilon=0.1)
    np.random.seed(1)
    assert (first != noisy(np.zeros(40, np.int64), epsilon=0.1)).any()


@given(st.floats(0.5, 1000), st.floats(0.5, 0.999))
def test_give_or_take_is_the_smallest_that_holds(scale: float, sure: float) -> None:
    shrink = math.exp(-1 / scale)

    def beyond(t: int) -> float:
        return 2 * shrink ** (t + 1) / (1 + shrink)

    half = give_or_take(scale, sure)
    assert beyond(half) <= (1 - sure) * (1 + 1e-9)
    assert half == 0 or beyond(half - 1) >= (1 - sure) * (1 - 1e-9)


@given(st.floats(0.001, 5), st.integers(1, 10_000))
def test_no_scale_costs_more_than_is_stated(epsilon: float, sensitivity: int) -> None:
    assert cost(scale_for(epsilon, sensitivity), sensitivity) <= epsilon


@pytest.mark.parametrize("epsilon", [0.0, -1.0, math.nan, math.inf])
def test_an_epsilon_that_is_none(epsilon: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        noisy([1], epsilon=epsilon)


def test_noise_keeps_the_shape_and_the_place() -> None:
    assert noisy(np.array([[1_000_000, 0], [0, 0]]), epsilon=1.0).shape == (2, 2)
    assert abs(int(noisy([1_000_000], epsilon=1.0)[0]) - 1_000_000) < 100


def test_a_private_median_is_near() -> None:
    values = np.repeat(np.array([10, 50, 900], np.int64), 500)
    assert border_near(values, (1, 20, 50, 100, 1000, 10_000), 0.5, 1.0) == 50
