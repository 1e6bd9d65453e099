"""Probabilities that are set right by what happened."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from engine.lifecycle.purchases import Bools, Floats
from engine.lifecycle.recalibration import PRIOR, SEASONS, calibration

GRID = np.linspace(0.01, 0.99, 99)


def season(n: int, shift: float, rng: np.random.Generator) -> tuple[Floats, Bools]:
    """Forecasts that are off by `shift` in logits, and what happened."""
    p = rng.uniform(0.05, 0.95, n)
    return p, rng.random(n) < expit(logit(p) + shift)


def learned(seasons: list[tuple[Floats, Bools]]) -> Floats:
    return calibration([p for p, _ in seasons], [none for _, none in seasons])(GRID)


def test_without_a_past_nothing_moves_but_the_unknown_season() -> None:
    assert calibration([], []) is PRIOR
    assert PRIOR(np.array([0.5])) == pytest.approx(0.5)
    assert np.abs(PRIOR(GRID) - GRID).max() < 0.01


def test_what_was_right_stays() -> None:
    rng = np.random.default_rng(1)
    assert np.abs(learned([season(5_000, 0.0, rng) for _ in range(4)]) - GRID).max() < 0.03


def test_what_was_off_each_time_is_set_right() -> None:
    rng = np.random.default_rng(2)
    right = learned([season(5_000, -0.8, rng) for _ in range(5)])
    assert np.abs(right - expit(logit(GRID) - 0.8)).max() < 0.05


def test_few_outcomes_move_little() -> None:
    rng = np.random.default_rng(3)
    some, many = (learned([season(n, -0.8, rng)]) for n in (5, 5_000))
    assert np.abs(some - GRID).max() < np.abs(many - GRID).max() < 0.2


def test_seasons_that_differ_make_the_next_less_sure() -> None:
    rng = np.random.default_rng(4)
    calm, wild = (
        calibration(*map(list, zip(*[season(3_000, shift, rng) for shift in shifts], strict=True)))
        for shifts in ((0.0, 0.0, 0.0, 0.0), (-1.0, 1.0, -1.0, 1.0))
    )
    assert calm.seasons < SEASONS < wild.seasons
    width = [high - low for low, high in (one.interval(np.array([0.5]), 0.9) for one in (calm, wild))]
    assert width[0] < width[1]


@given(
    st.lists(st.tuples(st.integers(1, 99), st.booleans()), max_size=60),
    st.lists(st.tuples(st.integers(0, 100), st.booleans()), max_size=60),
)
@settings(max_examples=50)
def test_laws(first: list[tuple[int, bool]], second: list[tuple[int, bool]]) -> None:
    there = [part for part in (first, second) if part]
    made = calibration(
        [np.array([p / 100 for p, _ in part]) for part in there],
        [np.array([none for _, none in part]) for part in there],
    )
    ends = np.concatenate([[0.0], GRID, [1.0]])
    right = made(ends)
    low, high = made.interval(ends, 0.9)
    assert (np.diff(right) >= 0).all(), "the order of people stays"
    assert ((low >= 0) & (low <= right) & (right <= high) & (high <= 1)).all()
