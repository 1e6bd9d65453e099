"""What a shop's own past says about a forecast, and forecasts that add up."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine import columns as c
from engine.errors import TooLittleData
from engine.lifecycle.clock import Clock
from engine.lifecycle.counts import Counts, counts
from engine.lifecycle.level import Levelled, levelled
from engine.lifecycle.models import model
from engine.lifecycle.models.cooling import FittedCooling
from engine.lifecycle.points import points

START = date(2025, 1, 1)


def sold(customers: int, boost: float = 0.0, seed: int = 1) -> pd.DataFrame:
    """Purchases over a year of customers who stay, of rates of their own, in the time of a clock with a fade of 30."""
    rng = np.random.default_rng(seed)
    first, rate = rng.integers(0, 120, customers), rng.gamma(1.0, 1 / 60, customers)
    ages = np.arange(1, 366)
    chance = np.diff(Clock(boost, 30.0).at(np.arange(366.0)))
    buys = rng.random((customers, 365)) < rate[:, None] * chance
    who, age = np.nonzero(buys & (first[:, None] + ages <= 365))
    days = np.r_[first, first[who] + ages[age]]
    at = pd.Timestamp(START) + pd.to_timedelta(days, unit="D")
    return pd.DataFrame({c.CUSTOMER: np.r_[np.arange(customers), who], c.AT: at})


@cache
def shop() -> tuple[pd.DataFrame, date, Counts]:
    orders, as_of = sold(1200), START + timedelta(days=250)
    return orders, as_of, counts(orders, as_of)[1]


def test_a_forecast_that_was_too_high_is_lowered() -> None:
    orders, as_of, now = shop()
    # a third of all customers stopped for good after day 120, which the model, fitted before, cannot know
    stopped = (orders[c.CUSTOMER] % 3 == 0) & (orders[c.AT] > pd.Timestamp(START + timedelta(days=120)))
    fit = levelled(model("bgnbd"), orders[~stopped], as_of, 90)
    assert fit.came_by_forecast < 0.9
    assert fit.pace < 1
    later = counts(orders[~stopped], as_of)[1]
    assert fit.expected(later, 90).sum() < fit.fit.expected(later, 90).sum()
    assert fit.p_none(now, 0.0) == pytest.approx(1)


def test_a_model_that_was_right_is_left_nearly_alone() -> None:
    orders, as_of, now = shop()
    fit = levelled(model("bgnbd"), orders, as_of, 90)
    assert len(fit.trials) == 4
    assert fit.expected(now, 90).sum() == pytest.approx(fit.fit.expected(now, 90).sum(), rel=0.1)
    customers, known = counts(orders, as_of)
    came = counts(orders, as_of + timedelta(days=90))[1].x[: len(customers)] - known.x
    assert fit.expected(now, 90).sum() == pytest.approx(came.sum(), rel=0.1)


def test_the_trials_count_what_came() -> None:
    orders, as_of, _ = shop()
    trial = levelled(model("bgnbd"), orders, as_of, 60).trials[0]
    days = orders[c.AT].dt.date
    old = set(orders[c.CUSTOMER][days <= trial.as_of])
    within = (days > trial.as_of) & (days <= trial.as_of + timedelta(days=60)) & orders[c.CUSTOMER].isin(old)
    assert (trial.as_of, trial.days) == (START + timedelta(days=125), 60)
    assert trial.came.sum() == within.sum()


def test_without_a_past_nothing_is_corrected() -> None:
    orders = sold(5)
    fit = levelled(model("bgnbd"), orders, START + timedelta(days=130), 90)
    assert (fit.pace, fit.trials) == (1.0, ())
    assert np.isnan(fit.came_by_forecast)
    with pytest.raises(TooLittleData):
        levelled(model("bgnbd"), orders.iloc[:0], START, 90)


def test_points_add_up_and_err_less() -> None:
    orders, as_of, now = shop()
    fit = model("bgnbd").fit(now)
    expected, forecast = fit.expected(now, 90.0), points(fit, now, 90.0)
    assert forecast.sum() == pytest.approx(expected.sum(), rel=1e-9)
    assert np.all(forecast >= 0)
    came = counts(orders, as_of + timedelta(days=90))[1].x[: len(now)] - now.x
    assert np.abs(forecast - came).mean() < np.abs(expected - came).mean()
    # with all the weight on squares, the best number is the expectation
    assert points(fit, now, 90.0, square=1e6) == pytest.approx(expected, abs=1e-4)


def test_nobody_s_points_are_none() -> None:
    nobody = np.empty(0)
    assert len(points(model("bgnbd").fit(shop()[2]), Counts(nobody, nobody, nobody), 90.0)) == 0


def test_a_fast_start_is_found_and_told_from_leaving() -> None:
    orders = sold(1500, boost=3.0, seed=2)
    as_of = START + timedelta(days=250)
    now = counts(orders, as_of)[1]
    fit = model("cooling").fit(now)
    assert isinstance(fit, FittedCooling)
    assert fit.clock.boost >= 1
    came = counts(orders, as_of + timedelta(days=100))[1].x[: len(now)].sum() - now.x.sum()
    plain = model("mbgnbd").fit(now).expected(now, 100).sum()
    assert abs(fit.expected(now, 100).sum() / came - 1) < min(0.1, abs(plain / came - 1))


def test_the_usual_clock_is_kept_where_nothing_speaks_against_it() -> None:
    now = shop()[2]
    without = Counts(now.x, now.t_x, now.T)
    fit = model("cooling").fit(without)
    assert isinstance(fit, FittedCooling)
    assert fit.clock == Clock()


def test_a_clock_shows_time_passing() -> None:
    clock = Clock(boost=1.0, fade=10.0)
    shown = clock.at(np.array([0.0, 1e-6, 1000.0]))
    assert shown[0] == 0
    assert shown[1] == pytest.approx(2e-6)  # twice as fast at first
    assert shown[2] == pytest.approx(1010)  # and then as fast as any, ten days ahead


def test_a_levelled_fit_is_a_fit() -> None:
    orders, as_of, now = shop()
    fit = levelled(model("mbgnbd"), orders, as_of, 90)
    low, high = fit.interval(now, 90.0, 0.8)
    assert np.all(low <= high)
    assert fit.params["pace"] == fit.pace
    assert len(fit.plausible()) == 8
    assert all(isinstance(one, Levelled) for one in fit.plausible())
