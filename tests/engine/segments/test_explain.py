from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.feature_table import Feature, FeatureTable
from engine.features.bases.behavioural import FEATURES, table
from engine.phrases import Phrase
from engine.segments.borders import LEAST_KEPT, explained, settled
from engine.segments.explain import Explanation, explain
from engine.segments.prepare import points
from engine.segments.questions import Asked, round_numbers, tag_counts
from engine.segments.rules import RULES, Bounds, rule, said
from tests.engine.segments.made import alike, features_of, groups, one_cloud


def told(explanation: Explanation) -> list[list[list[str]]]:
    return [[[str(one) for one in rules] for rules in sets] for sets in explanation.sets]


def test_groups_that_lie_apart_are_named_without_a_mistake() -> None:
    features, truth = groups(4, 50, np.random.default_rng(1))
    explanation = explain(table(features), truth, "GBP")
    assert explanation.agreement == 1
    assert all(len(sets) == 1 for sets in explanation.sets)
    assert explanation.covered == explanation.right == (1, 1, 1, 1)


def test_two_groups_by_hand() -> None:
    # only the number of orders differs: 1, 1, 2 against 6, 7, 2, the last of whom is on the wrong side
    orders = np.array([1.0, 2, 2, 6, 7, 2])
    five = np.full(6, 5.0)
    features = features_of(five, orders, 20 / orders, five, five).assign(order_value=4.0)
    explanation = explain(table(features), np.array([0, 0, 0, 1, 1, 1]), None)
    assert told(explanation) == [[["at most 4 orders"]], [["at least 5 orders"]]]
    assert explanation.agreement == pytest.approx(5 / 6)
    assert explanation.covered == pytest.approx((1, 2 / 3))
    assert explanation.right == pytest.approx((3 / 4, 1))


def test_a_group_of_two_kinds_has_two_sets_of_rules() -> None:
    # segment 0: those who ordered once, and those who ordered often; segment 1 lies between
    orders = np.repeat([1.0, 5, 20], 30)
    five = np.full(90, 5.0)
    features = features_of(five, orders, 20 / orders, five, five).assign(order_value=4.0)
    explanation = explain(table(features), np.repeat([0, 1, 0], 30), None)
    assert explanation.agreement == 1
    assert [len(sets) for sets in explanation.sets] == [2, 1]
    assert explanation.n_leaves == 3


def test_segments_that_no_number_sets_apart_have_no_rules() -> None:
    explanation = explain(table(alike(10)), np.array([0] * 7 + [1] * 3), None)
    assert explanation.sets == ((), ())
    assert explanation.agreement == pytest.approx(0.7)


def test_a_cloud_cut_at_random_is_not_said_to_be_understood() -> None:
    labels = np.random.default_rng(0).integers(0, 3, 300)
    assert explain(table(one_cloud(300, np.random.default_rng(0))), labels, None).agreement < 0.6


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
def test_laws_of_rules(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    features = one_cloud(80, rng)
    labels = np.concatenate([np.arange(k), rng.integers(0, k, 80 - k)])
    explanation = explain(table(features), labels, None, points(table(features)))
    assert explanation.n_leaves <= 2 * k
    named = explanation.sorter.segments(table(features).frame)
    assert explanation.agreement == pytest.approx(np.mean(named == explanation.labels))
    assert explanation.agreement_found == pytest.approx(np.mean(named == labels))
    assert explanation.n_moved == np.count_nonzero(explanation.labels != labels)
    # nobody is moved but to where the rules say, and no segment is emptied
    moved = explanation.labels != labels
    assert (np.bincount(explanation.labels, minlength=k) > 0).all()
    assert explanation.kept >= LEAST_KEPT or not moved.any()
    assert all(len(rules) <= 4 for sets in explanation.sets for rules in sets)


def test_the_order_of_customers_does_not_matter() -> None:
    features, truth = groups(3, 40, np.random.default_rng(5))
    order = np.random.default_rng(6).permutation(len(features))
    straight = explain(table(features), truth, "GBP")
    mixed = explain(table(features.iloc[order]), truth[order], "GBP")
    assert told(straight) == told(mixed)


def test_near_a_border_customers_go_with_the_rules() -> None:
    # groups 0 to 2 and 7 to 9; the rule puts the third customer with the second group
    line = np.array([[0.0], [1], [2], [7], [8], [9]])
    found = np.array([0, 0, 0, 1, 1, 1])
    # between the groups lie 6 · 3.5² = 73.5 of 77.5; with 2 moved it is 6.5² · 2·4/6 = 48, too little
    assert explained(line, found) == pytest.approx(73.5)
    labels, kept = settled(line, found, found, np.array([0, 0, 1, 1, 1, 1]))
    assert labels.tolist() == found.tolist()
    assert kept == 1
    near = np.array([[0.0], [1], [4.4], [7], [8], [9]])
    labels, kept = settled(near, found, found, np.array([0, 0, 1, 1, 1, 1]))
    assert labels.tolist() == [0, 0, 1, 1, 1, 1]
    assert kept > 1


def test_only_numbers_that_a_person_would_say() -> None:
    assert round_numbers(1, 5, whole=True).tolist() == [2, 3, 4, 5]
    assert round_numbers(90, 210, whole=True).tolist() == [100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 210]
    assert round_numbers(1, 2, whole=False).tolist() == [1.2, 1.5, 2]
    assert round_numbers(3, 3, whole=True).tolist() == []
    assert round_numbers(-5, 2, whole=True).tolist() == [-4, -3, -2, -1, 0, 1, 2]
    # years are told by fives
    assert round_numbers(1950, 2000, whole=False).tolist() == list(range(1955, 2001, 5))


@pytest.mark.parametrize(
    ("feature", "low", "high", "sentence"),
    [
        (c.RECENCY_DAYS, None, 90, "last order less than 90 days ago"),
        (c.RECENCY_DAYS, 30, None, "last order at least 30 days ago"),
        (c.RECENCY_DAYS, 30, 90, "last order 30 to 89 days ago"),
        (c.RECENCY_DAYS, 3, 4, "last order 3 days ago"),
        (c.FREQUENCY, None, 2, "one order only"),
        (c.FREQUENCY, None, 5, "at most 4 orders"),
        (c.FREQUENCY, 2, 3, "exactly 2 orders"),
        (c.FREQUENCY, 2, 5, "2 to 4 orders"),
        (c.FREQUENCY, 1_200, None, "at least 1,200 orders"),
        (c.MONETARY, 500, None, "spent at least £500 in all"),
        (c.MONETARY, None, 500, "spent less than £500 in all"),
        (c.MONETARY, 500, 1_200, "spent £500 to £1,200 in all"),
        (c.ORDER_VALUE, 20, 60, "spent £20 to £60 per order"),
        (c.ORDER_VALUE, 20, None, "spent at least £20 per order"),
        (c.ORDER_VALUE, None, 60, "spent less than £60 per order"),
        (c.ITEMS_PER_ORDER, 1.5, None, "at least 1.5 pieces per order"),
        (c.ITEMS_PER_ORDER, None, 12, "fewer than 12 pieces per order"),
        (c.ITEMS_PER_ORDER, 1.5, 12, "1.5 to 12 pieces per order"),
        (c.N_PRODUCTS, None, 2, "one product only"),
        (c.N_PRODUCTS, None, 9, "at most 8 different products"),
        (c.N_PRODUCTS, 9, None, "at least 9 different products"),
        (c.N_PRODUCTS, 9, 10, "exactly 9 different products"),
        (c.N_PRODUCTS, 2, 10, "2 to 9 different products"),
        (c.AGE, 25, 35, "25 to 34 years old"),
        (c.AGE, None, 25, "under 25 years old"),
        (c.AGE, 60, None, "60 years or older"),
    ],
)
def test_rules_in_words(feature: str, low: float | None, high: float | None, sentence: str) -> None:
    assert str(RULES[feature](Bounds(low, high), "GBP")) == sentence


def test_every_feature_has_its_words() -> None:
    assert set(RULES) == {feature.key for feature in FEATURES} | {c.AGE}


ANSWERS = FeatureTable(
    pd.DataFrame(
        {
            "opera": [1.0, 5, 3],
            "jazz": [2.0, 4, 3],
            "education": ["PhD", "school", "master"],
            "likes": ["tea; books", "", "books"],
            "member": [1.0, 0, 1],
            "income": [900.0, 25_000, 40_000],
            "children": [0.0, 2, 1],
            "visits": [0.0, 7, 900],
        }
    ),
    (
        Feature("opera", Phrase("{field}", field="Opera"), "scale", "psychographic"),
        Feature("jazz", Phrase("{field}", field="Jazz"), "scale", "psychographic"),
        Feature("education", Phrase("{field}", field="education"), "choice", "demographic"),
        Feature("likes", Phrase("{field}", field="likes"), "tags", "psychographic"),
        Feature("member", Phrase("{field}", field="member"), "yes_no", "demographic"),
        Feature("income", Phrase("{field}", field="income"), "money", "demographic"),
        Feature("children", Phrase("{field}", field="children"), "count", "demographic"),
        Feature("visits", Phrase("{field}", field="visits"), "number", "behavioural"),
    ),
)
WORDS = ("PhD", "master", "school")


@pytest.mark.parametrize(
    ("question", "low", "high", "sentence"),
    [
        (Asked(("opera",), "scale", (4.0,)), 4, None, "“Opera”: answered 4 or higher"),
        (Asked(("opera",), "scale", (4.0,)), None, 4, "“Opera”: answered 3 or lower"),
        (Asked(("opera",), "scale", (4.0,)), 3, 4, "“Opera”: answered 3"),
        (Asked(("opera",), "scale", (4.0,)), 2, 5, "“Opera”: answered 2 to 4"),
        (Asked(("opera", "jazz"), "scale", (3.5,)), 3.5, None, "“Opera” and “Jazz”: answered 3.5 or higher on average"),
        (Asked(("opera", "jazz"), "scale", (3.5,)), None, 3.5, "“Opera” and “Jazz”: answered below 3.5 on average"),
        (Asked(("education",), "choice", (2.0,), WORDS), 3, None, "education: school"),
        (Asked(("education",), "choice", (2.0,), WORDS), 2, None, "education: not PhD"),
        (Asked(("education",), "choice", (2.0,), WORDS), None, 2, "education: PhD"),
        (Asked(("likes",), "tags", (1.0,), ("tea",)), 1, None, "names “tea”"),
        (Asked(("likes",), "tags", (1.0,), ("tea",)), None, 1, "does not name “tea”"),
        (Asked(("member",), "yes_no", (1.0,)), 1, None, "member: yes"),
        (Asked(("member",), "yes_no", (1.0,)), None, 1, "member: no"),
        (Asked(("income",), "money", (25_000.0,)), None, 25_000, "income: below £25,000"),
        (Asked(("income",), "money", (25_000.0,)), 9.5, 25_000, "income: £9.50 to £25,000"),
        (Asked(("children",), "count", (1.0,)), None, 1, "children: none"),
        (Asked(("children",), "count", (1.0,)), None, 3, "children: up to 2"),
        (Asked(("children",), "count", (1.0,)), 2, None, "children: 2 or more"),
        (Asked(("visits",), "number", (1.0,)), None, 1, "visits: none"),
        (Asked(("visits",), "number", (1.0,)), 2, 5, "visits: 2 to 4"),
        (Asked(("visits",), "number", (500.0,)), None, 500, "visits: below 500"),
    ],
)
def test_rules_of_all_kinds_in_words(question: Asked, low: float | None, high: float | None, sentence: str) -> None:
    assert str(rule(question, Bounds(low, high), ANSWERS, "GBP")) == sentence


def test_two_orders_of_one_choice_are_one_rule() -> None:
    question, other = (Asked(("education",), "choice", (2.0,), words) for words in (WORDS, WORDS[::-1]))
    box = {question: Bounds(2, None), other: Bounds(2, None)}
    assert [str(one) for one in said(box, ANSWERS, None)] == ["education: master"]


def test_tags_are_whole_words() -> None:
    assert Asked(("likes",), "tags", (1.0,), ("book",)).values(ANSWERS.frame).tolist() == [0, 0, 0]
    assert Asked(("likes",), "tags", (1.0,), ("books",)).values(ANSWERS.frame).tolist() == [1, 0, 1]
    assert tag_counts(ANSWERS.frame["likes"]).to_dict() == {"books": 2, "tea": 1}
