"""Maximal marginal relevance, against a walk through by hand and the definition written as a loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from engine.recommend import diversity
from engine.recommend.diversity import NO_CATEGORY, mmr, worth
from engine.recommend.history import Floats, Ints

NONE = np.zeros(0, np.int64)


def order(
    similarity: Floats, relevance: float, n: int, *, most: int | None = None, top: int | None = None
) -> list[int]:
    """Of one customer whose list is products 0, 1, …, all of one category."""
    found = mmr(
        np.zeros(n, np.int64),
        np.arange(n),
        np.arange(1, n + 1),
        np.zeros(n, np.bool_),
        np.zeros(n, np.int64),
        csr_array(similarity),
        relevance=relevance,
        most_per_category=most,
        top=top,
    )
    return [int(row) for row in found]


def test_by_hand() -> None:
    """Worth is 1, .63, .5, .43. With lambda .5, after product 0: .5 * .63 - .5 * .9 = -.13 for its near twin 1,
    .25 - .5 * .1 = .2 for 2, .22 - .5 * .4 = .02 for 3. After 2, to which 3 is .9 alike: -.13 for 1, -.23 for 3.
    """
    assert worth(np.arange(1, 5)).round(2).tolist() == [1.0, 0.63, 0.5, 0.43]
    similarity = np.array([[1, 0.9, 0.1, 0.4], [0.9, 1, 0, 0], [0.1, 0, 1, 0.9], [0.4, 0, 0.9, 1]])
    assert order(similarity, 0.5, 4) == [0, 2, 1, 3]
    assert order(similarity, 1.0, 4) == [0, 1, 2, 3]
    assert order(similarity, 0.0, 4) == [0, 2, 1, 3]  # of 1 (.9 to 0) and 3 (.9 to 2) the one ranked first
    assert order(similarity, 0.5, 4, top=2) == [0, 2]


def walked(product: Ints, rank: Ints, category: Ints, similarity: Floats, relevance: float, most: int) -> list[int]:
    """The definition, product by product."""
    left, chosen = list(range(product.size)), list[int]()
    while True:
        counts = [int(category[i]) for i in chosen]
        open_ = [i for i in left if category[i] == NO_CATEGORY or counts.count(int(category[i])) < most]
        if not open_:
            return chosen

        def value(i: int) -> float:
            nearest = max((similarity[product[i], product[j]] for j in chosen), default=0.0)
            return float(relevance * worth(rank[i : i + 1])[0] - (1 - relevance) * nearest)

        best = max(open_, key=lambda i: (value(i), -i))
        chosen.append(best)
        left.remove(best)


@pytest.mark.parametrize("dense", [0, 3_000])
@given(
    seed=st.integers(0, 10_000),
    sizes=st.lists(st.integers(1, 7), min_size=1, max_size=4),
    relevance=st.floats(0, 1),
    most=st.integers(1, 3),
)
@settings(max_examples=40)
def test_it_is_the_definition(dense: int, seed: int, sizes: list[int], relevance: float, most: int) -> None:
    rng = np.random.default_rng(seed)
    similarity = rng.random((9, 9)) * (rng.random((9, 9)) < 0.6)
    similarity = np.maximum(similarity, similarity.T)
    product = np.concatenate([rng.permutation(9)[:size] for size in sizes])
    rank = np.concatenate([np.arange(1, size + 1) for size in sizes])
    category = rng.integers(-1, 3, product.size)
    customer = np.repeat(np.arange(len(sizes)), sizes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diversity, "DENSE", dense)
        patch.setattr(diversity, "CELLS", 10)
        found = mmr(
            customer,
            product,
            rank,
            np.zeros(product.size, np.bool_),
            category,
            csr_array(similarity),
            relevance=relevance,
            most_per_category=most,
        )
    expected = []
    for who in range(len(sizes)):
        mine = np.flatnonzero(customer == who)
        walk = walked(product[mine], rank[mine], category[mine], similarity, relevance, most)
        expected += mine[walk].tolist()
    assert found.tolist() == expected


def test_nobody() -> None:
    empty = csr_array((3, 3))
    flags = np.zeros(0, np.bool_)
    assert mmr(NONE, NONE, NONE, flags, NONE, empty, relevance=0.5).tolist() == []
