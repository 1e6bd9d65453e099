"""Bets by hand and by their laws."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.experiments.betting import ENOUGH, MOST_STAKED, N_SPREAD, SPREAD, Bets, chance_of_enough, grown


def coins(signs: NDArray[np.float64], planned: int) -> Bets:
    left = np.maximum(planned - np.arange(len(signs)), 0.0)[:, None]
    return Bets(signs[:, None], left, np.ones((len(signs), 1)))


def test_after_the_plan_only_what_is_spread_goes_on() -> None:
    found = grown(coins(np.ones(2), planned=0))
    stakes = MOST_STAKED * SPREAD ** np.arange(N_SPREAD)
    assert found.now[0] == pytest.approx(0.95 + 0.05 * np.mean((1 + stakes) ** 2))


def test_a_fair_coin_leaves_the_wealth_as_it_is_on_average() -> None:
    # all 2^10 courses of ten tosses, each as likely as any other
    courses = np.array([[1 if at >> bit & 1 else -1 for bit in range(10)] for at in range(1024)], float)
    left = np.repeat(np.arange(10, 0, -1.0)[:, None], 1024, axis=1)
    found = grown(Bets(courses.T, left, np.ones((10, 1024))))
    assert found.now.mean() == pytest.approx(1)
    assert found.now.min() >= 0
    # Ville: nobody gets to 40 more often than 1 time in 40
    assert (found.highest >= ENOUGH).mean() <= 1 / ENOUGH


def test_wealth_is_decided_where_the_plan_ends() -> None:
    rng = np.random.default_rng(3)
    signs = rng.choice([-1.0, 1.0], (400, 2000))
    left = np.repeat(np.arange(400, 0, -1.0)[:, None], 2000, axis=1)
    found = grown(Bets(signs, left, np.ones((400, 2000))))
    assert 0.01 <= (found.highest >= ENOUGH).mean() <= 0.025
    # who has not got there has next to nothing left of the nine tenths
    assert np.median(found.now[found.highest < ENOUGH]) < 0.2
    assert (found.reached[found.highest >= ENOUGH] <= 400).all()
    assert (found.reached[found.highest < ENOUGH] == 401).all()


def test_the_chance_that_is_left() -> None:
    rich, poor = np.array([ENOUGH, 1.0])
    assert chance_of_enough(rich, np.array(0.0), np.array(0.0)) == 1
    # without a drift half of the two-sided chance, which is the share of the target
    assert chance_of_enough(poor, np.array(9.0), np.array(0.0)) == pytest.approx(0.5 / ENOUGH)
    assert chance_of_enough(poor, np.array(9.0), np.array(2.0)) > 0.9


def test_the_path_ends_where_the_wealth_is() -> None:
    found = grown(coins(np.tile([1.0, 1.0, -1.0], 400), planned=1200), with_path=True)
    assert found.at[-1] == 1200
    assert found.path[-1, 0] == found.now[0]
    assert found.path.max() == found.highest[0]
