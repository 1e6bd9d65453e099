"""Segments in the words that a shopkeeper reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.replies import Item, Text, plain
from bot.replies.segments import basis, conditions, members_reply
from engine import ENGLISH, Phrase, Shop, StoredSegment, find_segments, import_file, segment_members


def segment(rules: tuple[Phrase, ...], share: float) -> StoredSegment:
    name = Phrase("Customers")
    return StoredSegment(1, 1, "customers", name, Phrase("{n} customers", n=10), rules, {}, 10, share, 0.0)


def test_a_group_without_conditions_says_to_go_by_the_list() -> None:
    (told,) = conditions(segment((), 0.4))
    assert str(told) == "No simple condition tells this group: go by the list."
    assert conditions(segment((), 1.0)) == []
    assert conditions(segment((Phrase("one order only"),), 0.4)) == [Item(Phrase("one order only"))]


def test_a_shop_without_orders_is_told_nothing_of_orders(shop: Shop, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    rows = [f"P{i},{1950 + i},{'female' if i % 2 else 'male'}" for i in range(40)]
    people.write_text("\n".join(["id,birth_year,gender", *rows]))
    import_file(shop, people)
    report = find_segments(shop, bases=("demographic",), k=2)
    assert str(basis(report)) == f"40 customers, grouped by: who they are; worked out on {report.computed_at:%Y-%m-%d}."
    usual = replace(report, bases=("behavioural",))
    assert str(basis(usual)) == (
        f"From what your files tell of 40 customers; worked out on {report.computed_at:%Y-%m-%d}."
    )
    members = segment_members(shop, report.segments[0].id)
    (text,) = members_reply(members).parts
    assert isinstance(text, Text)
    said = plain(text.lines, ENGLISH)
    assert "no orders yet" not in said
    assert "in all" not in said
