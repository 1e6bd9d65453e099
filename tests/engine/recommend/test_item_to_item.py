from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recommend.rankers import item_to_item
from engine.recommend.rankers.item_to_item import ItemToItem
from engine.recommend.weighting import Weighting
from tests.engine.recommend.tables import Row, bought, history, positions, rng

PLAIN = ItemToItem(shrinkage=0, least=1, fit_half_life_days=math.inf)


def test_the_score_is_the_damped_cosine() -> None:
    # two buyers of both, one of product 1 alone: (1/2 + 1/2) / sqrt((1/2 + 1/2 + 1) * (1/2 + 1/2))
    fitted = PLAIN.fit(history(bought({1, 2}, {1, 2}, {1})), rng())
    assert fitted.scores(positions(2)).toarray()[0].tolist() == pytest.approx([0.0, 1 / math.sqrt(2)])


def test_a_pair_with_few_buyers_in_common_counts_less() -> None:
    # two buyers in common: 2 / (2 + 6)
    fitted = ItemToItem(shrinkage=6, least=1).fit(history(bought({1, 2}, {1, 2}, {1})), rng())
    assert fitted.scores(positions(2)).toarray()[0, 1] == pytest.approx(0.25 / math.sqrt(2))


def test_a_single_buyer_in_common_is_no_evidence() -> None:
    fitted = ItemToItem().fit(history(bought({1, 2}, {1, 3}, {1, 3}, {1})), rng())
    assert fitted.scores(positions(3)).toarray()[0].astype(bool).tolist() == [False, False, True]


def test_who_bought_everything_says_less_of_a_pair() -> None:
    fitted = PLAIN.fit(history(bought({1, 2}, {1, *range(3, 20)}, {1})), rng())
    scores = fitted.scores(positions(2)).toarray()[0]
    assert scores[1] > scores[2] > 0


def test_what_was_bought_lately_speaks_louder() -> None:
    rows = [*bought({1, 3}, {2, 4}), (9, 1, 90, "2026-06-29"), (9, 2, 91, "2026-01-01")]
    scores = PLAIN.fit(history(rows), rng()).scores(positions(2)).toarray()[0]
    assert scores[2] > scores[3] > 0


@pytest.mark.parametrize(
    ("weighting", "expected"),
    [
        # rows of products over customers: (1, 1, 1) and (1, 1, 0); idf is ln(1 + 2/2), ln(1 + 2/2), ln(1 + 2/1)
        ("cosine", 2 / math.sqrt(3 * 2)),
        ("tfidf", 2 * math.log(2) ** 2 / math.sqrt((2 * math.log(2) ** 2 + math.log(3) ** 2) * 2 * math.log(2) ** 2)),
        # idf is ln(1 + 0.5 / 2.5); lengths are 3 and 2 of 2.5 on average; k1 = 1.2, b = 0.75
        (
            "bm25",
            2
            * math.log(1.2) ** 2
            * 2.2
            / (1 + 1.2 * (0.25 + 0.75 * 3 / 2.5))
            * 2.2
            / (1 + 1.2 * (0.25 + 0.75 * 2 / 2.5)),
        ),
    ],
)
def test_each_weighting_as_computed_by_hand(weighting: Weighting, expected: float) -> None:
    ranker = replace(PLAIN, weighting=weighting, breadth=0)
    fitted = ranker.fit(history(bought({1, 2}, {1, 2}, {1})), rng())
    assert fitted.weights.toarray()[0, 1] == pytest.approx(expected)


def test_a_purchase_long_ago_says_less_of_a_pair() -> None:
    rows: list[Row] = [*bought({1, 2}, {1, 2}), (8, 1, 80, "2025-06-30"), (8, 3, 80, "2025-06-30")]
    weights = replace(PLAIN, fit_half_life_days=30).fit(history(rows), rng()).weights.toarray()
    assert weights[0, 1] > weights[0, 2] > 0


def test_no_more_neighbours_than_asked_for() -> None:
    fitted = ItemToItem(neighbours=2, least=1).fit(history(bought({1, 2, 3, 4, 5}, {1, 2, 3}, {4, 5})), rng())
    assert np.diff(fitted.weights.indptr).max() == 2


def test_the_reason_names_what_contributed_most_and_how_many_bought_both() -> None:
    past = history(bought({1, 2, 3}, {1, 3}, {1, 3}, {2, 4}, {1, 2}))
    (reason,) = PLAIN.fit(past, rng()).reasons(positions(4), positions(2))
    assert str(reason) == "3 people who bought P1 also bought this"


def test_one_person_is_not_called_people() -> None:
    (reason,) = PLAIN.fit(history(bought({1, 2}, {1})), rng()).reasons(positions(1), positions(1))
    assert str(reason) == "1 person who bought P1 also bought this"


@settings(max_examples=30)
@given(st.lists(st.sets(st.integers(1, 7), min_size=1), min_size=1, max_size=10))
def test_reasons_are_true(baskets: list[set[int]]) -> None:
    past = history(bought(*baskets))
    fitted = ItemToItem(shrinkage=3).fit(past, rng())
    candidates = fitted.scores(np.arange(past.customers.size)).tocoo()
    reasons = fitted.reasons(candidates.row.astype(np.int64), candidates.col.astype(np.int64))
    for customer, column, reason in zip(candidates.row, candidates.col, reasons, strict=True):
        other, product = int(reason.facts["other"].en[1:]), int(past.products[column])
        assert other in baskets[customer]
        assert reason.facts["n"] == sum({other, product} <= basket for basket in baskets) >= 2


@settings(max_examples=20)
@given(st.lists(st.sets(st.integers(1, 7), min_size=1), min_size=1, max_size=10))
def test_blocks_do_not_show(baskets: list[set[int]]) -> None:
    past = history(bought(*baskets))
    whole = PLAIN.fit(past, rng())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(item_to_item, "BLOCK", 1)
        apart = PLAIN.fit(past, rng())
    np.testing.assert_array_equal(whole.weights.toarray(), apart.weights.toarray())
    rows, columns = whole.weights.nonzero()
    np.testing.assert_array_equal(whole.together(rows, columns), apart.together(rows, columns))


def test_similarity_is_symmetric_where_no_neighbour_is_cut() -> None:
    similarity = PLAIN.fit(history(bought({1, 2, 3}, {2, 3, 4}, {1, 4}, {1, 2})), rng()).weights.toarray()
    for one, other in combinations(range(4), 2):
        assert similarity[one, other] == pytest.approx(similarity[other, one])
    assert similarity.diagonal().tolist() == [0.0] * 4
