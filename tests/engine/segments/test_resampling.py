from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.segments.methods.kmeans import KMeans
from engine.segments.prepare import Points
from engine.segments.resampling import (
    CHANCE_ALONE,
    _kept_together,
    _most_alike,
    centres,
    n_different,
    nearest,
    prediction_strength,
    so_many_differ,
    stability,
)

GROUP = KMeans(starts=2)._group


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


def test_more_groups_than_customers_that_differ_never_come_back() -> None:
    same = np.repeat(np.array([[0.0], [1.0]]), 20, axis=0)
    assert prediction_strength(same, 3, GROUP, np.random.default_rng(0)) == (0, 0)


def test_similarity_of_groups_by_hand() -> None:
    # {0, 1, 2} and {0, 1} share 2 of 3; {3, 4} and {2, 3, 4} share 2 of 3; nobody of the third group is there
    alike = _most_alike(np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1]), 3)
    np.testing.assert_allclose(alike, [2 / 3, 2 / 3, 0])


def test_a_group_apart_comes_back_and_halves_of_a_cloud_do_not() -> None:
    rng = np.random.default_rng(2)
    ball = rng.normal(size=(300, 2))
    apart = rng.normal([12, 0], 0.3, (60, 2))
    at = np.concatenate([ball, apart])
    labels = np.concatenate([(np.arctan2(*ball.T) // (2 * np.pi / 3)).astype(int) % 3, np.full(60, 3)])
    back = stability(at, labels, GROUP, rng)
    assert back[3] > 0.95
    assert min(back[:3]) < CHANCE_ALONE
    assert all(0 <= share <= 1 for share in back)


def test_everyone_in_one_group_always_comes_back() -> None:
    assert stability(np.zeros((5, 1)), np.zeros(5, dtype=np.intp), GROUP, np.random.default_rng(0)) == [1.0]


@given(
    arrays(
        np.float64, st.tuples(st.integers(0, 6), st.integers(0, 3)), elements=st.sampled_from([-1.0, -0.0, 0.0, 2.5])
    ),
    st.integers(0, 7),
)
def test_so_many_differ_as_are_counted(points: Points, k: int) -> None:
    assert so_many_differ(points, k) == (n_different(points) >= k)
