from __future__ import annotations

import numpy as np
import pytest

from engine.features.bases.behavioural import table
from engine.progress import silent
from engine.segments.choose import (
    Strength,
    _kept_together,
    _steadiest,
    centres,
    choose,
    nearest,
    prediction_strength,
    silhouette,
)
from engine.segments.methods.kmeans import KMeans
from engine.segments.prepare import points
from tests.engine.segments.made import groups, one_cloud

GROUP = KMeans(starts=4)._group


def test_pairs_kept_together_by_hand() -> None:
    # the first group keeps 1 of its 3 pairs, the second its only one
    found, carried = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1])
    assert _kept_together(found, carried, 2) == pytest.approx(1 / 3)
    # a group of one has no pair
    assert _kept_together(np.array([0, 0, 1]), np.array([0, 0, 1]), 2) == 0


def test_centres_and_the_nearest_of_them() -> None:
    at = np.array([[0.0, 0], [0, 2], [10, 10]])
    middle = centres(at, np.array([0, 0, 1]))
    np.testing.assert_array_equal(middle, [[0, 1], [10, 10]])
    assert nearest(np.array([[1.0, 1], [9, 9]]), middle).tolist() == [0, 1]


@pytest.mark.parametrize("k", [2, 3, 4])
def test_the_true_number_is_chosen(k: int) -> None:
    features, _ = groups(k, 60, np.random.default_rng(k))
    choice = choose(points(table(features)), GROUP, "auto", np.random.default_rng(0), silent)
    assert choice.k == k
    assert choice.strengths[k] > 0.95
    assert {k - 1, k + 1} - {1} <= choice.strengths.keys()


@pytest.mark.parametrize("seed", range(5))
def test_a_cloud_has_no_groups(seed: int) -> None:
    cloud = points(table(one_cloud(200, np.random.default_rng(seed))))
    assert choose(cloud, GROUP, "auto", np.random.default_rng(seed), silent).k == 1


def test_a_given_number_is_kept_and_its_neighbours_are_shown() -> None:
    features, _ = groups(3, 60, np.random.default_rng(0))
    choice = choose(points(table(features)), GROUP, 5, np.random.default_rng(0), silent)
    assert choice.k == 5
    assert list(choice.strengths) == [4, 5, 6] == list(choice.silhouettes)


@pytest.mark.parametrize(
    ("strengths", "k"),
    [
        ({}, 1),
        ({2: (0.79, 0.02), 3: (0.7, 0.2)}, 1),  # none reaches .8
        ({2: (0.9, 0.01), 3: (0.79, 0.02), 4: (0.7, 0.02)}, 3),  # 3 is not clearly below
        ({2: (0.9, 0.01), 3: (0.79, 0.005)}, 2),
        ({2: (0.9, 0.01), 3: (0.6, 0.02), 4: (0.85, 0.01)}, 4),
    ],
)
def test_the_largest_number_that_is_steady(strengths: dict[int, tuple[float, float]], k: int) -> None:
    assert _steadiest({number: Strength(*strength) for number, strength in strengths.items()}) == k


def test_few_customers_are_not_cut_finely() -> None:
    features, _ = groups(3, 10, np.random.default_rng(0))
    choice = choose(points(table(features)), GROUP, "auto", np.random.default_rng(0), silent)
    assert list(choice.strengths) == [2, 3]


def test_more_groups_than_customers_that_differ_never_come_back() -> None:
    same = np.repeat(np.array([[0.0], [1.0]]), 20, axis=0)
    assert prediction_strength(same, 3, GROUP, np.random.default_rng(0)) == (0, 0)


def test_a_group_for_each_has_no_silhouette() -> None:
    at = np.array([[0.0], [1.0], [2.0]])
    assert silhouette(at, np.array([0, 1, 2]), np.random.default_rng(0)) == 0
