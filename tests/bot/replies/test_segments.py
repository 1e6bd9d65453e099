"""Segments in the words that a shopkeeper reads."""

from __future__ import annotations

from bot.replies import Item
from bot.replies.segments import conditions
from engine import Phrase, StoredSegment


def segment(rules: tuple[Phrase, ...], share: float) -> StoredSegment:
    name = Phrase("Customers")
    return StoredSegment(1, 1, "customers", name, Phrase("{n} customers", n=10), rules, {}, 10, share, 0.0)


def test_a_group_without_conditions_says_to_go_by_the_list() -> None:
    (told,) = conditions(segment((), 0.4))
    assert str(told) == "No simple condition tells this group: go by the list."
    assert conditions(segment((), 1.0)) == []
    assert conditions(segment((Phrase("one order only"),), 0.4)) == [Item(Phrase("one order only"))]
