"""What every way of grouping keeps, whichever there are."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from engine.errors import NotAllowed
from engine.features.bases.behavioural import table
from engine.progress import silent
from engine.segments.methods import methods, segmenter
from engine.segments.methods.kmeans import KMeans
from tests.engine.segments.made import groups

everyone = pytest.mark.parametrize("method", methods())


@everyone
def test_each_customer_has_one_group_and_no_group_is_empty(method: str) -> None:
    features, _ = groups(3, 40, np.random.default_rng(1))
    grouping = segmenter(method).fit(table(features), "auto", np.random.default_rng(1), silent)
    assert grouping.labels.shape == (120,)
    assert np.bincount(grouping.labels).all()
    assert grouping.k == len(np.unique(grouping.labels))


@everyone
def test_clear_groups_are_found(method: str) -> None:
    features, truth = groups(4, 50, np.random.default_rng(2))
    grouping = segmenter(method).fit(table(features), "auto", np.random.default_rng(2), silent)
    assert adjusted_rand_score(truth, grouping.labels) > 0.98


@everyone
@pytest.mark.parametrize("k", [1, 2, 7])
def test_a_given_number_is_kept(method: str, k: int) -> None:
    features, _ = groups(4, 20, np.random.default_rng(3))
    assert segmenter(method).fit(table(features), k, np.random.default_rng(3), silent).k == k


@everyone
def test_a_seed_tells_all(method: str) -> None:
    features, _ = groups(3, 30, np.random.default_rng(4))
    first, second = (segmenter(method).fit(table(features), 5, np.random.default_rng(9), silent) for _ in range(2))
    np.testing.assert_array_equal(first.labels, second.labels)
    assert first.quality == second.quality


def test_many_customers_join_the_centres_of_a_sample() -> None:
    features, truth = groups(3, 200, np.random.default_rng(5))
    grouping = KMeans(enough=100).fit(table(features), 3, np.random.default_rng(5), silent)
    assert adjusted_rand_score(truth, grouping.labels) > 0.98


def test_an_unknown_method_is_told_what_there_is() -> None:
    with pytest.raises(NotAllowed, match=r"named horoscope; there are: kmeans"):
        segmenter("horoscope")
    assert "kmeans" in methods()
