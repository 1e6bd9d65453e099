"""What holds of every ranker in the folder."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.phrases import Phrase
from engine.recommend.history import History
from engine.recommend.rankers import Ranker, rankers
from tests.engine.recommend.tables import Row, history

CUSTOMERS = range(1, 7)
PRODUCTS = range(1, 9)

days = st.integers(1, 28).map(lambda day: f"2026-06-{day:02d}")
baskets = st.lists(
    st.tuples(st.sampled_from(CUSTOMERS), st.sets(st.sampled_from(PRODUCTS), min_size=1, max_size=5), days), max_size=15
)
every = pytest.mark.parametrize("ranker", rankers().values(), ids=list(rankers()))
quickly = settings(max_examples=25, deadline=None)


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
    scores = ranker.fit(past).scores(np.arange(past.customers.size)).tocoo()
    table = np.full((past.customers.size, past.products.size), np.nan)
    table[scores.row, scores.col] = scores.data
    return table


def test_there_are_rankers_and_the_first_is_the_weightiest() -> None:
    weights = [ranker.weight for ranker in rankers().values()]
    assert {"repeat", "item_to_item", "popular"} <= rankers().keys()
    assert weights == sorted(weights, reverse=True)
    assert 0.0 in weights, "without a ranker of weight 0 a list may stay short"


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
def test_candidates_are_finite_and_in_the_catalogue(ranker: Ranker, drawn: list[tuple[int, set[int], str]]) -> None:
    past = made(rows_of(drawn))
    scores = ranker.fit(past).scores(np.arange(past.customers.size))
    assert scores.shape == (len(CUSTOMERS), len(PRODUCTS))
    assert np.isfinite(scores.data).all()
    assert (scores.data > 0).all()
    assert past.buyers()[scores.indices].all(), "a product that nobody bought has nothing to speak for it"


@every
@quickly
@given(baskets, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_repeating_them_matters(
    ranker: Ranker, drawn: list[tuple[int, set[int], str]], random: Random
) -> None:
    rows = rows_of(drawn)
    shuffled = [*rows, *rows]
    random.shuffle(shuffled)
    np.testing.assert_array_equal(scored(ranker, made(rows)), scored(ranker, made(shuffled)))


@every
@quickly
@given(baskets)
def test_a_batch_says_the_same_as_the_whole(ranker: Ranker, drawn: list[tuple[int, set[int], str]]) -> None:
    past = made(rows_of(drawn))
    fitted = ranker.fit(past)
    whole = fitted.scores(np.arange(past.customers.size)).toarray()
    for customer in range(past.customers.size):
        np.testing.assert_array_equal(fitted.scores(np.array([customer])).toarray()[0], whole[customer])


@every
@quickly
@given(baskets)
def test_every_candidate_has_a_reason(ranker: Ranker, drawn: list[tuple[int, set[int], str]]) -> None:
    past = made(rows_of(drawn))
    fitted = ranker.fit(past)
    candidates = fitted.scores(np.arange(past.customers.size)).tocoo()
    reasons = fitted.reasons(candidates.row.astype(np.int64), candidates.col.astype(np.int64))
    assert len(reasons) == candidates.row.size
    assert all(isinstance(reason, Phrase) and str(reason) for reason in reasons)


@every
def test_a_catalogue_of_one(ranker: Ranker) -> None:
    past = history([(1, 1, 1, "2026-06-01"), (2, 1, 2, "2026-06-02")], customers=[1, 2, 3])
    scores = ranker.fit(past).scores(np.arange(3))
    assert scores.shape == (3, 1)
    assert np.isfinite(scores.data).all()


@every
def test_a_shop_without_orders(ranker: Ranker) -> None:
    past = history([], products=[1, 2], customers=[1])
    assert ranker.fit(past).scores(np.arange(1)).nnz == 0


@every
def test_a_personal_ranker_knows_nothing_of_a_stranger(ranker: Ranker) -> None:
    past = history([(1, 1, 1, "2026-06-01"), (2, 1, 2, "2026-06-02"), (2, 2, 2, "2026-06-02")], customers=[1, 2, 3])
    stranger = ranker.fit(past).scores(np.array([2]))
    assert (stranger.nnz > 0) == (ranker.weight == 0)
