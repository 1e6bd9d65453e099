"""Campaigns: who gets what is decided once, and only what was approved goes out."""

from __future__ import annotations

import csv
import math
import stat
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from engine import store
from engine.campaigns.drafts import Draft
from engine.errors import NotAllowed, NotFound
from engine.experiments.policies import policies
from engine.phrases import Name, Phrase
from engine.services.campaign_lists import export_campaign
from engine.services.campaigns import (
    approve_campaign,
    draft_campaign,
    drop_campaign,
    goals,
    list_campaigns,
    sample_texts,
    show_campaign,
)
from engine.services.outcomes import record_counts
from engine.shop import Shop
from engine.store import segments, upkeep


@dataclass(frozen=True)
class Group:
    """A segment as `store.segments` takes it."""

    key: str
    name: Phrase
    size: int
    sentence: Phrase = field(default_factory=lambda: Phrase("people"))
    rules: tuple[Phrase, ...] = ()
    profile: dict[str, float] = field(default_factory=dict)
    share_of_customers: float = 1.0
    share_of_revenue: float = 1.0


def filled(shop: Shop, n: int, *, consents: dict[int, str] | None = None) -> int:
    """`n` customers of one segment, numbered from 1, each with two orders; the segment's id."""
    with shop.open() as db, store.transaction(db):
        rows = range(1, n + 1)
        db.conn.executemany(
            "INSERT INTO customers (id, key, name, email, phone) VALUES (?, ?, ?, ?, ?)",
            (
                (i, f"K{i}", None if i % 10 == 0 else f"Name{i}", f"k{i}@example.com", f"+44 7700 {900000 + i}")
                for i in rows
            ),
        )
        db.conn.executemany(
            "INSERT INTO products (id, key, name, name_en, name_zh, price) VALUES (?, ?, ?, ?, ?, 10)",
            [(1, "P1", "Tea", "Tea", "茶"), (2, "P2", "Cup", "Cup", "杯")],
        )
        for number, day in ((1, "2026-06-01T10:00:00"), (2, "2026-08-01T10:00:00")):
            db.conn.executemany(
                "INSERT INTO orders (id, key, customer_id, at, revenue, quantity, n_lines) "
                "VALUES (?, ?, ?, ?, 10, 1, 1)",
                ((number * n + i, f"O{number}-{i}", i, day) for i in rows),
            )
            db.conn.executemany(
                "INSERT INTO lines (order_id, line, product_id, quantity, price) VALUES (?, 1, ?, 1, 10)",
                ((number * n + i, 1 + (i + number) % 2) for i in rows),
            )
        for customer, state in (consents or {}).items():
            consent(db, customer, state)
        run = segments.save(
            db,
            [Group("everyone", Phrase("Everyone"), n)],
            [(i, "everyone") for i in rows],
            method="by hand",
            settings={},
            seed=0,
            data_version=0,
            quality={},
            at=shop.now(),
            cause=None,
        )
    return run.segments[0].id


def consent(db: Database, customer: int, state: str) -> None:
    db.conn.execute(
        "INSERT INTO consents (customer_id, channel, state, how, at) VALUES (?, 'any', ?, 'test', '2026-01-01')",
        [customer, state],
    )


def withdraw(shop: Shop, *ids: int) -> None:
    with shop.open() as db, store.transaction(db):
        for id_ in ids:
            consent(db, id_, "withdrawn")


def list_to_send(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def drafted(shop: Shop) -> Draft:
    segment = filled(shop, 100, consents={1: "granted", 2: "withdrawn", 3: "withdrawn"})
    return draft_campaign(shop, segment_id=segment, goal="win_back")


def test_a_draft_says_exactly_who_gets_what(shop: Shop, drafted: Draft) -> None:
    assert (drafted.campaign, drafted.status, str(drafted.segment_name)) == (1, "draft", "Everyone")
    assert drafted.excluded == {"unsubscribed": 2}
    assert drafted.holdout == 10  # a tenth of 98
    assert drafted.audience == 88
    assert [v.label for v in drafted.variants] == ["A", "B", "C"]
    assert [v.template for v in drafted.variants] == ["picked_for_you", "plain_hello", "small_thanks"]
    assert sorted(v.n for v in drafted.variants) == [29, 29, 30]
    assert [v.weight for v in drafted.variants] == [v.n / 88 for v in drafted.variants]
    assert drafted.variants[1].title == Name("A plain hello", "打个招呼")
    assert drafted.decided_at is None


def test_three_real_customers_are_shown_with_the_text_they_get(shop: Shop, drafted: Draft) -> None:
    assert len({sample.customer for sample in drafted.samples}) == 3
    assert {sample.variant for sample in drafted.samples} == {"A", "B", "C"}
    picked = next(sample for sample in drafted.samples if sample.variant == "A")
    assert picked.product is not None
    assert picked.product.en in picked.text
    approve_campaign(shop, drafted.campaign, who="owner")
    sent = {row["customer"]: row for row in list_to_send(export_campaign(shop, drafted.campaign))}
    for sample in drafted.samples:
        assert sent[sample.customer]["text"] == sample.text
        assert (sample.name or "") in sample.text
    for variant in drafted.variants:
        assert variant.sample in {row["text"] for row in sent.values() if row["version"] == variant.label}


def test_the_notes_tell_what_the_owner_should_know(drafted: Draft) -> None:
    said = [str(note) for note in drafted.notes]
    assert said[0] == (
        "Of those who get it 87 people bought and never objected, but no consent is recorded. Where the law asks for "
        "consent, ask first."
    )
    assert "88 people ordered in the last 30 days; “it has been a while” may puzzle them." in said
    assert said[-2:] == [
        "A version that only 29 people get cannot show whether it works better.",
        "To tell about 8 buyers of 100 from 5 (as is usual, since too few outcomes of yours are known), each version "
        "has to go to about 1,900 people.",
    ]


def test_what_is_stored_is_what_was_shown(shop: Shop, drafted: Draft) -> None:
    assert show_campaign(shop, drafted.campaign) == drafted


def test_the_propensity_of_each_send_is_stored(shop: Shop, drafted: Draft) -> None:
    with shop.open() as db:
        rows = db.conn.execute("SELECT position, propensity FROM sends ORDER BY position").fetchall()
    assert [position for position, _ in rows] == list(range(1, 89))
    assert {propensity for _, propensity in rows} == {1 / 3}


def test_the_same_shop_drafts_the_same_and_the_next_draft_differs(shop: Shop, tmp_path: Path) -> None:
    other = replace(shop, path=tmp_path / "other.db")
    first = [draft_campaign(one, segment_id=filled(one, 60), goal="win_back") for one in (shop, other)]
    assert first[0] == first[1]
    again = draft_campaign(shop, segment_id=1, goal="win_back")
    assert again.campaign == 2
    assert again.samples != first[0].samples


def test_chinese_messages_are_chinese(shop: Shop) -> None:
    draft = draft_campaign(shop, segment_id=filled(shop, 12), goal="repeat_purchase", language="zh")
    assert all("回复 T 退订" in sample.text for sample in draft.samples)
    assert draft.holdout == 0
    assert any("Nobody is held out" in str(note) for note in draft.notes)


def test_variants_and_holdout_as_asked(shop: Shop) -> None:
    draft = draft_campaign(
        shop, segment_id=filled(shop, 40), goal="win_back", variants=["small_thanks", "plain_hello"], holdout=0.25
    )
    assert [v.template for v in draft.variants] == ["small_thanks", "plain_hello"]
    assert (draft.holdout, draft.audience) == (10, 30)


def test_ucb1_says_that_nothing_is_known_until_something_is(shop: Shop) -> None:
    segment = filled(shop, 60)

    def drafted(policy: str) -> Draft:
        return draft_campaign(shop, segment_id=segment, goal="win_back", policy=policy)

    def is_told(draft: Draft) -> bool:
        return any("Nothing is known of these versions yet" in str(note) for note in draft.notes)

    first = drafted("ucb1")
    assert is_told(first)
    assert len({variant.n for variant in first.variants}) == 1
    assert not is_told(drafted("uniform"))
    approve_campaign(shop, first.campaign, who="Lin")
    record_counts(shop, first.campaign, "A 1/10")
    assert not is_told(drafted("ucb1"))


def test_uneven_numbers_at_the_start_are_explained_by_what_came_before(shop: Shop) -> None:
    segment = filled(shop, 90)

    def drafted() -> tuple[Draft, bool]:
        draft = draft_campaign(shop, segment_id=segment, goal="win_back", holdout=0.0)
        return draft, any("by what your earlier campaigns brought" in str(note) for note in draft.notes)

    first, is_told = drafted()
    assert not is_told
    assert [variant.n for variant in first.variants] == [30, 30, 30]
    approve_campaign(shop, first.campaign, who="Lin")
    record_counts(shop, first.campaign, "A 1/30, B 15/30, C 1/30")
    second, is_told = drafted()
    assert is_told
    assert second.variants[1].n > 40


def test_a_version_named_twice_competes_once(shop: Shop) -> None:
    draft = draft_campaign(
        shop, segment_id=filled(shop, 12), goal="win_back", variants=["plain_hello", "small_thanks", "plain_hello"]
    )
    assert [variant.template for variant in draft.variants] == ["plain_hello", "small_thanks"]


@pytest.mark.parametrize("policy", sorted(policies()))
def test_every_policy_drafts(shop: Shop, policy: str) -> None:
    draft = draft_campaign(shop, segment_id=filled(shop, 60), goal="win_back", policy=policy)
    assert draft.policy == policy
    assert sum(v.n for v in draft.variants) == draft.audience == 54
    assert sum(v.weight for v in draft.variants) == pytest.approx(1)


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"segment_id": 99}, NotFound, "There is no segment 99; there are: Everyone (1)."),
        (
            {"goal": "sing"},
            NotFound,
            "There is no goal “sing”; choose one of: welcome, first_purchase",
        ),
        ({"language": "fr"}, NotFound, "There is no message in the language “fr”"),
        ({"variants": ["loud"]}, NotFound, "There is no message “loud”"),
        ({"variants": []}, NotAllowed, "A campaign has 1 to 26 versions, not 0; choose them again."),
        ({"policy": "dice"}, NotFound, "“dice”"),
        ({"holdout": 0.9}, NotAllowed, "The holdout cannot be 90% of the audience; choose 0% to 50%."),
        ({"holdout": math.nan}, NotAllowed, "The holdout is a share of the audience, from 0 to 0.5, such as 0.1."),
        ({"holdout": math.inf}, NotAllowed, "The holdout is a share of the audience, from 0 to 0.5, such as 0.1."),
    ],
)
def test_what_cannot_be_is_told_and_stores_nothing(
    shop: Shop, asked: dict[str, object], error: type[Exception], said: str
) -> None:
    wanted: dict[str, object] = {"segment_id": filled(shop, 5), "goal": "win_back"} | asked
    with pytest.raises(error) as raised:
        draft_campaign(shop, **wanted)  # type: ignore[arg-type]
    assert said in str(raised.value)
    assert list_campaigns(shop) == ()


def test_without_segments_the_owner_is_told_to_find_some(shop: Shop) -> None:
    with pytest.raises(NotFound, match="find segments first"):
        draft_campaign(shop, segment_id=1, goal="win_back")


def test_approval_approves_exactly_the_draft(shop: Shop, drafted: Draft) -> None:
    approved = approve_campaign(shop, drafted.campaign, who="Lin")
    now = shop.now()
    assert approved == replace(
        drafted,
        status="approved",
        decided_at=now,
        decided_by="Lin",
        notes=(),
        undo_until=now + timedelta(minutes=10),
        expires_at=now + timedelta(days=7),
    )
    rows = list_to_send(export_campaign(shop, drafted.campaign))
    assert Counter(row["version"] for row in rows) == {v.label: v.n for v in drafted.variants}
    assert not {"K2", "K3"} & {row["customer"] for row in rows}


@pytest.mark.usefixtures("eight_hours_ahead")
def test_a_second_decision_is_refused_and_changes_nothing(shop: Shop, drafted: Draft) -> None:
    approved = approve_campaign(shop, drafted.campaign, who="Lin")
    for decide in (approve_campaign, drop_campaign):
        with pytest.raises(NotAllowed, match=r"Campaign 1 was approved on 2026-11-23 20:00 already"):
            decide(shop, drafted.campaign, who="Mo")
    assert show_campaign(shop, drafted.campaign) == approved


@pytest.mark.usefixtures("eight_hours_ahead")
def test_a_dropped_draft_stays_dropped(shop: Shop, drafted: Draft) -> None:
    assert drop_campaign(shop, drafted.campaign, who="Lin").status == "dropped"
    with pytest.raises(NotAllowed, match="was dropped on 2026-11-23 20:00; draft a new one"):
        approve_campaign(shop, drafted.campaign, who="Lin")
    with pytest.raises(NotAllowed, match="was dropped, so there is no list"):
        export_campaign(shop, drafted.campaign)


def test_who_unsubscribes_after_the_draft_is_taken_out_at_approval(shop: Shop, drafted: Draft) -> None:
    gone = drafted.samples[0].customer
    withdraw(shop, int(gone[1:]))
    shown = show_campaign(shop, drafted.campaign)
    assert shown == replace(drafted, unsubscribed_since=1, samples=shown.samples, variants=shown.variants)
    assert len(shown.samples) == len(drafted.samples)
    assert gone not in [sample.customer for sample in shown.samples]
    approved = approve_campaign(shop, drafted.campaign, who="Lin")
    assert approved.audience == drafted.audience - 1
    assert (approved.unsubscribed_since, approved.excluded) == (1, {"unsubscribed": 2})
    assert gone not in {sample.customer for sample in approved.samples}


def test_notes_with_figures_of_the_draft_are_not_told_once_it_is_decided(shop: Shop) -> None:
    draft = draft_campaign(shop, segment_id=filled(shop, 12), goal="win_back")
    assert len(draft.notes) > 1
    kept = [str(note) for note in approve_campaign(shop, draft.campaign, who="Lin").notes]
    assert kept == ["Nobody is held out, so orders that would have come anyway cannot be told from those you win."]


def test_nothing_is_approved_if_everybody_has_left(shop: Shop, drafted: Draft) -> None:
    withdraw(shop, *range(1, 101))
    with pytest.raises(NotAllowed, match="Everybody in campaign 1 has unsubscribed since it was drafted"):
        approve_campaign(shop, drafted.campaign, who="Lin")
    assert show_campaign(shop, drafted.campaign).status == "draft"
    assert show_campaign(shop, drafted.campaign).audience == drafted.audience


def test_who_unsubscribes_after_approval_is_not_in_the_list(shop: Shop, drafted: Draft) -> None:
    approve_campaign(shop, drafted.campaign, who="Lin")
    before = list_to_send(export_campaign(shop, drafted.campaign))
    gone = before[0]["customer"]
    withdraw(shop, int(gone[1:]))
    assert list_to_send(export_campaign(shop, drafted.campaign)) == before[1:]
    withdraw(shop, *range(1, 101))
    with pytest.raises(NotAllowed, match="there is nobody to send to"):
        export_campaign(shop, drafted.campaign)


def test_a_draft_has_no_list(shop: Shop, drafted: Draft) -> None:
    with pytest.raises(NotAllowed, match="Campaign 1 is not approved"):
        export_campaign(shop, drafted.campaign)
    with pytest.raises(NotFound, match="There is no campaign 7; there are: 1"):
        export_campaign(shop, 7)


@pytest.mark.parametrize("id_", [0, -1, 2**63, 99999999999999999999999])
def test_a_number_that_no_campaign_can_have_is_told(shop: Shop, drafted: Draft, id_: int) -> None:
    for asked in (show_campaign, export_campaign):
        with pytest.raises(NotFound, match=f"There is no campaign {id_}; there are: {drafted.campaign}"):
            asked(shop, id_)
    with pytest.raises(NotFound, match=f"There is no segment {id_}; there are"):
        draft_campaign(shop, segment_id=id_, goal="win_back")


def test_the_list_is_its_owners_alone_and_lies_where_asked(shop: Shop, drafted: Draft, tmp_path: Path) -> None:
    approve_campaign(shop, drafted.campaign, who="Lin")
    usual = export_campaign(shop, drafted.campaign)
    assert usual == shop.files / "campaign-1.csv"
    assert stat.S_IMODE(usual.stat().st_mode) == 0o600
    named = export_campaign(shop, drafted.campaign, tmp_path / "list.csv")
    assert named.read_bytes() == usual.read_bytes()
    assert export_campaign(shop, drafted.campaign, tmp_path) == tmp_path / "campaign-1.csv"
    with pytest.raises(NotAllowed, match="check that the folder exists"):
        export_campaign(shop, drafted.campaign, tmp_path / "no" / "list.csv")
    assert not list(shop.files.glob(".*"))


def test_the_same_cause_acts_once(shop: Shop) -> None:
    segment = filled(shop, 20)
    for _ in range(2):
        drafted = draft_campaign(shop.caused_by("update 1"), segment_id=segment, goal="win_back")
    assert [line.campaign for line in list_campaigns(shop)] == [drafted.campaign] == [1]
    for _ in range(2):
        assert approve_campaign(shop.caused_by("update 2"), 1, who="Lin").status == "approved"
    other = draft_campaign(shop, segment_id=segment, goal="win_back")
    for _ in range(2):
        assert drop_campaign(shop.caused_by("update 3"), other.campaign, who="Lin").status == "dropped"


def test_the_trail_knows_who_did_it_and_the_store_stays_sound(shop: Shop, drafted: Draft) -> None:
    approve_campaign(shop, drafted.campaign, who="Lin")
    with shop.open() as db:
        rows = db.conn.execute("SELECT who, deed, subject FROM trail ORDER BY id").fetchall()
        assert upkeep.faults(db) == []
    assert rows == [("owner", "drafted", "1"), ("Lin", "approved", "1")]


def test_campaigns_are_listed_newest_first(shop: Shop, drafted: Draft) -> None:
    assert drafted.segment is not None
    second = draft_campaign(shop, segment_id=drafted.segment, goal="repeat_purchase", variants=["ask_me"])
    drop_campaign(shop, drafted.campaign, who="Lin")
    lines = list_campaigns(shop)
    assert [(one.campaign, one.status, one.goal, one.n_variants) for one in lines] == [
        (2, "draft", "repeat_purchase", 1),
        (1, "dropped", "win_back", 3),
    ]
    assert lines[0].audience == second.audience


def test_goals_and_their_texts_can_be_looked_at_before(shop: Shop) -> None:
    assert [goal.key for goal in goals(shop)][:3] == ["welcome", "first_purchase", "repeat_purchase"]
    for goal in goals(shop):
        for language in ("en", "zh"):
            texts = sample_texts(shop, goal.key, language)
            assert tuple(text.name for text in texts) == goal.variants
            assert all("[name]" in text.text or "【姓名】" in text.text for text in texts)


def test_four_thousand_messages_take_under_two_seconds_of_work(shop: Shop) -> None:
    segment = filled(shop, 4_500)
    warm = draft_campaign(shop, segment_id=segment, goal="win_back")  # recommendations are kept from here on
    began = time.process_time()
    draft = draft_campaign(shop, segment_id=segment, goal="win_back")
    assert time.process_time() - began < 2
    assert draft.audience == warm.audience == 4_050
    assert np.ptp([v.n for v in draft.variants]) <= 1


def test_who_has_no_recommendation_is_told_only_if_a_message_would_name_one(shop: Shop) -> None:
    segment = filled(shop, 12)
    with shop.open() as db, store.transaction(db):
        db.conn.execute("DELETE FROM lines")
        db.conn.execute("DELETE FROM orders WHERE customer_id > 6")
        for customer in range(7, 13):
            consent(db, customer, "granted")
    drafts = {
        name: draft_campaign(shop, segment_id=segment, goal="win_back", variants=[name])
        for name in ("plain_hello", "picked_for_you")
    }
    assert not any("recommendation" in str(note) for note in drafts["plain_hello"].notes)
    assert any(
        str(note) == "12 people have no recommendation; their messages name no product."
        for note in drafts["picked_for_you"].notes
    )
    assert all(sample.product is None for sample in drafts["picked_for_you"].samples)
