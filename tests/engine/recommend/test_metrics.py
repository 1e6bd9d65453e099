"""Metrics of lists, beside what RecTools 0.19 and scikit-learn give for the same, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.metrics import ndcg_score

from engine.recommend.metrics import (
    METRICS,
    Lists,
    Pairs,
    coverage,
    diversity,
    novelty,
    per_customer,
)

# rows 0 to 3 get lists, row 4 none; row 3 bought nothing
LISTS = {0: [3, 1, 2, 5], 1: [1, 4], 2: [6, 2, 3, 1], 3: [1]}
BOUGHT = {0: [1, 5], 1: [2], 2: [6, 2, 1, 7, 8], 4: [1]}


def lists(table: dict[int, list[int]]) -> Lists:
    rows = [(row, product, place) for row, what in table.items() for place, product in enumerate(what, start=1)]
    return Lists(*np.array(rows, np.int64).reshape(-1, 3).T)


def pairs(table: dict[int, list[int]]) -> Pairs:
    rows = [(row, product) for row, what in table.items() for product in what]
    return Pairs(*np.array(rows, np.int64).reshape(-1, 2).T)


# rectools.metrics' Recall, HitRate, NDCG(divide_by_achievable=True), MRR: calc_per_user for users 0, 1, 2, 4
RECTOOLS: dict[int, dict[str, list[float]]] = {
    2: {
        "recall": [0.5, 0, 0.4, 0],
        "hit_rate": [1, 0, 1, 0],
        "ndcg": [0.386853, 0, 1, 0],
        "mrr": [0.5, 0, 1, 0],
    },
    3: {
        "recall": [0.5, 0, 0.4, 0],
        "hit_rate": [1, 0, 1, 0],
        "ndcg": [0.386853, 0, 0.765361, 0],
        "mrr": [0.5, 0, 1, 0],
    },
    4: {
        "recall": [1, 0, 0.6, 0],
        "hit_rate": [1, 0, 1, 0],
        "ndcg": [0.650921, 0, 0.80481, 0],
        "mrr": [0.5, 0, 1, 0],
    },
}
# rectools.metrics.MAP divides by k or by n: for each user that whose divisor is the smaller one
RECTOOLS_MAP = {2: [0.25, 0, 1, 0], 3: [0.25, 0, 0.666667, 0], 4: [0.5, 0, 0.6875, 0]}


@pytest.mark.parametrize("k", RECTOOLS)
def test_as_rectools_has_it(k: int) -> None:
    found = per_customer(lists(LISTS), pairs(BOUGHT), k)
    assert found.rows.tolist() == [0, 1, 2, 4]
    for metric, expected in {**RECTOOLS[k], "map": RECTOOLS_MAP[k]}.items():
        assert found.of(metric) == pytest.approx(expected, abs=1e-6), metric


def test_by_hand() -> None:
    # places 1 and 3 right of 2 relevant: gain 1 + 1/2 of an achievable 1 + 1/log2(3)
    found = per_customer(lists({0: [7, 8, 9]}), pairs({0: [9, 7]}), 3)
    assert found.ndcg[0] == pytest.approx(1.5 / (1 + 1 / np.log2(3)))
    assert found.map[0] == pytest.approx((1 + 2 / 3) / 2)


@settings(max_examples=60)
@given(st.permutations(range(8)), st.sets(st.integers(0, 7), min_size=1), st.integers(1, 8))
def test_ndcg_is_that_of_scikit_learn(listed: list[int], bought: set[int], k: int) -> None:
    score = np.zeros(8)
    score[listed] = np.arange(8, 0, -1)
    relevant = np.isin(np.arange(8), list(bought)).astype(np.float64)
    expected = ndcg_score(relevant[None], score[None], k=k)
    assert per_customer(lists({0: listed}), pairs({0: sorted(bought)}), k).ndcg[0] == pytest.approx(expected)


@settings(max_examples=60)
@given(
    st.dictionaries(st.integers(0, 4), st.lists(st.integers(0, 9), unique=True, max_size=6)),
    st.dictionaries(st.integers(0, 4), st.lists(st.integers(0, 9), unique=True, max_size=6)),
    st.integers(1, 7),
)
def test_all_lie_between_nothing_and_one_and_a_perfect_list_has_one(
    listed: dict[int, list[int]], bought: dict[int, list[int]], k: int
) -> None:
    found = per_customer(lists(listed), pairs(bought), k)
    assert found.rows.tolist() == sorted(row for row, what in bought.items() if what)
    best = per_customer(lists(bought), pairs(bought), k)
    for metric in METRICS:
        assert ((found.of(metric) >= 0) & (found.of(metric) <= 1 + 1e-12)).all()
        assert (found.of(metric) <= best.of(metric) + 1e-12).all()
        if metric != "recall":
            assert best.of(metric) == pytest.approx(1)


def test_what_is_bought_or_listed_twice_counts_once() -> None:
    once = per_customer(lists({0: [1, 2]}), pairs({0: [2]}), 3)
    twice = per_customer(lists({0: [1, 2, 2]}), pairs({0: [2, 2]}), 3)
    assert all(once.of(metric) == twice.of(metric) for metric in METRICS)


def test_without_anything() -> None:
    assert per_customer(lists({}), pairs({}), 5).ndcg.size == 0
    assert per_customer(lists({}), pairs({2: [1]}), 5).ndcg.tolist() == [0]
    assert coverage(lists({}), 0, 5) == novelty(lists({}), np.array([1]), 1, 5) == 0
    assert diversity(lists({0: [1]}), csr_array((2, 2)), 5) == 0


def test_coverage_counts_products_of_the_first_places() -> None:
    assert coverage(lists(LISTS), 8, 3) == 5 / 8  # products 1, 2, 3, 4 and 6; RecTools' CatalogCoverage: 5


def test_novelty_is_that_of_rectools() -> None:
    # MeanInvUserFreq(4) of four customers: product 1 has four buyers, 2 two, 3 one, others none
    buyers = np.array([0, 4, 2, 1, 0, 0, 0])
    expected = np.mean([1.25, 1.0, 1.25, 0.0])
    assert novelty(lists(LISTS), buyers, 4, 4) == pytest.approx(expected)


def test_diversity_by_hand() -> None:
    # three directions of length 1: 0-1 are 60° apart, 0-2 and 1-2 at right angles; nothing is known of product 3
    vectors = csr_array(np.array([[1, 0, 0], [1 / 2, 3**0.5 / 2, 0], [0, 0, 1], [0, 0, 0]]))
    listed = lists({0: [0, 1, 2], 3: [1, 0], 4: [2, 3], 7: [0]})
    assert diversity(listed, vectors, 3) == pytest.approx(np.mean([1 - (1 / 2) / 3, 1 / 2, 1]))
    assert diversity(listed, vectors, 2) == pytest.approx(np.mean([1 / 2, 1 / 2, 1]))
