"""What holds of every ranker in the folder."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.phrases import Phrase
from engine.recommend.deep import INSTALL, Deep, installed
from engine.recommend.history import Floats, History, Ints
from engine.recommend.rankers import Fitted, Ranker, rankers
from engine.recommend.scores import Scores, candidates, of_pairs
from tests.engine.recommend.tables import Row, history, rng

CUSTOMERS = range(1, 7)
PRODUCTS = range(1, 9)

days = st.integers(1, 28).map(lambda day: f"2026-06-{day:02d}")
baskets = st.lists(
    st.tuples(st.sampled_from(CUSTOMERS), st.sets(st.sampled_from(PRODUCTS), min_size=1, max_size=5), days), max_size=15
)
without_pytorch = pytest.mark.skipif(not installed(), reason=f"PyTorch is not installed: {INSTALL}")


def brief(ranker: Ranker) -> Ranker:
    """A network is small and trained for two rounds only: what holds of every ranker holds of it then."""
    if not isinstance(ranker, Deep):
        return ranker
    return replace(ranker, width=16, training=replace(ranker.training, epochs=2))


every = pytest.mark.parametrize(
    "ranker",
    [
        pytest.param(brief(ranker), id=name, marks=[without_pytorch] if isinstance(ranker, Deep) else [])
        for name, ranker in rankers().items()
    ],
)
quickly = settings(max_examples=15)


def rows_of(drawn: list[tuple[int, set[int], str]]) -> list[Row]:
    """One order per basket."""
    return [
        (customer, product, order, day) for order, (customer, what, day) in enumerate(drawn) for product in sorted(what)
    ]


def made(rows: list[Row]) -> History:
    """Customer 1 may have bought nothing, product 1 may be nobody's."""
    return history(rows, products=PRODUCTS, customers=CUSTOMERS)


def scored(ranker: Ranker, past: History) -> np.ndarray:
    """All scores, NaN where there is no candidate."""
    row, product, value = known(ranker.fit(past, rng()), past)
    table = np.full((past.customers.size, past.products.size), np.nan)
    table[row, product] = value
    return table


def known(fitted: Fitted, past: History) -> tuple[Ints, Ints, Floats]:
    """Customer, product and score of all candidates."""
    scores = fitted.scores(np.arange(past.customers.size))
    customer, product, _ = candidates(scores, past.products.size)
    return customer, product, of_pairs(scores, customer, product)


def table_of(scores: Scores) -> np.ndarray:
    return scores if isinstance(scores, np.ndarray) else scores.toarray()


def test_there_are_rankers_and_one_knows_something_for_everyone() -> None:
    assert {"repeat", "item_to_item", "popular"} <= rankers().keys()
    assert not all(ranker.personal for ranker in rankers().values()), "a list may stay short"


@every
def test_a_ranker_has_words_for_what_it_does(ranker: Ranker) -> None:
    assert str(ranker.label)


@every
def test_a_ranker_is_named_as_its_file(ranker: Ranker) -> None:
    assert type(ranker).__module__ == f"engine.recommend.rankers.{ranker.name}"


@every
def test_a_ranker_is_settings_and_cannot_be_changed(ranker: Ranker) -> None:
    assert "name" in {field.name for field in fields(ranker)}
    with pytest.raises(FrozenInstanceError):
        ranker.name = "other"  # type: ignore[misc]


@every
@quickly
@given(baskets)
def test_what_a_fit_knows(ranker: Ranker, drawn: list[tuple[int, set[int], str]]) -> None:
    """A fit is what takes time, so that each is held to all of these."""
    past = made(rows_of(drawn))
    fitted = ranker.fit(past, rng())
    candidates_are_finite_and_in_the_catalogue(ranker, past, fitted)
    a_batch_says_the_same_as_the_whole(past, fitted)
    resumed_says_the_same(ranker, past, fitted)
    every_candidate_has_a_reason(past, fitted)


def candidates_are_finite_and_in_the_catalogue(ranker: Ranker, past: History, fitted: Fitted) -> None:
    assert fitted.scores(np.arange(past.customers.size)).shape == (len(CUSTOMERS), len(PRODUCTS))
    _, product, value = known(fitted, past)
    assert np.isfinite(value).all()
    assert ranker.newcomers or past.buyers()[product].all(), "a product that nobody bought has nothing to speak for it"


def a_batch_says_the_same_as_the_whole(past: History, fitted: Fitted) -> None:
    whole = table_of(fitted.scores(np.arange(past.customers.size)))
    for customer in range(past.customers.size):
        alone = table_of(fitted.scores(np.array([customer])))[0]
        np.testing.assert_allclose(alone, whole[customer], rtol=1e-5, atol=1e-7)


def resumed_says_the_same(ranker: Ranker, past: History, fitted: Fitted) -> None:
    resumed = ranker.resumed(past, fitted.kept())
    everyone = np.arange(past.customers.size)
    np.testing.assert_allclose(
        table_of(resumed.scores(everyone)), table_of(fitted.scores(everyone)), rtol=1e-5, atol=1e-7
    )


def every_candidate_has_a_reason(past: History, fitted: Fitted) -> None:
    customer, product, _ = known(fitted, past)
    reasons = fitted.reasons(customer, product)
    assert len(reasons) == customer.size
    assert all(isinstance(reason, Phrase) and str(reason) for reason in reasons)


@every
@quickly
@given(baskets, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_repeating_them_matters(
    ranker: Ranker, drawn: list[tuple[int, set[int], str]], random: Random
) -> None:
    rows = rows_of(drawn)
    shuffled = [*rows, *rows]
    random.shuffle(shuffled)
    np.testing.assert_allclose(scored(ranker, made(rows)), scored(ranker, made(shuffled)), rtol=1e-5)


@every
def test_a_catalogue_of_one(ranker: Ranker) -> None:
    past = history([(1, 1, 1, "2026-06-01"), (2, 1, 2, "2026-06-02")], customers=[1, 2, 3])
    scores = table_of(ranker.fit(past, rng()).scores(np.arange(3)))
    assert scores.shape == (3, 1)
    assert np.isfinite(scores).all()


@every
def test_a_shop_without_orders(ranker: Ranker) -> None:
    past = history([], products=[1, 2], customers=[1])
    assert not known(ranker.fit(past, rng()), past)[0].size


@every
def test_a_personal_ranker_knows_nothing_of_a_stranger(ranker: Ranker) -> None:
    past = history([(1, 1, 1, "2026-06-01"), (2, 1, 2, "2026-06-02"), (2, 2, 2, "2026-06-02")], customers=[1, 2, 3])
    customer, _, _ = known(ranker.fit(past, rng()), past)
    assert (2 in customer) == (not ranker.personal)
