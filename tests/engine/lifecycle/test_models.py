"""Every model of purchases: laws that hold for any customer, shops at the edge, and what intervals promise."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.errors import NotAllowed, TooLittleData
from engine.lifecycle.counts import Counts, counts
from engine.lifecycle.fitted import ALL_ALIKE, DOUBT_IS_LARGE, NOBODY_LEAVES, NOBODY_REPEATS, SHOP_IS_SMALL, Fitted
from engine.lifecycle.models import FittedPurchases, model, models

NAMES = models()


def shop(x: Sequence[float], t_x: Sequence[float], time: Sequence[float]) -> Counts:
    return Counts(*(np.array(part, dtype=float) for part in (x, t_x, time)))


def made_up(customers: int, seed: int = 5) -> tuple[Counts, np.ndarray]:
    """Customers of a BG/NBD shop over 300 days, and how often each buys in the 90 days after."""
    rng = np.random.default_rng(seed)
    until = rng.integers(30, 300, customers).astype(float)
    rate, leaves = rng.gamma(0.6, 1 / 40, customers), rng.beta(0.8, 2.5, customers)
    x, last, later, now = np.zeros((4, customers))
    still = np.arange(customers)
    while len(still):
        now[still] += rng.exponential(1 / np.maximum(rate[still], 1e-9))
        still = still[now[still] <= until[still] + 90]
        early = still[now[still] <= until[still]]
        x[early] += 1
        last[early] = now[early]
        later[still[now[still] > until[still]]] += 1
        still = still[rng.random(len(still)) >= leaves[still]]
    return Counts(x, last, until), later


@cache
def fitted(name: str) -> FittedPurchases:
    return model(name).fit(made_up(1500)[0])


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(NotAllowed, match="named crystal_ball; there are: bgnbd"):
        model("crystal_ball")


customers = st.tuples(
    st.integers(0, 10_000), st.floats(0, 1, allow_subnormal=False), st.floats(0, 3000, allow_subnormal=False)
).map(lambda who: shop([who[0]], [who[1] * who[2] if who[0] else 0], [who[2]]))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15)
@given(customers, st.floats(0, 400, allow_subnormal=False), st.floats(0.001, 400))
def test_laws_of_probability(name: str, who: Counts, horizon: float, longer: float) -> None:
    fit, rounding = fitted(name), 1e-9
    alive, none, expected = fit.p_alive(who)[0], fit.p_none(who, horizon)[0], fit.expected(who, horizon)[0]
    assert 0 <= alive <= 1
    assert 1 - alive - rounding <= none <= 1 + rounding
    assert expected >= 1 - none - rounding - 1e-7 * expected  # who buys at all buys at least once
    assert fit.p_none(who, horizon + longer)[0] <= none + rounding
    assert fit.expected(who, horizon + longer)[0] >= expected * (1 - 1e-9) - rounding
    assert fit.p_none(who, 0.0)[0] == pytest.approx(1)
    assert fit.expected(who, 0.0)[0] == pytest.approx(0, abs=1e-9)
    assert fit.at_least(who, horizon, np.ones(1))[0] == pytest.approx(1 - none, abs=2e-3)
    assert fit.at_least(who, horizon, np.full(1, 2.0))[0] <= 1 - none + 2e-3


@pytest.mark.parametrize("name", NAMES)
def test_tails_add_up_to_the_expectation(name: str) -> None:
    few = made_up(40)[0]
    total = sum(fitted(name).at_least(few, 90.0, np.full(40, float(n))) for n in range(1, 200))
    assert total == pytest.approx(fitted(name).expected(few, 90.0), rel=2e-3)


@pytest.mark.parametrize("name", NAMES)
def test_intervals_hold_what_they_say(name: str) -> None:
    fit, (shops, later) = fitted(name), made_up(4000, seed=6)
    low, high = fit.interval(shops, 90.0, 0.8)
    assert np.all(low <= high)
    assert np.array_equal(low, np.floor(low))
    # numbers are whole, so an interval holds at least what it says; of three quarters here it is just [0, 0]
    assert np.mean((low <= later) & (later <= high)) >= 0.8
    busy = fit.expected(shops, 90.0) > 3
    assert 0.75 <= np.mean((low <= later)[busy] & (later <= high)[busy]) <= 0.95


@pytest.mark.parametrize("name", NAMES)
def test_a_horizon_per_customer_is_that_of_each(name: str) -> None:
    few, fit = made_up(30)[0], fitted(name)
    horizons = np.linspace(1, 300, 30)
    high = fit.interval(few, horizons, 0.9)[1]
    for row in (0, 11, 29):
        alone = few.at(slice(row, row + 1))
        assert fit.expected(few, horizons)[row] == pytest.approx(fit.expected(alone, float(horizons[row]))[0])
        assert high[row] == fit.interval(alone, float(horizons[row]), 0.9)[1][0]


@pytest.mark.parametrize("name", NAMES)
def test_fewer_customers_are_less_sure(name: str) -> None:
    many, few = fitted(name), model(name).fit(made_up(40)[0])
    who = shop([3], [100], [120])

    def doubt(fit: FittedPurchases) -> float:
        return float(np.std([one.expected(who, 90.0)[0] for one in fit.plausible()]))

    assert doubt(few) > 2 * doubt(many) > 0


@pytest.mark.parametrize("name", NAMES)
def test_without_customers_or_time_it_says_so(name: str) -> None:
    for nothing in (shop([], [], []), shop([0, 0], [0, 0], [0, 0])):
        with pytest.raises(TooLittleData, match="Nobody bought before the newest day"):
            model(name).fit(nothing)


ODD = {
    "one customer": (shop([1], [10], [50]), SHOP_IS_SMALL),
    "thirty-nine": (made_up(39)[0], SHOP_IS_SMALL),
    "not few, yet not enough": (made_up(790)[0], DOUBT_IS_LARGE),
    "nobody repeats": (shop([0] * 200, [0] * 200, [100] * 200), NOBODY_REPEATS),
    "all alike": (shop([3] * 1200, [50] * 1200, [60] * 1200), NOBODY_LEAVES),
    "ten thousand orders": (
        shop([0] * 30 + [1] * 20 + [10_000], [0] * 30 + [20] * 20 + [359], [90] * 50 + [360]),
        SHOP_IS_SMALL,
    ),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("odd", ODD)
def test_odd_shops_get_finite_figures_and_a_note(name: str, odd: str) -> None:
    shops, note = ODD[odd]
    fit = model(name).fit(shops)
    assert note in fit.notes
    low, high = fit.interval(shops, 90.0, 0.8)
    for figures in (fit.p_alive(shops), fit.p_none(shops, 90.0), fit.expected(shops, 90.0), low, high):
        assert np.all(np.isfinite(figures))
    assert np.isfinite(fit.loglik)


def test_equal_rates_are_found_out() -> None:
    # everybody buys once in 20 days, and a third are gone after the first purchase: no difference but that
    rng = np.random.default_rng(1)
    x = rng.poisson(5, 1500).astype(float)
    t_x = np.where(x > 0, 100 * rng.beta(np.maximum(x, 1), 1), 0.0)
    fit = model("pareto_nbd").fit(Counts(x, t_x, np.full(1500, 100.0)))
    assert set(fit.notes) <= {ALL_ALIKE, NOBODY_LEAVES}
    assert fit.notes
    assert fit.params["r"] / fit.params["alpha"] == pytest.approx(0.05, rel=0.1)


def test_where_nobody_leaves_it_says_so(datasets: Path) -> None:
    # a year of Online Retail: maximum likelihood takes everybody for alive
    sold = pd.read_parquet(datasets / "online_retail.parquet")
    sold = sold[sold["CustomerID"].notna() & (sold["Quantity"] > 0) & (sold["UnitPrice"] > 0)]
    orders = pd.DataFrame({c.CUSTOMER: sold["CustomerID"].astype(int), c.AT: sold["InvoiceDate"]})
    found = counts(orders, orders[c.AT].max().date())[1]
    fit = model("bgnbd").fit(found)
    assert NOBODY_LEAVES in fit.notes
    assert isinstance(fit, Fitted)
    assert fit.params["a"] > 0.004  # 0.0034 without the prior
    assert np.log(fit.params["r"]) == pytest.approx(np.log(0.8265), abs=0.05)  # what the data know stays


def test_a_million_are_fitted_as_a_thousand_are() -> None:
    # beyond the sample the steps go on with its curvature: the gradient is zero at the same place
    shops = made_up(60_000)[0]
    fit = model("bgnbd").fit(shops)
    assert isinstance(fit, Fitted)
    slope = fit.family.likelihood(shops)(fit.logs)[1]
    assert 0.5 * slope @ fit.covariance @ slope < 1e-6
    truth = np.log([0.6, 40, 0.8, 2.5])
    assert np.all(np.abs(fit.logs - truth) < 4 * np.sqrt(np.diag(fit.covariance)))
