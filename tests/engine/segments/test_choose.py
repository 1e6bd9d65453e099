from __future__ import annotations

import numpy as np
import pytest

from engine.features.bases.behavioural import table
from engine.progress import silent
from engine.segments.choose import choose, silhouette
from engine.segments.methods.kmeans import KMeans
from engine.segments.prepare import Points, points
from tests.engine.segments.made import groups, one_cloud

GROUP = KMeans(starts=4)._group


@pytest.mark.parametrize("k", [2, 3, 4])
def test_the_true_number_is_chosen(k: int) -> None:
    features, _ = groups(k, 60, np.random.default_rng(k))
    choice = choose(points(table(features)), GROUP, "auto", np.random.default_rng(0), silent)
    assert choice.k == k
    assert choice.strengths[k] > 0.95
    assert {k - 1, k + 1} - {1} <= choice.strengths.keys()
    assert sum(choice.weights.values()) == pytest.approx(1)
    assert choice.weights[k] == max(choice.weights.values())


@pytest.mark.parametrize("seed", range(5))
def test_a_cloud_has_no_groups(seed: int) -> None:
    cloud = points(table(one_cloud(200, np.random.default_rng(seed))))
    assert choose(cloud, GROUP, "auto", np.random.default_rng(seed), silent).k == 1


def test_a_given_number_is_kept_and_its_neighbours_are_shown() -> None:
    features, _ = groups(3, 60, np.random.default_rng(0))
    choice = choose(points(table(features)), GROUP, 5, np.random.default_rng(0), silent)
    assert choice.k == 5
    assert list(choice.strengths) == [4, 5, 6] == list(choice.silhouettes)
    assert choice.weights == {}


def test_few_customers_are_not_cut_finely() -> None:
    features, _ = groups(3, 10, np.random.default_rng(0))
    choice = choose(points(table(features)), GROUP, "auto", np.random.default_rng(0), silent)
    assert list(choice.strengths) == [2, 3]


def test_a_group_for_each_has_no_silhouette() -> None:
    at = np.array([[0.0], [1.0], [2.0]])
    assert silhouette(at, np.array([0, 1, 2]), np.random.default_rng(0)) == 0


def continuum(n: int, rng: np.random.Generator) -> Points:
    """One skewed, stretched cloud: who orders more spends more, and the many order once."""
    rate = rng.gamma(1.5, size=n)
    orders = 1.0 + rng.poisson(2 * rate)
    figures = np.column_stack([rng.exponential(90, n) / (0.3 + rate), orders, orders * np.exp(rng.normal(3, 0.8, n))])
    logs = np.log1p(figures)
    scaled: Points = (logs - logs.mean(axis=0)) / logs.std(axis=0)
    return scaled


@pytest.mark.parametrize("seed", range(3))
def test_a_stretched_continuum_has_no_groups_though_halves_of_it_come_back(seed: int) -> None:
    choice = choose(continuum(600, np.random.default_rng(seed)), GROUP, "auto", np.random.default_rng(0), silent)
    assert choice.k == 1
    assert max(choice.silhouettes, key=choice.silhouettes.__getitem__) > 1


def test_the_same_seed_chooses_the_same() -> None:
    cloud = continuum(300, np.random.default_rng(5))
    first, second = (choose(cloud, GROUP, "auto", np.random.default_rng(3), silent) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("n", [1, 2, 39])
@pytest.mark.parametrize("k", ["auto", 1, 3, 60])
def test_few_customers_and_any_k_are_no_obstacle(n: int, k: int | str) -> None:
    at = np.random.default_rng(0).normal(size=(n, 3))
    choice = choose(at, GROUP, k, np.random.default_rng(0), silent)  # type: ignore[arg-type]
    assert choice.k == (k if k != "auto" else choice.k)
    assert all(np.isfinite(list(choice.strengths.values())))
    assert max(choice.strengths, default=0) <= n


def test_customers_all_alike_have_no_groups() -> None:
    assert choose(np.zeros((50, 2)), GROUP, "auto", np.random.default_rng(0), silent).k == 1
    assert choose(np.zeros((50, 0)), GROUP, "auto", np.random.default_rng(0), silent).k == 1


def test_yes_and_no_are_two_groups() -> None:
    answers = np.repeat(np.array([[0.0, 0.0], [1.0, 1.0]]), 40, axis=0)
    assert choose(answers, GROUP, "auto", np.random.default_rng(0), silent).k == 2
