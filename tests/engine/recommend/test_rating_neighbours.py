from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recommend.history import History
from engine.recommend.rankers.rating_neighbours import FittedRatingNeighbours, RatingNeighbours
from tests.engine.recommend.tables import Said, positions, rated, rng

PLAIN = RatingNeighbours(shrinkage=0, least=1)
DAY = "2026-06-01"
# means 4, 3, 3; deviations (1, -1, 0), (1, -2, 1), (-1, 1, 0)
THREE: list[Said] = [
    (1, 1, 5, DAY), (1, 2, 3, DAY), (1, 3, 4, DAY),
    (2, 1, 4, DAY), (2, 2, 1, DAY), (2, 4, 4, DAY),
    (3, 1, 2, DAY), (3, 2, 4, DAY), (3, 4, 3, DAY),
]  # fmt: skip


def fitted(said: list[Said], ranker: RatingNeighbours = PLAIN, customers: Sequence[int] = ()) -> FittedRatingNeighbours:
    return ranker.fit(rated(said, customers=customers), rng())


def test_three_customers_by_hand() -> None:
    model = fitted(THREE)
    # over products 1 and 2: (1·1 + 1·2) / √(2 · 5) and (−1 − 1) / √(2 · 2)
    likes, dislikes = 3 / math.sqrt(10), -1.0
    near = model.similarities(positions(0)).toarray()[0]
    assert near.tolist() == pytest.approx([0, likes, dislikes])
    # product 4: deviations 1 and 0
    expected = 4 + (likes * 1 + dislikes * 0) / (likes + 1)
    assert model.predicted(positions(0)).toarray()[0, 3] == pytest.approx(expected)
    assert model.scores(positions(0)).toarray()[0, 3] == pytest.approx(expected)


def test_few_products_in_common_say_less() -> None:
    # two products in common: 2 / (2 + 6)
    near = fitted(THREE, RatingNeighbours(shrinkage=6, least=1)).similarities(positions(0)).toarray()[0]
    assert near[1] == pytest.approx(3 / math.sqrt(10) / 4)


def test_a_product_that_only_one_of_the_neighbours_rated_has_no_rating() -> None:
    said = [*THREE, (2, 5, 5.0, DAY)]
    predicted = fitted(said, RatingNeighbours(shrinkage=0, least=2)).predicted(positions(0)).toarray()[0]
    assert predicted[3] > 0 and predicted[4] == 0


def test_no_more_neighbours_than_asked_for() -> None:
    near = fitted(THREE, RatingNeighbours(neighbours=1, shrinkage=0)).similarities(positions(0, 1, 2))
    assert np.diff(near.indptr).tolist() == [1, 1, 1]


def test_who_gave_everything_a_five_has_no_taste_to_compare() -> None:
    said = [*THREE, (4, 1, 5.0, DAY), (4, 2, 5.0, DAY)]
    model = fitted(said)
    assert not model.scores(positions(3)).nnz
    assert not model.similarities(positions(0)).toarray()[0, 3]


def test_one_rating_and_none() -> None:
    model = fitted([*THREE, (4, 1, 2.0, DAY)], customers=[9])
    assert not model.scores(positions(3, 4)).nnz
    assert not fitted([(1, 1, 5, DAY)]).scores(positions(0)).nnz


def test_what_would_be_rated_below_the_middle_is_no_candidate() -> None:
    model = fitted(THREE)
    predicted, scores = model.predicted(positions(0, 1, 2)).toarray(), model.scores(positions(0, 1, 2)).toarray()
    assert (predicted[scores == 0] < 3).all() and (predicted[scores == 0] > 0).any()


def test_the_reason_is_what_people_alike_gave() -> None:
    (reason,) = fitted([*THREE, (2, 5, 5.0, DAY)]).reasons(positions(0), positions(4))
    assert str(reason) == "1 person who rates like this customer gave it 5.0 of 5"


def test_the_opposite_taste_is_called_so() -> None:
    (reason,) = fitted([*THREE, (3, 5, 1.0, DAY)]).reasons(positions(0), positions(4))
    assert str(reason) == "1 person of the opposite taste gave it 1.0 of 5"


def test_the_scale_is_that_of_the_ratings() -> None:
    (reason,) = fitted([(who, what, value * 2, day) for who, what, value, day in THREE]).reasons(
        positions(0), positions(3)
    )
    assert str(reason) == "1 person who rates like this customer gave it 8.0 of 10"


opinions = st.dictionaries(
    st.tuples(st.integers(1, 6), st.integers(1, 6)), st.sampled_from([0.5, 1, 2, 3, 4, 4.5, 5]), max_size=30
)


def said_by(drawn: dict[tuple[int, int], float]) -> History:
    return rated([(who, what, value, DAY) for (who, what), value in drawn.items()], customers=range(1, 7))


@settings(max_examples=40)
@given(opinions)
def test_it_is_the_form_of_the_paper(drawn: dict[tuple[int, int], float]) -> None:
    past = said_by(drawn)
    ranker = RatingNeighbours(shrinkage=3, least=1)
    predicted = ranker.fit(past, rng()).predicted(np.arange(6)).toarray()
    table = np.full((6, past.products.size), np.nan)
    for (who, what), value in drawn.items():
        table[who - 1, np.searchsorted(past.products, what)] = value
    low = 0.0 if np.nanmin(table, initial=1) < 1 else 1.0
    for u, i in np.ndindex(*table.shape):
        over = under = 0.0
        for v in range(6):
            both = ~np.isnan(table[u]) & ~np.isnan(table[v])
            if u == v or not both.any():
                continue
            mine, theirs = (table[who][both] - np.nanmean(table[who]) for who in (u, v))
            spread = math.sqrt((mine**2).sum() * (theirs**2).sum())
            sim = (mine * theirs).sum() / spread * both.sum() / (both.sum() + 3) if spread > 1e-9 else 0.0
            if abs(sim) > 1e-9 and not np.isnan(table[v, i]):
                over += sim * (table[v, i] - np.nanmean(table[v]))
                under += abs(sim)
        expected = np.clip(np.nanmean(table[u]) + over / under, low, 5) if under else 0.0
        assert predicted[u, i] == pytest.approx(expected, abs=1e-6)


@settings(max_examples=40)
@given(opinions)
def test_reasons_are_true(drawn: dict[tuple[int, int], float]) -> None:
    past = said_by(drawn)
    model = RatingNeighbours(shrinkage=3, least=2).fit(past, rng())
    customer, product = model.scores(np.arange(6)).nonzero()
    near = model.similarities(np.arange(6)).toarray()
    for u, i, reason in zip(customer, product, model.reasons(customer, product), strict=True):
        sign = -1 if "opposite" in reason.message else 1
        values = [
            drawn[int(past.customers[v]), int(past.products[i])]
            for place, v in enumerate(model.raters)
            if sign * near[u, place] > 0 and (int(past.customers[v]), int(past.products[i])) in drawn
        ]
        assert (reason.facts["n"], reason.facts["mean"]) == (len(values), pytest.approx(np.mean(values)))
