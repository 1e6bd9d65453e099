"""Scores tried on a shop's own past."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.random import Generator

from engine import columns as c
from engine.lifecycle.backtest import Backtest, backtest, choice
from engine.lifecycle.measures import Ranked
from engine.lifecycle.purchases import Floats, Purchases, day_number, purchases
from engine.lifecycle.scores import scores
from engine.lifecycle.testable import origins
from engine.phrases import Phrase
from engine.progress import silent
from tests.engine.lifecycle.simulated import START, shop


def tried(orders: pd.DataFrame, days: int, horizon: int = 30) -> Backtest:
    past = purchases(orders, START + pd.Timedelta(days=days))
    return backtest(past, horizon, np.random.default_rng(1), silent)


@pytest.fixture(scope="module")
def usual() -> Backtest:
    """2,000 customers of BG/NBD, tried at five origins 60 days apart."""
    return tried(shop(2_000, 720, np.random.default_rng(5)), 720, 60)


def test_what_is_forecast_happens(usual: Backtest) -> None:
    assert usual.record is not None
    measured = usual.record.of_chosen
    assert measured.n > 4_000
    for row in measured.bins:
        # five standard errors, as people are seen up to five times; and what four seasons cannot tell yet
        off = 5 * np.sqrt(row.predicted * (1 - row.predicted) / row.n)
        assert abs(row.predicted - row.observed) < off + 0.03
    assert measured.brier < 0.8 * measured.brier_of_average


def test_whoever_is_called_lost_mostly_is(usual: Backtest) -> None:
    assert usual.record is not None
    for calls in usual.record.of_chosen.calls:
        assert calls.precision is not None
        assert calls.precision > calls.threshold
    warned, lost = usual.record.of_chosen.calls
    assert warned.n_called >= lost.n_called > 0


def test_the_shop_of_a_model_is_told_best_by_it(usual: Backtest) -> None:
    assert usual.record is not None
    aucs = {measured.score: measured.auc for measured in usual.record.measured}
    assert usual.score in ("bgnbd", "mbgnbd", "pareto_nbd")
    assert max(aucs.values()) - aucs["bgnbd"] < 0.01
    assert aucs["recency"] < aucs["bgnbd"]
    assert 0.8 < usual.record.orders_ratio < 1.25


def test_the_record_is_of_the_same_people_for_all(usual: Backtest) -> None:
    assert usual.record is not None
    assert len({(one.n, one.n_none, one.n_customers) for one in usual.record.measured}) == 1
    assert list(usual.record.origins) == sorted(usual.record.origins)
    assert usual.record.latest[0].n_none <= usual.record.of_chosen.n_none
    assert usual.record.horizon == 60


def test_origins_are_a_horizon_apart_and_one_is_about_a_year_ago() -> None:
    past = purchases(shop(50, 800, np.random.default_rng(1), joined_within=5), START + pd.Timedelta(days=800))
    assert [past.as_of - day for day in origins(past, 30)] == [360, 120, 90, 60, 30]
    assert [past.as_of - day for day in origins(past, 90)] == [360, 270, 180, 90]
    assert [past.as_of - day for day in origins(past, 300)] == [600, 300]


def test_what_came_after_an_origin_does_not_change_its_forecast() -> None:
    orders = shop(200, 240, np.random.default_rng(2), joined_within=60)
    late = orders[c.AT] >= START + pd.Timedelta(days=230)
    all_came = pd.concat([orders[~late], orders[late].assign(**{c.AT: START + pd.Timedelta(days=239)})])
    first, second = tried(orders, 240), tried(all_came, 240)
    assert first.record is not None
    assert second.record is not None
    calls = [[called.n_called for called in one.record.latest] for one in (first, second) if one.record]
    # origins are 30 days apart, so only what the last one is compared with has moved
    assert first.score == second.score
    assert calls[0] == calls[1]


def ranking(auc: float, noise: float, seed: int) -> Ranked:
    influence = np.random.default_rng(seed).normal(0, noise, 100)
    return Ranked(auc, np.arange(100), influence, 0.0)


def test_the_purchase_model_gives_way_to_what_is_clearly_better_only() -> None:
    # errors of a difference are about .001 * sqrt(2 * 100) = .014, of which 1.645 are .023
    order = {"recency": ranking(0.76, 0.001, 1), "bgnbd": ranking(0.74, 0.001, 2), "boosted": ranking(0.75, 0.001, 3)}
    assert choice(order, "bgnbd", list(order)) == "bgnbd"
    better = {**order, "recency": ranking(0.79, 0.001, 1), "boosted": ranking(0.80, 0.001, 3)}
    assert choice(better, "bgnbd", list(better)) == "recency"
    assert choice(better, "bgnbd", ["bgnbd", "boosted"]) == "boosted"
    assert choice({**better, "boosted": ranking(0.85, 0.001, 3)}, "bgnbd", list(better)) == "boosted"


def test_without_a_purchase_model_the_simplest_that_is_not_clearly_worse_is_taken() -> None:
    order = {"recency": ranking(0.70, 0.001, 1), "pace": ranking(0.74, 0.001, 2), "boosted": ranking(0.75, 0.001, 3)}
    assert choice(order, "bgnbd", list(order)) == "pace"


def test_a_score_that_ranks_best_at_a_wrong_level_is_not_gone_by(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = shop(1_000, 360, np.random.default_rng(9))
    honest = tried(orders, 360, 60)

    @dataclass(frozen=True)
    class Knowing:
        """Knows who orders, and calls nearly everybody lost."""

        horizon: int
        outcome: Purchases
        effort: int = 1
        words = Phrase("a look at what comes")

        def fit(self, past: Purchases, horizon: int, rng: Generator) -> Knowing:
            return self

        def p_none(self, past: Purchases) -> Floats:
            p: Floats = np.where(self.outcome.followed(past, self.horizon) == 0, 0.999, 0.995)
            return p

    knowing = Knowing(60, purchases(orders, START + pd.Timedelta(days=360)))
    monkeypatch.setattr("engine.lifecycle.backtest.scores", lambda: {"knowing": knowing, **scores()})
    monkeypatch.setattr("engine.lifecycle.backtest.score_named", lambda name: {"knowing": knowing, **scores()}[name])
    tempted = tried(orders, 360, 60)
    assert tempted.record is not None
    assert honest.record is not None
    assert max(tempted.record.measured, key=lambda one: one.auc).score == "knowing"
    assert tempted.score == honest.score == tempted.record.chosen
    assert "a look at what comes told better who would stay away, but its chances" in str(tempted.record.reason)
    assert tempted.record.totals == honest.record.totals


def test_cdnow_made_as_many_orders_as_expected(datasets: Path) -> None:
    read = pd.read_csv(datasets / "cdnow_sample.txt", sep=r"\s+", header=None)
    orders = pd.DataFrame(
        {c.CUSTOMER: read[1], c.AT: pd.to_datetime(read[2].astype(str)), c.REVENUE: read[4].astype(float)}
    )
    end = pd.Timestamp("1997-10-01")
    told = backtest(purchases(orders[orders[c.AT] < end], end), 90, np.random.default_rng(1), silent)
    assert told.record is not None
    assert [total.orders for total in told.record.totals] == [905, 704]
    for total in told.record.totals:
        assert total.orders_expected == pytest.approx(total.orders, rel=0.15)


def every(days: int, customers: int, until: int) -> pd.DataFrame:
    """Each customer orders on every so many days."""
    rows = [(customer, day) for customer in range(customers) for day in range(0, until, days)]
    table = pd.DataFrame(rows, columns=[c.CUSTOMER, "day"])
    table[c.AT] = START + pd.to_timedelta(table["day"], unit="D")
    table[c.REVENUE] = 10.0
    return table


@pytest.mark.parametrize(
    ("orders", "days", "why"),
    [
        (shop(500, 44, np.random.default_rng(1), joined_within=1), 44, "your orders cover 44 days, and it takes 45"),
        (every(10, 19, 200), 200, "19 customers had bought by 2024-06-19, and it takes 20"),
        (every(10, 1, 200), 200, "1 customer had bought"),
        (every(500, 60, 200), 200, "60 customers had bought by 2024-06-19, and within 30 days none of them came back"),
        (every(10, 60, 200), 200, "60 customers had bought by 2024-06-19, and within 30 days all of them came back"),
        (
            pd.concat([every(500, 60, 200), every(10, 2, 200)]),
            200,
            "60 customers had bought by 2024-06-19, and within 30 days only 8 came back",
        ),
        (
            pd.concat([every(10, 60, 200), every(500, 2, 200).assign(**{c.CUSTOMER: 99})]),
            200,
            "only 4 did not come back",
        ),
    ],
)
def test_what_cannot_be_tested_yet_says_why(orders: pd.DataFrame, days: int, why: str) -> None:
    told = tried(orders, days)
    assert told.record is None
    assert "cannot be tested on your own past yet" in str(told.untested)
    assert why in str(told.untested)


def test_a_sample_stands_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = shop(800, 300, np.random.default_rng(6), joined_within=100)
    whole = tried(orders, 300, 60)
    monkeypatch.setattr("engine.lifecycle.backtest.SAMPLE", 500)
    some = tried(orders, 300, 60)
    assert whole.record is not None
    assert some.record is not None
    assert some.record.of_chosen.n_customers <= 500
    assert some.record.of_chosen.auc == pytest.approx(whole.record.of_chosen.auc, abs=0.06)


def test_progress_tells_the_day() -> None:
    heard: list[tuple[str, float]] = []
    past = purchases(shop(100, 200, np.random.default_rng(7)), START + pd.Timedelta(days=200))
    backtest(past, 30, np.random.default_rng(1), lambda doing, share: heard.append((str(doing), share)))
    days = [day_number(pd.Timestamp(said.rsplit(" ", 1)[1])) for said, _ in heard]
    assert days == origins(past, 30)
    assert [share for _, share in heard] == sorted(share for _, share in heard)
