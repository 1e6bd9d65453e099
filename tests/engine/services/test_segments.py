"""Segments found, kept and looked into, on a made shop."""

from __future__ import annotations

import csv
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.errors import Cancelled, NotAllowed, NotFound, TooLittleData
from engine.phrases import Phrase
from engine.services.customers import customer_card
from engine.services.segments import (
    export_segment,
    find_segments,
    latest_segments,
    segment_members,
    segment_named,
)
from engine.shop import Shop
from engine.store import segments as stored
from tests.engine.services import shops

REGULARS, QUIET, LOST = (
    "regulars-who-spend-big",
    "repeat-buyers-quiet-for-a-while",
    "one-time-buyers-who-spend-little-long-gone",
)


@pytest.fixture
def tea(shop: Shop) -> Shop:
    shops.fill(shop)
    return shop


def english(phrase: Phrase) -> list[str]:
    return [str(phrase)]


def n_runs(shop: Shop) -> int:
    with shop.open() as db:
        return int(db.conn.execute("SELECT count(*) FROM runs").fetchone()[0])


def test_the_three_kinds_of_customers_are_found(tea: Shop) -> None:
    report = find_segments(tea)
    assert [segment.key for segment in report.segments] == [REGULARS, QUIET, LOST]
    assert [segment.size for segment in report.segments] == [30, 30, 30]
    assert (report.method, report.k, report.n_customers, report.currency) == ("kmeans", 3, 90, "CNY")
    assert report.as_of == date(2026, 11, 21)
    assert report.computed_at == tea.now()
    assert report.is_fresh
    assert report.quality["agreement"] == 1
    assert str(report.segments[0].sentence).startswith("30 customers (33% of people, ")
    assert str(report.caveats[-1]) == "1 customer has not ordered yet and is in no group."


def test_what_was_stored_is_what_was_found(tea: Shop) -> None:
    assert latest_segments(tea) is None
    assert find_segments(tea) == latest_segments(tea)


def test_the_same_question_is_answered_from_the_store(tea: Shop) -> None:
    first = find_segments(tea)
    assert find_segments(tea) == first
    assert n_runs(tea) == 1
    assert find_segments(tea, k=2).run != first.run
    # another way is in force now, so the first question is asked anew
    assert find_segments(tea, k="auto").run > first.run
    assert n_runs(tea) == 3


def test_the_way_that_was_chosen_last_holds_until_another_is_chosen(tea: Shop) -> None:
    chosen = find_segments(tea, method="ward", k=3)
    assert (chosen.method, chosen.k, chosen.is_usual_way) == ("ward", 3, False)
    assert find_segments(tea) == chosen
    with tea.open() as db:
        shops.add_import(db)
    after = find_segments(tea)
    assert (after.method, after.k) == ("ward", 3)
    assert after.run > chosen.run
    assert find_segments(tea, method="kmeans").is_usual_way  # as many as it finds: three were wanted of the tree
    assert find_segments(tea).is_usual_way


def test_looking_changes_nothing_until_it_is_chosen(tea: Shop) -> None:
    first = find_segments(tea)
    card = customer_card(tea, "R1")
    look = find_segments(tea, k=5, keep=False)
    assert (look.k, look.is_look, look.moves) == (5, True, None)
    assert find_segments(tea, k=5, keep=False) == look
    assert find_segments(tea) == first == latest_segments(tea)
    assert customer_card(tea, "R1") == card
    assert segment_members(tea, look.segments[0].id).customers  # whose people can be looked at all the same
    kept = find_segments(tea, k=5)
    assert (kept.k, kept.is_look) == (5, False)
    assert find_segments(tea) == kept == find_segments(tea, k=5, keep=False)


def test_the_first_groups_are_in_force_however_they_were_asked_for(tea: Shop) -> None:
    assert find_segments(tea, k=4, keep=False) == latest_segments(tea) == find_segments(tea)


def test_new_data_make_the_answer_stale(tea: Shop) -> None:
    first = find_segments(tea)
    with tea.open() as db:
        shops.add_import(db)
    latest = latest_segments(tea)
    assert latest is not None
    assert not latest.is_fresh
    assert find_segments(tea).run != first.run


def test_refreshing_happens_once_per_cause(tea: Shop) -> None:
    first = find_segments(tea)
    asked = tea.caused_by("update 7")
    again = find_segments(asked, refresh=True)
    assert again.run != first.run
    assert find_segments(asked, refresh=True) == again
    assert find_segments(tea, refresh=True).run not in {first.run, again.run}


def test_the_same_seed_finds_the_same(tea: Shop) -> None:
    first, second = find_segments(tea, k=5), find_segments(tea, k=5, refresh=True)
    plain = [[replace(segment, id=0, run_id=0) for segment in report.segments] for report in (first, second)]
    assert plain[0] == plain[1]


def test_stopping_it_changes_nothing(tea: Shop) -> None:
    def stop(doing: Phrase, share: float) -> None:
        if share >= 0.9:
            raise Cancelled(Phrase("Stopped."))

    with pytest.raises(Cancelled):
        find_segments(tea, progress=stop)
    assert latest_segments(tea) is None


@pytest.mark.parametrize(("method", "k"), [("horoscope", "auto"), ("kmeans", 0), ("kmeans", "three")])
def test_what_cannot_be_is_refused_and_stores_nothing(tea: Shop, method: str, k: int | str) -> None:
    with pytest.raises(NotAllowed):
        find_segments(tea, method=method, k=k)
    assert n_runs(tea) == 0


def test_an_empty_shop_has_too_little(shop: Shop) -> None:
    with pytest.raises(TooLittleData, match=r"import a file of orders first"):
        find_segments(shop)


def test_three_customers_are_one_segment(shop: Shop) -> None:
    shops.fill(shop, size=1)
    report = find_segments(shop)
    (everyone,) = report.segments
    assert (str(everyone.name), everyone.size) == ("All customers", 3)
    assert "groups would be chance" in str(everyone.sentence)
    assert len(segment_members(shop, everyone.id).customers) == 3


def test_members_are_told_best_first(tea: Shop) -> None:
    best = find_segments(tea).segments[0]
    members = segment_members(tea, best.id)
    assert members.segment == best
    assert members.currency == "CNY"
    assert {row.customer.key for row in members.customers} == {f"R{number}" for number in range(1, 31)}
    money = [row.monetary for row in members.customers]
    assert money == sorted(money, reverse=True)
    assert all(row.recency_days is not None and 1 <= row.recency_days <= 12 for row in members.customers)
    with tea.open() as db:
        total = db.conn.execute("SELECT sum(revenue) FROM orders").fetchone()[0]
    assert sum(money) / total == pytest.approx(best.share_of_revenue)


def test_a_segment_of_an_older_run_is_still_there(tea: Shop) -> None:
    old = find_segments(tea).segments[0]
    find_segments(tea, k=2)
    assert segment_members(tea, old.id).segment == old


def test_a_segment_that_is_not_there(tea: Shop) -> None:
    for absent in (99, 2**63, 99999999999999999999999):
        with pytest.raises(NotFound, match=rf"There is no segment with the number {absent}"):
            segment_members(tea, absent)


def test_everyone_is_in_one_segment_of_the_store(tea: Shop) -> None:
    report = find_segments(tea)
    with tea.open() as db:
        members = [stored.members(db, segment.id) for segment in report.segments]
        assert sorted(id_ for ids in members for id_ in ids) == list(range(1, 91))
        assert stored.of_customer(db, members[1][0]) == report.segments[1]
        assert stored.of_customer(db, 91) is None
        assert stored.by_id(db, report.segments[2].id) == report.segments[2]


def test_the_list_opens_in_a_spreadsheet_and_runs_nothing(tea: Shop, tmp_path: Path) -> None:
    best = find_segments(tea).segments[0]
    with tea.open() as db:
        db.conn.execute("UPDATE customers SET name = '=HYPERLINK(\"x\")', city = '广州' WHERE key = 'R1'")
    path = export_segment(tea, best.id)
    assert path == tea.files / "segment-regulars-who-spend-big.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["customer"]: row for row in csv.DictReader(file)}
    assert len(rows) == 30
    assert rows["R1"]["name"] == '\'=HYPERLINK("x")'
    assert rows["R1"]["city"] == "广州"
    assert float(rows["R1"]["revenue"]) > 1_000
    assert date.fromisoformat(rows["R1"]["last order"]) <= shops.NEWEST

    assert export_segment(tea, best.id, tmp_path / "list.csv").read_bytes() == path.read_bytes()
    assert export_segment(tea, best.id, tmp_path).name == path.name
    with pytest.raises(NotAllowed, match=r"Cannot write to"):
        export_segment(tea, best.id, tmp_path / "nowhere" / "list.csv")


def test_a_segment_is_found_by_what_it_is_called(tea: Shop) -> None:
    with pytest.raises(NotFound, match=r"There are no segments yet"):
        segment_named(tea, "Regulars", english)
    best = find_segments(tea).segments[0]
    for name in (REGULARS, "Regulars who spend big", "  regulars WHO spend big "):
        assert segment_named(tea, name, english) == best

    def spoken(phrase: Phrase) -> list[str]:
        return [str(phrase), "高消费常客"] if str(phrase) == "Regulars who spend big" else [str(phrase)]

    assert segment_named(tea, "高消费常客", spoken) == best
    with pytest.raises(NotFound, match=r"no segment “Whales”; there are: “Regulars who spend big”, “Repeat"):
        segment_named(tea, "Whales", english)


def test_facts_and_drawing_are_kept(tea: Shop) -> None:
    report = find_segments(tea)
    assert set(report.facts) == {segment.id for segment in report.segments}
    for segment in report.segments:
        facts = report.facts[segment.id]
        assert facts.covered == facts.right == 1
        assert facts.sets
        assert 1 <= len(facts.contrasts) <= 3
        assert len(facts.dots) == segment.size
        assert all(-1 <= x <= 1 and -1 <= y <= 1 for x, y in facts.dots)
    assert report.drawing is not None
    assert report.drawing.right
    assert all(len(apart) == 3 for _, apart in report.drawing.rows)
    again = latest_segments(tea)
    assert again is not None
    assert (again.facts, again.drawing) == (report.facts, report.drawing)


def test_a_run_from_before_there_were_facts_is_still_told(tea: Shop) -> None:
    first = find_segments(tea).segments[0]
    with tea.open() as db:
        db.conn.execute("DELETE FROM segment_facts")
        db.conn.execute("DELETE FROM segment_drawings")
    again = latest_segments(tea)
    assert again is not None
    assert (again.facts, again.drawing) == ({}, None)
    assert segment_members(tea, first.id).facts.contrasts == ()
