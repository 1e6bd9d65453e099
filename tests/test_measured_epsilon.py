"""The measure of privacy, short: what is promised is kept, and what is not would be found."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from benchmarks import measured_epsilon
from benchmarks.measured_epsilon import measured, of_groups, of_reports
from engine.privacy.borders import FINEST
from engine.privacy.noise import noisy
from engine.privacy.release import SHARES, Asked, CampaignLabel, release

RUNS = 5_000
ALPHA = 1e-6  # of how many runs of these tests one may fail by the noise's luck, which has no seed


def test_no_figure_of_a_report_gives_away_more_than_stated() -> None:
    """Whole reports, as they are made, and the looks of the private groups."""
    found = {**of_reports(400, 1.0), **of_groups(RUNS, 0.1)}
    assert len(found) == 16
    for name, (stated, without, within) in found.items():
        assert measured(without, within, ALPHA / len(found)).lower <= stated, name


@pytest.mark.parametrize("key", [*SHARES, "campaign 0"])
def test_no_figure_alone_gives_away_more_than_stated(key: str) -> None:
    """The noise of each figure of a report, drawn 5,000 times at once around what a whole customer changes."""
    asked = Asked(1.0, date(2026, 11, 1), campaigns=(CampaignLabel(1, "win_back", ("A", "B")),))
    figure = release(measured_epsilon._shop(1), asked, np.random.default_rng(0)).figures[key]
    most = {"money": FINEST, "all_orders": figure.bound or 0}.get(key, 1)
    without, within = (
        noisy(np.full(RUNS, moved), epsilon=figure.epsilon, sensitivity=most).astype(float) for moved in (0, most)
    )
    assert measured(without, within, ALPHA / (len(SHARES) + 1)).lower <= figure.epsilon


def test_at_one_epsilon_the_measure_comes_near_it() -> None:
    """Counts of nobody and of one, so the event is “one or more”, e times as likely."""
    found = measured(*counts(1.0), ALPHA)
    assert found.epsilon == pytest.approx(1.0, abs=0.25)
    assert 0.6 < found.lower <= 1.0


@pytest.mark.parametrize("real", [1.6, 2.0, 4.0])
def test_noise_that_is_too_little_is_found(real: float) -> None:
    assert measured(*counts(real), ALPHA).lower > 1.0


def test_no_noise_is_found() -> None:
    zeros = np.zeros(RUNS)
    assert measured(zeros, zeros + 1, ALPHA).lower > 4


def test_a_sum_with_noise_for_half_of_its_bound_is_found() -> None:
    without = noisy(np.zeros(RUNS, np.int64), epsilon=1.0, sensitivity=500).astype(float)
    within = noisy(np.full(RUNS, 1000), epsilon=1.0, sensitivity=500).astype(float)
    assert measured(without, within, ALPHA).lower > 1.0


def test_an_exact_figure_beside_noisy_ones_is_found() -> None:
    """As if the bound were the data's own maximum: the noise's scale alone tells that somebody rich is there."""
    rng = np.random.default_rng(1)
    without, within = rng.laplace(0, 1, RUNS), rng.laplace(0, 1000, RUNS)
    assert measured(without, within, ALPHA).lower > 1.0


def test_the_bound_is_clopper_and_pearsons() -> None:
    """10 of 20 and 5 of 20 at 95 %: the intervals are .2720–.7280 and .0866–.4910 (Clopper & Pearson 1934)."""
    assert measured_epsilon._lower(10, 5, 20, 0.05) == pytest.approx(math.log(0.2720 / 0.4910), abs=1e-3)
    assert measured_epsilon._lower(0, 5, 20, 0.05) == -math.inf


def counts(epsilon: float) -> tuple[np.ndarray, np.ndarray]:
    return tuple(noisy(np.full(2 * RUNS, n), epsilon=epsilon).astype(float) for n in (0, 1))  # type: ignore[return-value]
