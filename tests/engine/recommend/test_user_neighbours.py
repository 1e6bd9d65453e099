from __future__ import annotations

import math
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recommend.rankers.user_neighbours import RANKER, UserNeighbours
from tests.engine.recommend.tables import AS_OF, Row, bought, history, positions, rng

PLAIN = UserNeighbours(half_life_days=inf, fresh_days=inf, breadth=0)


def test_the_score_is_the_similarity_of_those_who_bought_it() -> None:
    past = history(bought({1, 2}, {1, 3}, {1, 2, 3, 4}))
    # cosines with the first: 1 / sqrt(2 · 2) and 2 / sqrt(2 · 4)
    one, other = 1 / 2, 1 / math.sqrt(2)
    scores = PLAIN.fit(past, rng()).scores(positions(0)).toarray()[0]
    assert scores.tolist() == pytest.approx([one + other, other, one + other, other])


def test_a_neighbour_with_many_purchases_says_less_of_each() -> None:
    past = history(bought({1, 2}, {1, 3}, {1, 2, 3, 4}))
    scores = replace(PLAIN, breadth=1).fit(past, rng()).scores(positions(0)).toarray()[0]
    assert scores[3] == pytest.approx(1 / math.sqrt(2) / 4)


def test_a_neighbours_last_purchase_counts_half_after_the_half_life() -> None:
    rows: list[Row] = [*bought({1}), (2, 1, 20, AS_OF), (2, 2, 21, "2026-06-10"), (2, 2, 22, "2026-06-20")]
    scores = replace(PLAIN, fresh_days=10).fit(history(rows), rng()).scores(positions(0)).toarray()[0]
    # vectors: (1, 0) and (1, sqrt(2)); ten days ago
    assert scores[1] == pytest.approx(1 / math.sqrt(3) / 2)


def test_tfidf_gives_rare_products_more_say() -> None:
    past = history(bought({1, 2}, {1, 3}, {1, 4}, {2, 5}))
    scores = {how: replace(PLAIN, weighting=how).fit(past, rng()).scores(positions(0)) for how in ("cosine", "tfidf")}
    assert scores["cosine"][0, 2] == pytest.approx(scores["cosine"][0, 4])
    assert scores["tfidf"][0, 2] < scores["tfidf"][0, 4]


def test_only_the_nearest_and_never_the_customer_itself() -> None:
    past = history(bought({1, 2}, {1, 3}, {1, 2, 4}))
    fitted = replace(PLAIN, neighbours=1).fit(past, rng())
    assert fitted.nearest(positions(0)).toarray()[0].astype(bool).tolist() == [False, False, True]
    assert not fitted.scores(positions(0))[0, 2]


def test_beyond_the_pool_the_customers_with_the_most_products_are_the_neighbours() -> None:
    past = history(bought({1, 2}, {1, 3}, {1, 2, 4}))
    fitted = replace(PLAIN, pool=1).fit(past, rng())
    assert fitted.pool.members.tolist() == [2]
    assert fitted.scores(positions(1)).toarray()[0].astype(bool).tolist() == [True, True, False, True]
    assert not fitted.scores(positions(2)).nnz


@settings(max_examples=30)
@given(st.lists(st.sets(st.integers(1, 7), min_size=1), min_size=1, max_size=10), st.integers(1, 4))
def test_reasons_are_true(what: list[set[int]], neighbours: int) -> None:
    past = history(bought(*what))
    fitted = replace(RANKER, neighbours=neighbours).fit(past, rng())
    table = fitted.scores(np.arange(past.customers.size)).toarray()
    customers, products = (where.astype(np.int64) for where in np.nonzero(table > 0))
    near = fitted.nearest(np.arange(past.customers.size)).toarray() > 0
    for customer, product, reason in zip(
        customers.tolist(), products.tolist(), fitted.reasons(customers, products), strict=True
    ):
        mine = [what[place] for place in np.flatnonzero(near[customer])]
        assert len(mine) <= neighbours
        assert what[customer] & set().union(*mine)
        n = sum(int(past.products[product]) in basket for basket in mine)
        assert n >= 1
        if len(mine) == 1:
            assert str(reason) == "the customer whose purchases are most like theirs bought this"
        else:
            assert (reason.facts["n"], reason.facts["of"]) == (n, len(mine))
