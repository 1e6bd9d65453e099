"""What each customer is expected to do: true to simulated shops, and an answer for every shop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.errors import NotAllowed, TooLittleData
from engine.lifecycle.forecast import LEVEL, Forecast, forecast
from engine.lifecycle.measures import Outcomes, ranked
from engine.lifecycle.purchases import purchases
from tests.engine.lifecycle.simulated import START, shop

HORIZON = 60
RANGES = (
    (c.P_NONE, c.P_NONE_LOW, c.P_NONE_HIGH),
    (c.EXPECTED_ORDERS, c.EXPECTED_ORDERS_LOW, c.EXPECTED_ORDERS_HIGH),
    (c.EXPECTED_MONEY, c.EXPECTED_MONEY_LOW, c.EXPECTED_MONEY_HIGH),
)


def made(orders: pd.DataFrame, days: int, horizon: int = HORIZON, seed: int = 1) -> Forecast:
    return forecast(orders, as_of=START + pd.Timedelta(days=days), horizon=horizon, seed=seed)


def orders(*rows: tuple[int, int, float]) -> pd.DataFrame:
    """(customer, day, money) each."""
    table = pd.DataFrame(list(rows), columns=[c.CUSTOMER, "day", c.REVENUE])
    table[c.CUSTOMER] = table[c.CUSTOMER].astype("int64")
    table[c.AT] = START + pd.to_timedelta(table["day"].astype("int64"), unit="D")
    return table


def lawful(told: Forecast) -> None:
    """What holds of every forecast."""
    numbers = told.frame[[name for names in RANGES for name in names]]
    assert np.isfinite(numbers.to_numpy()).all()
    for middle, low, high in RANGES:
        assert (told.frame[low] <= told.frame[middle]).all(), middle
        assert (told.frame[middle] <= told.frame[high]).all(), middle
    assert (told.frame[c.P_NONE_LOW] >= 0).all()
    assert (told.frame[c.P_NONE_HIGH] <= 1).all()
    assert (numbers[[low for _, low, _ in RANGES]] >= 0).all(axis=None)
    assert (told.frame[c.EXPECTED_ORDERS] >= 1 - told.frame[c.P_NONE] - 1e-9).all(), "who comes orders at least once"
    assert (told.frame[c.EXPECTED_ORDERS_HIGH] <= told.horizon).all()
    likely = told.frame[c.NEXT_ORDER_AT].notna()
    assert (likely == (told.frame[c.P_NONE] <= 0.5)).all()
    days = told.frame.loc[likely]
    assert (days[c.NEXT_ORDER_AT_LOW] >= told.as_of).all()
    assert (days[c.NEXT_ORDER_AT_LOW] <= days[c.NEXT_ORDER_AT]).all()
    assert (days[c.NEXT_ORDER_AT] <= told.as_of + pd.Timedelta(days=told.horizon)).all()
    assert (days[c.NEXT_ORDER_AT_HIGH].isna() | (days[c.NEXT_ORDER_AT_HIGH] >= days[c.NEXT_ORDER_AT])).all()
    assert (told.record is None) != (told.untested is None)


@pytest.fixture(scope="module")
def simulated() -> tuple[Forecast, pd.DataFrame]:
    """A forecast of a shop of BG/NBD, and by customer what came: n, money, and the days until the first order."""
    days = 600
    everything = shop(1_800, days + HORIZON, np.random.default_rng(11), r=1.5, alpha=45.0, a=0.6, b=4.0)
    then = START + pd.Timedelta(days=days)
    told = made(everything[everything[c.AT] < then], days)
    after = everything[everything[c.AT] >= then]
    after = after.assign(day=after[c.AT].dt.normalize())
    came = after.groupby(c.CUSTOMER).agg(n=("day", "nunique"), money=(c.REVENUE, "sum"), first=("day", "min"))
    return told, came.reindex(told.frame.index).assign(
        n=lambda table: table["n"].fillna(0), money=lambda table: table["money"].fillna(0.0)
    )


def test_a_shop_of_bgnbd_does_what_was_forecast(simulated: tuple[Forecast, pd.DataFrame]) -> None:
    told, came = simulated
    lawful(told)
    none = came["n"] == 0
    assert told.frame[c.P_NONE].mean() == pytest.approx(none.mean(), abs=0.03)
    assert told.frame[c.EXPECTED_ORDERS].sum() == pytest.approx(came["n"].sum(), rel=0.1)
    assert told.frame[c.EXPECTED_MONEY].sum() == pytest.approx(came["money"].sum(), rel=0.15)


def test_intervals_hold_at_least_what_they_say(simulated: tuple[Forecast, pd.DataFrame]) -> None:
    told, came = simulated
    for (_, low, high), what in zip(RANGES[1:], ("n", "money"), strict=True):
        held = (came[what] >= told.frame[low]) & (came[what] <= told.frame[high])
        assert held.mean() >= LEVEL
    tenths = pd.qcut(told.frame[c.P_NONE].rank(method="first"), 10, labels=False)
    shares = told.frame.assign(none=came["n"] == 0).groupby(tenths)[[c.P_NONE_LOW, c.P_NONE_HIGH, "none"]].mean()
    assert ((shares["none"] >= shares[c.P_NONE_LOW]) & (shares["none"] <= shares[c.P_NONE_HIGH])).sum() >= 8


def test_half_have_ordered_by_their_next_day(simulated: tuple[Forecast, pd.DataFrame]) -> None:
    told, came = simulated
    likely = told.frame[told.frame[c.NEXT_ORDER_AT].notna()]
    first = came.loc[likely.index, "first"]
    assert len(likely) > 200
    assert (first <= likely[c.NEXT_ORDER_AT]).mean() == pytest.approx(0.5, abs=0.1)
    assert (first < likely[c.NEXT_ORDER_AT_LOW]).mean() < 0.08


def test_a_seed_tells_all() -> None:
    some = shop(150, 300, np.random.default_rng(2))
    first, second = made(some, 300), made(some.sample(frac=1, random_state=1), 300)
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert (first.score, first.model, first.notes) == (second.score, second.model, second.notes)


def test_nobody_is_nobody() -> None:
    with pytest.raises(TooLittleData, match="Nobody has ordered before 2024-01-31"):
        made(orders(), 30)
    with pytest.raises(TooLittleData, match="Nobody has ordered before 2024-01-31"):
        made(orders((1, 30, 5.0)), 30)


@pytest.mark.parametrize("horizon", [0, -1, 5_000])
def test_a_horizon_has_bounds(horizon: int) -> None:
    with pytest.raises(NotAllowed, match="1 to 1,096 days ahead"):
        made(orders((1, 3, 5.0)), 30, horizon)


DAILY = [(1, day, 5.0) for day in range(10_000)]


@pytest.mark.parametrize(
    ("rows", "days"),
    [
        ([(1, 0, 10.0)], 1),
        ([(1, 10 * i, 10.0) for i in range(20)], 200),
        ([(1, 0, 10.0), (2, 20, 5.0), (2, 50, 5.0)], 60),
        ([(i, 0, 10.0) for i in range(60)], 1),
        ([(i, 3 * i, 10.0) for i in range(60)], 180),
        ([(i, 30 * k, 10.0) for i in range(60) for k in range(6)], 180),
        ([(i, 2 * k, 10.0) for i in range(30) for k in range(100 if i % 2 else 1)], 200),
        (DAILY, 10_000),
        ([*DAILY, *((i, 9_000 + 40 * i, 1.0) for i in range(2, 25))], 10_000),
        ([(i, 7 * i * k % 200, 0.0) for i in range(1, 60) for k in range(5)], 200),
        ([(i, 7 * i * k % 200, (np.nan, np.inf, -9.0, 1e12)[i % 4]) for i in range(1, 60) for k in range(5)], 200),
    ],
    ids=[
        "one order", "one customer", "two customers", "one day only", "all one-time buyers", "all identical",
        "half every other day", "10,000 orders", "10,000 orders among few", "no money", "amounts that are none",
    ],
)  # fmt: skip
def test_an_answer_for_every_shop(rows: list[tuple[int, int, float]], days: int) -> None:
    some = orders(*rows)
    for horizon in (1, HORIZON, 700):
        told = made(some, days, horizon)
        lawful(told)
        assert len(told.frame) == some[c.CUSTOMER].nunique()
        assert told.notes or told.record is not None


def test_39_customers() -> None:
    told = made(shop(39, 400, np.random.default_rng(4), joined_within=100), 400)
    lawful(told)
    assert told.record is not None
    assert told.record.of_chosen.auc_high - told.record.of_chosen.auc_low > 0.1, (
        "few people tell little, and it says so"
    )


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, 120), st.integers(0, 99)), min_size=1, max_size=30))
@settings(max_examples=15)
def test_laws(rows: list[tuple[int, int, int]]) -> None:
    lawful(made(orders(*((customer, day, float(money)) for customer, day, money in rows)), 121, 30))


def said(told: Forecast) -> str:
    return " ".join(map(str, told.notes))


def test_a_season_never_seen_is_said() -> None:
    young, old = (orders((1, 0, 5.0), (1, days - 30, 5.0), (2, days - 9, 5.0)) for days in (200, 500))
    # the first order was on 2024-01-01, so that 2024-07-19 to 09-16 had no year before
    assert "do not yet hold this season of another year (2024-07-19 to 2024-09-16)" in said(made(young, 200))
    assert "season" not in said(made(old, 500))


def test_what_is_left_out_is_said() -> None:
    some = orders((1, 0, 5.0), (1, 10, 5.0), (2, 40, 5.0), (3, 5, np.nan))
    told = made(some.assign(**{c.AT: some[c.AT].where(some["day"] != 10)}), 30)
    assert told.frame.index.tolist() == [1, 3]
    assert "2 orders without a date, or on 2024-01-31 or later, were left out." in said(told)
    assert "1 order without an amount counts as an order of 0." in said(told)


def test_without_money_none_is_expected() -> None:
    told = made(orders((1, 0, 0.0), (2, 10, 0.0)), 30)
    assert (told.frame[[*RANGES[2]]] == 0).all(axis=None)
    assert "no money is expected" in said(told)


def test_scores_that_tell_nothing_are_said() -> None:
    # each orders on random days: nobody differs
    rng = np.random.default_rng(3)
    rows = [(i, int(day), 10.0) for i in range(60) for day in rng.integers(0, 300, 5)]
    told = made(orders(*rows), 300)
    assert told.record is not None
    assert ("better than chance" in said(told)) == (told.record.of_chosen.auc_low <= 0.5)


def test_the_last_90_days_of_online_retail(datasets: Path) -> None:
    """Of everything learned before: AUC at least BG/NBD's .733, where recency alone has .683."""
    lines = pd.read_parquet(datasets / "online_retail.parquet")
    lines = lines[lines["CustomerID"].notna() & (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)].drop_duplicates()
    table = pd.DataFrame(
        {
            c.CUSTOMER: lines["CustomerID"].astype("int64"),
            c.AT: lines["InvoiceDate"],
            c.REVENUE: lines["Quantity"] * lines["UnitPrice"],
        }
    )
    end = pd.Timestamp("2011-12-10")
    cut = end - pd.Timedelta(days=90)
    told = forecast(table[table[c.AT] < cut], as_of=cut, horizon=90, seed=1)
    whole = purchases(table, end)
    past = whole.before(whole.as_of - 90)
    came = whole.followed(past, 90)
    recency = (past.as_of - past.last).astype(np.float64)
    aucs = [
        ranked([Outcomes(past.customers, came == 0, came)], [p]).auc for p in (told.frame[c.P_NONE].to_numpy(), recency)
    ]
    lawful(told)
    assert aucs[0] >= 0.733
    assert aucs[1] == pytest.approx(0.683, abs=0.001)
    assert "2011-09-11 to 2011-11-30" in said(told), "the season before Christmas had not been seen"
