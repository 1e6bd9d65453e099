"""Measures of forecasts: by hand, and as scikit-learn has them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, precision_score, recall_score, roc_auc_score

from engine.lifecycle.measures import Outcomes, bins, brier, called, measured, ranked
from engine.lifecycle.purchases import Bools, Floats

# six people; three of them did not order
NONE = np.array([True, True, True, False, False, False])
P = np.array([0.9, 0.7, 0.4, 0.8, 0.4, 0.1])


def outcomes(none: Bools, customers: list[int] | None = None) -> Outcomes:
    there = np.arange(none.size) if customers is None else np.array(customers)
    return Outcomes(there, none, (~none).astype(np.float64))


def test_auc_by_hand() -> None:
    # .9 beats 3; .7 beats 2; .4 beats 1 and ties with 1: 6.5 of 9 pairs
    assert ranked([outcomes(NONE)], [P]).auc == pytest.approx(6.5 / 9)


def test_the_error_of_an_auc_by_hand() -> None:
    # DeLong's placements: of those without an order 1, 2/3, 1/2; of the others 1/3, (1 + 1 + 1/2)/3, 1. With
    # the mean 13/18 their variances (n - 1) are 7/108 and 13/108, so that the error is sqrt((7/108 + 13/108) / 3)
    assert ranked([outcomes(NONE)], [P]).error == pytest.approx(np.sqrt(20 / 324))


def test_brier_by_hand() -> None:
    # (.01 + .09 + .36 + .64 + .16 + .01) / 6
    assert brier(NONE, P) == pytest.approx(1.27 / 6)


def test_precision_and_recall_by_hand() -> None:
    calls = called(0.65, NONE, P)
    assert (calls.n_called, calls.n_right, calls.n_none) == (3, 2, 3)
    assert calls.precision == pytest.approx(2 / 3)
    assert calls.recall == pytest.approx(2 / 3)
    assert called(0.95, NONE, P).precision is None
    assert called(0.5, np.zeros(6, dtype=np.bool_), P).recall is None


def test_people_of_different_origins_are_not_compared() -> None:
    # in each origin the order is right; that all of the second have lower forecasts than the first does not matter
    high, low = np.array([0.9, 0.8]), np.array([0.2, 0.1])
    first = outcomes(np.array([True, False]))
    assert ranked([first, first], [high, low]).auc == 1.0


def test_an_origin_at_which_all_did_the_same_tells_nothing_about_the_order() -> None:
    alike = outcomes(np.ones(3, dtype=np.bool_))
    both = ranked([outcomes(NONE), alike], [P, np.array([0.1, 0.2, 0.3])])
    assert both.auc == ranked([outcomes(NONE)], [P]).auc


def test_the_same_forecast_is_not_behind_itself_and_a_worse_one_is() -> None:
    rng = np.random.default_rng(1)
    none = rng.random(2_000) < 0.5
    good = np.where(none, 0.6, 0.4) + rng.normal(0, 0.2, none.size)
    order, worse = (ranked([outcomes(none)], [p]) for p in (good, good + rng.normal(0, 0.2, none.size)))
    assert order.behind(order) == (0.0, 0.0)
    short, error = worse.behind(order)
    assert short > 3 * error > 0
    assert error < order.error, "on the same people the difference is surer than each"


def test_the_interval_holds_the_true_auc_as_often_as_it_says() -> None:
    # scores N(1, 1) against N(0, 1): the true AUC is Phi(1 / sqrt(2)) = .76025
    rng, held = np.random.default_rng(2), []
    for _ in range(300):
        none = np.arange(120) < 50
        order = ranked([outcomes(none)], [rng.normal(none.astype(np.float64), 1.0)])
        held.append(abs(order.auc - 0.76025) < 1.96 * order.error)
    assert 0.91 < np.mean(held) < 0.985


def test_a_perfect_order_of_few_is_not_certain() -> None:
    few = measured("recency", [outcomes(NONE)], [NONE * 0.5 + 0.2], ranked([outcomes(NONE)], [NONE * 0.5 + 0.2]))
    assert few.auc == 1.0
    assert few.auc_low < 0.9


forecasts = st.lists(st.tuples(st.booleans(), st.integers(0, 100)), min_size=2, max_size=80).filter(
    lambda drawn: len({none for none, _ in drawn}) == 2
)


def drawn_arrays(drawn: list[tuple[bool, int]]) -> tuple[Bools, Floats]:
    return np.array([none for none, _ in drawn]), np.array([p for _, p in drawn]) / 100


@given(forecasts)
def test_as_scikit_learn_has_them(drawn: list[tuple[bool, int]]) -> None:
    none, p = drawn_arrays(drawn)
    assert ranked([outcomes(none)], [p]).auc == pytest.approx(roc_auc_score(none, p))
    assert brier(none, p) == pytest.approx(brier_score_loss(none, p))
    calls = called(0.65, none, p)
    assert calls.recall == pytest.approx(recall_score(none, p >= 0.65))
    if calls.n_called:
        assert calls.precision == pytest.approx(precision_score(none, p >= 0.65))


@given(forecasts)
def test_laws(drawn: list[tuple[bool, int]]) -> None:
    none, p = drawn_arrays(drawn)
    order, turned = ranked([outcomes(none)], [p]), ranked([outcomes(none)], [1 - p])
    assert order.auc + turned.auc == pytest.approx(1.0)
    assert ranked([outcomes(none)] * 2, [p] * 2).auc == pytest.approx(order.auc)
    table = bins(none, p)
    assert sum(row.n for row in table) == none.size
    assert len(table) <= 10
    assert sum(row.n * row.observed for row in table) == pytest.approx(none.sum())
    assert sum(row.n * row.predicted for row in table) == pytest.approx(p.sum())
    assert [row.predicted for row in table] == sorted(row.predicted for row in table)


def test_somebody_seen_twice_is_no_second_witness() -> None:
    rng = np.random.default_rng(3)
    none = rng.random(400) < 0.5
    p = np.where(none, 0.6, 0.4) + rng.normal(0, 0.2, none.size)
    once = ranked([outcomes(none)], [p])
    same = ranked([outcomes(none), outcomes(none)], [p, p])
    others = ranked([outcomes(none), outcomes(none, list(range(1000, 1400)))], [p, p])
    assert same.error == pytest.approx(once.error)
    assert others.error == pytest.approx(once.error / np.sqrt(2))
