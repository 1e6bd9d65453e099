"""The tree of groups against SciPy's, which needs every distance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist
from sklearn.metrics import adjusted_rand_score

from engine.segments.hierarchical import top
from engine.segments.linkage import Linkage, chained, cut, merges

both = pytest.mark.parametrize("kind", ["ward", "average"])


def of_scipy(points: np.ndarray, kind: Linkage) -> np.ndarray:
    made = linkage(points, "ward") if kind == "ward" else linkage(pdist(points, "sqeuclidean"), "average")
    return np.asarray(made)


@both
@settings(max_examples=40)
@given(n=st.integers(2, 120), features=st.integers(1, 6), seed=st.integers(0, 2**32 - 1))
def test_the_chain_makes_the_same_tree(kind: Linkage, n: int, features: int, seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(n, features))
    # where two mergers are as high to the last digit, either may come first
    np.testing.assert_allclose(chained(points, kind)[:, 2:], of_scipy(points, kind)[:, 2:], rtol=1e-7, atol=1e-9)


@both
@pytest.mark.parametrize("k", [1, 2, 3, 9, 40])
def test_cut_where_there_are_k(kind: Linkage, k: int) -> None:
    points = np.random.default_rng(1).normal(size=(40, 3))
    labels = cut(chained(points, kind), k)
    assert sorted(np.unique(labels)) == list(range(k))
    assert adjusted_rand_score(labels, fcluster(of_scipy(points, kind), k, "maxclust")) == 1


@both
def test_few_points_and_many_have_the_same_tree(kind: Linkage, monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(2).normal(size=(300, 4))
    few = cut(merges(points, kind), 6)
    monkeypatch.setattr("engine.segments.linkage.FEW", 10)
    assert adjusted_rand_score(few, cut(merges(points, kind), 6)) == 1


@both
def test_points_that_are_all_alike_merge_at_no_height(kind: Linkage) -> None:
    tree = chained(np.ones((50, 2)), kind)
    assert (tree[:, 2] == 0).all()
    assert tree[-1, 3] == 50


def test_the_top_of_a_tree_by_hand() -> None:
    # 0 and 1 meet at 1, then 10 and 12 at 2, then these two
    tree = merges(np.array([[0.0], [1], [10], [12]]), "ward")
    assert top(tree, 2, 4)["sizes"] == [2, 2]
    # Ward's height of two pairs around .5 and 11: sqrt(2 * 2 * 2 / 4) * 10.5
    assert top(tree, 2, 4)["mergers"] == [[0, 1, pytest.approx(np.sqrt(2) * 10.5)]]
    whole = top(tree, 9, 4)
    assert whole["sizes"] == [1, 1, 1, 1]
    assert [merger[:2] for merger in whole["mergers"]] == [[0, 1], [2, 3], [4, 5]]
