"""What another policy would have earned, on rows worked by hand, and by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import TooLittleData
from engine.experiments.off_policy import Logged, Method, would_have_earned

# four messages, two variants; A was drawn with 1/2, then with 1/4
LOGGED = Logged(np.array([0, 1, 0, 1]), np.array([1.0, 0.0, 0.0, 1.0]), np.array([0.5, 0.5, 0.25, 0.75]))
ALL_A = np.tile([1.0, 0.0], (4, 1))


@pytest.mark.parametrize(
    ("method", "mean"),
    [
        # weights are 2, 0, 4, 0: (2 · 1 + 4 · 0) / 4, and divided by their sum instead of 4
        ("ips", 2 / 4),
        ("snips", 2 / 6),
        # A brought 1 of 2
        ("dm", 1 / 2),
        # 1/2 and the mean of 2 (1 - 1/2), 0, 4 (0 - 1/2), 0
        ("dr", 1 / 2 + (1 - 2) / 4),
    ],
)
def test_by_hand(method: Method, mean: float) -> None:
    found = would_have_earned(LOGGED, ALL_A, method, fewest=1)
    assert found.mean == pytest.approx(mean)
    # Kong: (2 + 4)² / (4 + 16)
    assert found.effective == pytest.approx(36 / 20)
    assert found.interval.low <= found.mean <= found.interval.high


def test_too_few_effective_messages_are_refused() -> None:
    with pytest.raises(TooLittleData, match="worth the answers of 2 people only"):
        would_have_earned(LOGGED, ALL_A)


@pytest.mark.parametrize("method", ["ips", "snips", "dr"])
def test_intervals_hold_the_truth_about_as_often_as_they_say(method: Method) -> None:
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(200):
        chance = rng.choice([0.2, 0.5, 0.8], 1500)
        is_b = rng.random(1500) < chance
        reward = (rng.random(1500) < np.where(is_b, 0.2, 0.1)).astype(float)
        logged = Logged(is_b.astype(np.int64), reward, np.where(is_b, chance, 1 - chance))
        found = would_have_earned(logged, np.tile([0.3, 0.7], (1500, 1)), method)
        held += found.interval.low <= 0.17 <= found.interval.high
    assert 0.9 <= held / 200 <= 0.99


def test_the_policy_itself_earned_what_it_earned() -> None:
    propensity = np.full(400, 0.5)
    reward = np.tile([1.0, 0.0, 0.0, 0.0], 100)
    logged = Logged(np.tile([0, 1], 200), reward, propensity)
    assert would_have_earned(logged, np.full((400, 2), 0.5), "ips").mean == pytest.approx(reward.mean())
