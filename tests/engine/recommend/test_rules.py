"""Rules as settings: what JSON keeps of them, and what cannot hold."""

from __future__ import annotations

import json

import pytest

from engine.errors import EngineError
from engine.recommend.rules import Pause, Pin, Rules, as_json, categories_of, checked, from_json

FULL = Rules(
    in_stock=False,
    least_price=20,
    most_price=200,
    least_margin=0.3,
    excluded=("邮费补差",),
    paused=(Pause("T2", "2026-12-24"),),
    pinned=(Pin("T1", 2, "vip"), Pin("G1")),
    only_categories=("Tea",),
    other_categories=("Cups",),
    rest_days=30,
    most_per_category=2,
    relevance=0.7,
    bought_with=("P1",),
    launches=0.1,
)
CATEGORIES = ("Tea", "Cups", "Home > Kitchen")


@pytest.mark.parametrize("rules", [Rules(), FULL])
def test_json_keeps_them(rules: Rules) -> None:
    assert from_json(json.loads(json.dumps(as_json(rules)))) == rules


def test_the_usual_rules_are_no_words() -> None:
    assert as_json(Rules()) == {}
    assert from_json({"of a later Zhike": 3}) == Rules()


def test_rules_that_can_hold() -> None:
    assert checked(FULL, CATEGORIES) == FULL
    assert checked(Rules(only_categories=("kitchen",), least_price=0, relevance=0), CATEGORIES).relevance == 0


def test_a_category_lies_in_those_above_it() -> None:
    assert categories_of("Home > Ｋitchen") == {"home > kitchen", "home", "kitchen"}
    assert categories_of("茶/绿茶") == {"茶/绿茶", "茶", "绿茶"}
    assert categories_of(None) == categories_of("") == frozenset()


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        (Rules(least_price=200, most_price=20), "No product costs at least 200 and at most 20: swap the two."),
        (Rules(least_price=-1), "A price of -1 cannot be a bound: it must be 0 or more."),
        (Rules(most_price=float("nan")), "A price of nan cannot be a bound: it must be 0 or more."),
        (
            Rules(least_margin=1.2),
            "A margin of 120% cannot be a bound: it is what remains of the price, so 0% to 99%.",
        ),
        (Rules(rest_days=0), "Cannot leave out what was bought in the last 0 days: choose 1 to 3,650."),
        (Rules(most_per_category=-2), "Cannot show at most -2 of a category: choose 1 to 50."),
        (Rules(relevance=-0.5), "Variety is a number from 0 (none) to 1 (all that counts), not 1.5."),
        (Rules(launches=1.5), "New products can have 0% to 100% of the places, not 150%."),
        (Rules(pinned=(Pin("T1", 0),)), "Cannot pin a product to place 0: choose 1 to 50."),
        (
            Rules(pinned=(Pin("T1"),), excluded=("T1",)),
            "“T1” is pinned and cannot be left out as well: take the pin off first.",
        ),
        (
            Rules(pinned=(Pin("T1"),), paused=(Pause("T1", "2026-12-24"),)),
            "“T1” is pinned and cannot be paused as well: take the pin off first.",
        ),
        (
            Rules(excluded=("T1",), paused=(Pause("T1", "2026-12-24"),)),
            "“T1” is left out for good; let it in first to pause it.",
        ),
        (
            Rules(pinned=(Pin("T1", 2), Pin("T2", 2))),
            "Two products cannot be pinned to place 2 for the same people.",
        ),
        (
            Rules(only_categories=("tea",), other_categories=("TEA",)),
            "“tea” cannot be both a category to show only and one to leave out.",
        ),
        (Rules(only_categories=("Tee",)), "No product is in the category “Tee”; the nearest is “Tea”."),
        (
            Rules(other_categories=("9999",)),
            "No product is in the category “9999”; there are: Cups, Home > Kitchen, Tea.",
        ),
    ],
)
def test_rules_that_cannot_hold_are_refused_in_one_sentence(rules: Rules, sentence: str) -> None:
    with pytest.raises(EngineError) as refused:
        checked(rules, CATEGORIES)
    assert str(refused.value) == sentence


def test_a_shop_without_categories_is_told_so() -> None:
    with pytest.raises(EngineError, match="No product has a category yet"):
        checked(Rules(only_categories=("Tea",)), ())
