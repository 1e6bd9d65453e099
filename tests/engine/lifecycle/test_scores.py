"""What holds of every churn score in the folder."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from engine import columns as c
from engine.errors import NotAllowed
from engine.lifecycle.lessons import lessons
from engine.lifecycle.purchases import Floats, Purchases, purchases
from engine.lifecycle.scores import ChurnScore, score, scores
from engine.lifecycle.scores.logistic import Logistic
from engine.phrases import Phrase
from tests.engine.lifecycle.simulated import START, shop

HORIZON = 60
MODELS = ("bgnbd", "mbgnbd", "pareto_nbd")
END = START + pd.Timedelta(days=460)
EVERYBODY = shop(1_200, 460, np.random.default_rng(1))
WHOLE = purchases(EVERYBODY, END)
PAST = WHOLE.before(WHOLE.as_of - HORIZON)
NONE = WHOLE.followed(PAST, HORIZON) == 0

every = pytest.mark.parametrize("name", list(scores()))


def told(name: str, past: Purchases, seed: int = 1) -> Floats:
    fitted = score(name).fit(past, HORIZON, np.random.default_rng(seed))
    assert fitted is not None
    return fitted.p_none(past)


def test_there_are_scores_and_the_first_is_the_simplest() -> None:
    efforts = [one.effort for one in scores().values()]
    assert {"recency", "pace", *MODELS, "logistic", "boosted"} <= scores().keys()
    assert efforts == sorted(efforts)
    assert next(iter(scores())) == "recency"


def test_an_unknown_score_is_told_what_there_is() -> None:
    with pytest.raises(NotAllowed, match=r"named horoscope; there are: recency"):
        score("horoscope")


@every
def test_a_score_has_words_and_cannot_be_changed(name: str) -> None:
    assert isinstance(score(name).words, Phrase)
    with pytest.raises(FrozenInstanceError):
        score(name).effort = 0  # type: ignore[misc]


@every
def test_probabilities_that_tell_who_stays_away(name: str) -> None:
    p = told(name, PAST)
    assert p.shape == (PAST.n,)
    assert np.isfinite(p).all()
    assert ((p >= 0) & (p <= 1)).all()
    assert roc_auc_score(NONE, p) > 0.65
    assert abs(p.mean() - NONE.mean()) < 0.1


@every
def test_the_same_seed_tells_the_same(name: str) -> None:
    np.testing.assert_array_equal(told(name, PAST), told(name, PAST))


@every
def test_neither_the_order_of_rows_nor_what_comes_later_matters(name: str) -> None:
    early = EVERYBODY[EVERYBODY[c.AT] < START + pd.Timedelta(days=400)]
    shuffled = purchases(early.sample(frac=1, random_state=3), START + pd.Timedelta(days=400))
    np.testing.assert_allclose(told(name, shuffled), told(name, PAST), rtol=1e-9)


@every
@pytest.mark.parametrize("n", [1, 2, 39])
def test_few_customers(name: str, n: int) -> None:
    few = WHOLE.of(np.arange(WHOLE.n) < n)
    fitted = score(name).fit(few, HORIZON, np.random.default_rng(1))
    if fitted is not None:
        assert np.isfinite(fitted.p_none(few)).all()


@every
def test_a_fitted_score_tells_of_other_days_too(name: str) -> None:
    fitted = score(name).fit(PAST, HORIZON, np.random.default_rng(1))
    assert fitted is not None
    assert fitted.p_none(WHOLE).shape == (WHOLE.n,)
    assert fitted.p_none(WHOLE.before(0)).shape == (0,)


def later(days: int) -> Purchases:
    return Purchases(PAST.customers, PAST.starts, PAST.days, PAST.money, PAST.as_of + days)


@pytest.mark.parametrize("name", ["recency", "pace", *MODELS])
def test_the_longer_nothing_comes_the_less_is_to_be_expected(name: str) -> None:
    fitted = score(name).fit(PAST, HORIZON, np.random.default_rng(1))
    assert fitted is not None
    assert (fitted.p_none(later(60)) >= fitted.p_none(PAST) - 1e-12).mean() > 0.99


def test_p_alive_is_no_score() -> None:
    # under BG/NBD every one-time buyer is alive; their P(no order) differs, and is high
    one_time = told("bgnbd", PAST)[PAST.n_days == 1]
    assert one_time.min() > 0.3
    assert np.ptp(one_time) > 0.01


def test_the_regression_is_scikit_learns() -> None:
    known = lessons(PAST, HORIZON, np.random.default_rng(1))
    fitted = Logistic(strength=0.5).fit(PAST, HORIZON, np.random.default_rng(1))
    assert known is not None
    assert fitted is not None
    peer = LogisticRegression(C=0.5, solver="newton-cholesky", tol=1e-9).fit(fitted.scales(known.table), known.none)
    np.testing.assert_allclose(fitted.weights[1:], peer.coef_[0], atol=1e-4)
    assert fitted.weights[0] == pytest.approx(peer.intercept_[0], abs=1e-4)


def test_lessons_are_of_days_whose_horizon_has_passed() -> None:
    assert lessons(PAST.before(PAST.since + 70), HORIZON, np.random.default_rng(1)) is None
    short = PAST.before(PAST.since + 80)
    known = lessons(short, HORIZON, np.random.default_rng(1))
    assert known is not None
    then = short.before(short.as_of - HORIZON)
    assert known.none.size == then.n
    assert known.none.sum() == (short.followed(then, HORIZON) == 0).sum()


@pytest.mark.parametrize("name", ["logistic", "boosted"])
def test_what_has_to_learn_much_refuses_a_short_past(name: str) -> None:
    learner: ChurnScore = score(name)
    assert learner.fit(PAST.before(PAST.since + 70), HORIZON, np.random.default_rng(1)) is None
