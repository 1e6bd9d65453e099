"""What every way of grouping keeps, whichever there are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from engine.errors import NotAllowed
from engine.features.bases.behavioural import table
from engine.progress import silent
from engine.segments.methods import methods, segmenter
from engine.segments.methods.kmeans import KMeans
from tests.engine.segments.made import features_of, groups

everyone = pytest.mark.parametrize("method", methods())
counted = pytest.mark.parametrize("method", [method for method in methods() if segmenter(method).takes_k])
by_density = pytest.mark.parametrize("method", ["dbscan", "hdbscan"])


@everyone
def test_each_customer_has_one_group_and_no_group_is_empty(method: str) -> None:
    features, _ = groups(3, 40, np.random.default_rng(1))
    grouping = segmenter(method).fit(table(features), "auto", np.random.default_rng(1), silent)
    assert grouping.labels.shape == (120,)
    assert np.bincount(grouping.labels).all()
    assert grouping.k == len(np.unique(grouping.labels))


@counted
def test_clear_groups_are_found(method: str) -> None:
    features, truth = groups(4, 50, np.random.default_rng(2))
    grouping = segmenter(method).fit(table(features), "auto", np.random.default_rng(2), silent)
    assert adjusted_rand_score(truth, grouping.labels) > 0.98


@counted
@pytest.mark.parametrize("k", [1, 2, 7])
def test_a_given_number_is_kept(method: str, k: int) -> None:
    features, _ = groups(4, 20, np.random.default_rng(3))
    assert segmenter(method).fit(table(features), k, np.random.default_rng(3), silent).k == k


@everyone
def test_a_seed_tells_all(method: str) -> None:
    features, _ = groups(3, 30, np.random.default_rng(4))
    k: int | Literal["auto"] = 5 if segmenter(method).takes_k else "auto"
    first, second = (segmenter(method).fit(table(features), k, np.random.default_rng(9), silent) for _ in range(2))
    np.testing.assert_array_equal(first.labels, second.labels)
    assert first.quality == second.quality


def test_many_customers_join_the_centres_of_a_sample() -> None:
    features, truth = groups(3, 200, np.random.default_rng(5))
    grouping = KMeans(enough=100, batch=50).fit(table(features), 3, np.random.default_rng(5), silent)
    assert adjusted_rand_score(truth, grouping.labels) > 0.98


@by_density
def test_dense_groups_are_found_and_who_is_far_from_all_fits_none(method: str) -> None:
    features, truth = groups(3, 60, np.random.default_rng(2))
    strange = features_of(*(np.array([[5.0], [400], [9_000], [900], [700]])))
    everybody = pd.concat([features, strange.set_index(strange.index + 10_000)])
    grouping = segmenter(method).fit(table(everybody), "auto", np.random.default_rng(2), silent)
    (none,) = (label for label, group in grouping.named.items() if group.key == "fits-no-group")
    assert none == grouping.k - 1
    assert grouping.labels[-1] == none
    inside = grouping.labels[:-1] != none
    assert inside.mean() > 0.8
    assert adjusted_rand_score(truth[inside], grouping.labels[:-1][inside]) > 0.98
    assert grouping.quality["outliers"] == (grouping.labels == none).sum()


@by_density
def test_many_customers_are_as_those_most_like_them(method: str) -> None:
    features, truth = groups(3, 200, np.random.default_rng(3))
    grouping = replace(cast("Any", segmenter(method)), most=150).fit(
        table(features), "auto", np.random.default_rng(3), silent
    )
    inside = ~np.isin(grouping.labels, list(grouping.named))
    assert inside.mean() > 0.8
    assert adjusted_rand_score(truth[inside], grouping.labels[inside]) > 0.98


@pytest.mark.parametrize("method", ["ward", "average"])
def test_above_a_size_the_tree_is_that_of_a_sample(method: str) -> None:
    features, truth = groups(3, 200, np.random.default_rng(4))
    some = replace(cast("Any", segmenter(method)), exactly=300, sample=100, to_choose=150)
    grouping = some.fit(table(features), "auto", np.random.default_rng(4), silent)
    assert grouping.k == 3
    assert adjusted_rand_score(truth, grouping.labels) > 0.98
    tree = grouping.quality["tree"]
    assert tree["customers"] == sum(tree["sizes"]) == 100
    assert len(tree["mergers"]) == len(tree["sizes"]) - 1


def test_an_unknown_method_is_told_what_there_is() -> None:
    with pytest.raises(NotAllowed, match=r"named horoscope; there are: average, dbscan, hdbscan, kmeans, rfm_eig"):
        segmenter("horoscope")
    assert "kmeans" in methods()
