from __future__ import annotations

import numpy as np
import pytest

from engine import columns as c
from engine.features.bases.behavioural import FEATURES, table
from engine.segments.explain import RULES, Bounds, _round_numbers, explain
from tests.engine.segments.made import alike, features_of, groups, one_cloud


def test_groups_that_lie_apart_are_named_without_a_mistake() -> None:
    features, truth = groups(4, 50, np.random.default_rng(1))
    explained = explain(table(features), truth, "GBP")
    assert explained.agreement == 1
    assert all(explained.rules)


def test_two_groups_by_hand() -> None:
    # only the number of orders differs: 1, 1, 2 against 6, 7, 2, the last of whom is on the wrong side
    orders = np.array([1.0, 2, 2, 6, 7, 2])
    five = np.full(6, 5.0)
    features = features_of(five, orders, 20 / orders, five, five).assign(order_value=4.0)
    explained = explain(table(features), np.array([0, 0, 0, 1, 1, 1]), None)
    assert [[str(rule) for rule in rules] for rules in explained.rules] == [["at most 2 orders"], ["at least 3 orders"]]
    assert explained.agreement == pytest.approx(5 / 6)


def test_rules_hold_for_exactly_those_they_name() -> None:
    features, _ = groups(3, 40, np.random.default_rng(2))
    labels = (features[c.FREQUENCY] >= 4).to_numpy().astype(np.intp)
    explained = explain(table(features), labels, None)
    assert explained.agreement == 1
    assert all(len(rules) == 1 for rules in explained.rules)


def test_segments_that_no_number_sets_apart_have_no_rules() -> None:
    explained = explain(table(alike(10)), np.array([0] * 7 + [1] * 3), None)
    assert explained.rules == ((), ())
    assert explained.agreement == pytest.approx(0.7)


def test_a_cloud_cut_at_random_is_not_said_to_be_understood() -> None:
    labels = np.random.default_rng(0).integers(0, 3, 300)
    assert explain(table(one_cloud(300, np.random.default_rng(0))), labels, None).agreement < 0.6


def test_only_numbers_that_a_person_would_say() -> None:
    assert _round_numbers(1, 5, whole=True).tolist() == [2, 3, 4, 5]
    assert _round_numbers(90, 210, whole=True).tolist() == [100, 120, 150, 200]
    assert _round_numbers(1, 2, whole=False).tolist() == [1.2, 1.5, 2]
    assert _round_numbers(3, 3, whole=True).tolist() == []
    assert _round_numbers(-5, 2, whole=True).tolist() == [1, 2]


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
    ],
)
def test_rules_in_words(feature: str, low: float | None, high: float | None, sentence: str) -> None:
    assert str(RULES[feature](Bounds(low, high), "GBP")) == sentence


def test_every_feature_has_its_words() -> None:
    assert set(RULES) == {feature.key for feature in FEATURES}
