from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from engine.recommend.history import Ints
from engine.recommend.rankers import rankers
from engine.recommend.ratings import Ratings, lacking
from engine.recommend.scores import Scores
from engine.recommend.sparse import values_at
from tests.engine.recommend.tables import Said, history, positions, rated, rng

DAY = "2026-06-01"


def dense(scores: Scores) -> NDArray[np.float32]:
    return scores if isinstance(scores, np.ndarray) else np.asarray(scores.toarray(), np.float32)


def said(customers: int, products: int) -> list[Said]:
    return [(who, what, 1 + (who + what) % 5, DAY) for who in range(customers) for what in range(products)]


@pytest.mark.parametrize("name", ["rating_neighbours", "rating_factors"])
def test_what_a_shop_without_ratings_lacks(name: str) -> None:
    ranker = rankers()[name]
    assert str(ranker.lacking(history([(1, 1, 1, DAY)]))) == (
        "Nobody has rated a product yet: import ratings as a file with customer, product, rating and date."
    )
    assert ranker.lacking(rated(said(6, 4))) is None


@pytest.mark.parametrize("few", [said(1, 30), said(30, 1), said(4, 4)])
def test_too_few_ratings(few: list[Said]) -> None:
    assert f"There are only {len(few)} ratings of products so far, by " in str(lacking(rated(few)))


def test_one_rating_is_one_customer_and_one_product() -> None:
    assert "only 1 rating of products so far, by 1 customer and of 1 product: " in str(lacking(rated(said(1, 1))))


@pytest.mark.parametrize(
    ("values", "low", "top"), [([1, 5], 1, 5), ([0, 4.5], 0, 5), ([0.5, 3], 0, 5), ([7, 2], 1, 10), ([60, 5], 1, 100)]
)
def test_the_scale(values: list[float], low: float, top: float) -> None:
    ratings = Ratings.of(rated([(1, what, value, DAY) for what, value in enumerate(values)]))
    assert (ratings.low, ratings.top, ratings.middle) == (low, top, (low + top) / 2)


def test_values_at_the_places_of_another_matrix() -> None:
    places = csr_array(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    matrix = csr_array(np.array([[0.0, 7.0, 8.0], [9.0, 0.0, 0.0]]))
    assert values_at(places, matrix).tolist() == [0, 7, 0]
    assert values_at(places, csr_array((2, 3))).tolist() == [0, 0, 0]


@pytest.mark.parametrize("name", ["rating_neighbours", "rating_factors"])
def test_the_contract_of_rankers_where_there_are_ratings(name: str) -> None:
    numbers = np.random.default_rng(8)
    pairs = numbers.choice(30 * 12, 150, replace=False)
    past = rated([(int(pair) // 12, int(pair) % 12, int(numbers.integers(1, 6)), DAY) for pair in pairs])
    fitted = rankers()[name].fit(past, rng())
    everyone: Ints = np.arange(past.customers.size)
    whole = dense(fitted.scores(everyone))
    assert np.isfinite(whole).all() and (whole >= 0).all() and (whole > 0).any()
    for who in everyone.tolist():
        np.testing.assert_allclose(dense(fitted.scores(positions(who)))[0], whole[who], rtol=1e-5)
    resumed = rankers()[name].resumed(past, fitted.kept())
    np.testing.assert_allclose(dense(resumed.scores(everyone)), whole, rtol=1e-5)
    customer, product = np.nonzero(whole)
    assert all(str(reason) for reason in fitted.reasons(customer, product))
