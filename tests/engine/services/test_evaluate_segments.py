"""Segments put to the test: what is said of a run, and how it is drawn."""

from __future__ import annotations

from dataclasses import replace

from engine.segments.choose import STEADY
from engine.services.evaluate import evaluate
from engine.services.evaluations.segments import verdict
from engine.services.segments import find_segments, latest_segments
from engine.shop import Shop
from tests.engine.services import shops


def test_clear_groups_are_called_reliable_and_charted(shop: Shop) -> None:
    shops.fill(shop)
    found = evaluate(shop, "segments").found
    assert str(found.verdict).startswith("Your 3 groups can be relied on: found again with half of your customers")
    assert str(found.facts[0]).startswith("All measures together speak for 3 groups (")
    numbers, apart, groups = found.charts
    assert [row.label for row in apart.rows] == [row.label for row in numbers.rows]
    assert numbers.mark == STEADY
    assert [str(row.label) for row in numbers.rows] == [f"{k} groups" for k in range(2, 9)]
    assert [row.bars[0].tone for row in numbers.rows] == ["other", "chosen", *["other"] * 5]
    assert [row.label for row in groups.rows] == [segment.name for segment in find_segments(shop).segments]
    assert all(row.bars[0].value > 0.9 and row.bars[0].tone == "chosen" for row in groups.rows)
    assert found.numbers["k"] == 3


def test_what_the_founder_asked_for_is_what_is_tested(shop: Shop) -> None:
    shops.fill(shop)
    asked = find_segments(shop, k=5)
    found = evaluate(shop, "segments").found
    assert (found.numbers["k"], found.computed_at) == (5, asked.computed_at)
    assert str(found.verdict).startswith("Take your 5 groups as a rough map")
    assert [str(row.label) for row in found.charts[0].rows] == ["4 groups", "5 groups", "6 groups"]
    # new data: the same question is answered again
    with shop.open() as db:
        shops.add_import(db, "more.csv")
    assert evaluate(shop, "segments").found.numbers["k"] == 5
    again = latest_segments(shop)
    assert again is not None
    assert again.run > asked.run


def test_a_method_that_tries_nothing_has_nothing_to_test(shop: Shop) -> None:
    shops.fill(shop)
    report = replace(find_segments(shop), method="dbscan", quality={})
    assert str(verdict(report)) == (
        "Groups of this kind (“Who fits no group”) are not found by trying, so no test says more."
    )
