"""Rules of a shop's owner: kept with their versions, looked up on the data of now, an audience like any segment."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from engine.errors import NotAllowed, NotFound
from engine.services.campaigns import draft_campaign
from engine.services.segment_rules import drop_rule, owner_rules, rule_named, save_rule
from engine.services.segments import export_segment, latest_segments, segment_members, segment_named
from engine.shop import Shop
from engine.store import segment_rules, transaction
from engine.store.segments import StoredSegment
from tests.engine.services import shops
from tests.engine.services.test_segment_moves import buys_much


@pytest.fixture
def tea(shop: Shop) -> Shop:
    shops.fill(shop)
    with shop.open() as db, transaction(db):
        db.conn.execute("UPDATE customers SET city = '上海' WHERE key LIKE 'R%'")
        db.conn.execute("UPDATE customers SET city = '杭州市' WHERE key LIKE 'O%'")
    return shop


def segment_of(shop: Shop, text: str) -> StoredSegment:
    segment = save_rule(shop, text).segment
    assert segment is not None
    return segment


def test_a_rule_is_a_segment(tea: Shop) -> None:
    saved = save_rule(tea, "VIP: orders >= 9 and revenue >= 1000")
    segment = saved.segment
    assert segment is not None
    # 30 regulars have 9 to 15 orders of four goods at about ¥90
    assert (saved.name, saved.version, segment.size, str(segment.name)) == ("VIP", 1, 30, "VIP")
    assert str(saved.words) == "orders: 9 or more and revenue: ¥1,000 or more"
    assert segment.share_of_customers == pytest.approx(30 / 91)
    assert str(segment.sentence).startswith("30 customers (33% of people, ")
    assert saved.notes == ()
    members = segment_members(tea, segment.id)
    assert {row.customer.key[0] for row in members.customers} == {"R"}
    with export_segment(tea, segment.id).open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 30
    # it is none of the groups that are found
    assert latest_segments(tea) is None
    assert segment_named(tea, "vip", lambda name: [str(name)]) == segment


def test_it_is_looked_up_anew_whenever_it_is_shown(tea: Shop) -> None:
    before = segment_of(tea, "VIP: orders >= 9")
    assert segment_of(tea, "VIP: orders >= 9") == before
    buys_much(tea, "L1")
    (now,) = owner_rules(tea)
    assert now.segment is not None
    assert now.segment.size == 31
    # an older button shows who fits now, and a campaign goes to them
    assert len(segment_members(tea, before.id).customers) == 31
    draft = draft_campaign(tea, segment_id=before.id, goal="repeat_purchase")
    assert draft.audience + draft.holdout + sum(draft.excluded.values()) == 31


def test_versions_are_kept_and_a_dropped_rule_comes_back(tea: Shop) -> None:
    save_rule(tea, "Our best: orders >= 9")
    changed = save_rule(tea, "our  BEST：消费 >= 5000")
    assert (changed.version, changed.name, len(owner_rules(tea))) == (2, "our BEST", 1)
    dropped = drop_rule(tea, "Our Best")
    assert (dropped.rule, dropped.n_versions) == ("消费 >= 5000", 2)
    assert owner_rules(tea) == ()
    assert rule_named(tea, "our best") is None
    with pytest.raises(NotFound, match="You have no rules yet"):
        drop_rule(tea, "Our best")
    assert save_rule(tea, "Our best: orders >= 9").version == 4
    with tea.open() as db:
        rules = [version.rule for version in segment_rules.versions(db, "our best")]
    assert rules == ["orders >= 9", None, "消费 >= 5000", "orders >= 9"]
    with pytest.raises(NotFound, match="no rule “worst”; there are: “Our best”"):
        drop_rule(tea, "worst")


def test_the_same_press_drops_once(tea: Shop) -> None:
    save_rule(tea, "VIP: orders >= 9")
    pressed = replace(tea, cause="update 7")
    assert drop_rule(pressed, "VIP") == drop_rule(pressed, "VIP")


def test_what_is_not_known_fits_nothing_and_is_said(tea: Shop) -> None:
    saved = save_rule(tea, "Near: 城市 不是 上海")
    assert saved.segment is not None
    assert saved.segment.size == 30
    assert [str(note) for note in saved.notes] == [
        "Of 31 customers, “city” is not known; such customers fit no condition on it."
    ]
    assert segment_of(tea, "West: city = 杭州").size == 30
    nobody = save_rule(tea, "Typo: city = 上梅")
    assert nobody.segment is not None
    assert str(nobody.segment.sentence) == "Nobody fits this rule now."
    assert "No customer has “上梅” as “city”" in str(nobody.notes[1])
    with pytest.raises(NotAllowed, match="There is nobody in “Typo”"):
        draft_campaign(tea, segment_id=nobody.segment.id, goal="win_back")
    assert segment_of(tea, "Silent: orders = 0").size == 1


def test_habits_are_known_too(tea: Shop) -> None:
    everyone = segment_of(tea, "Any day: weekend share >= 0%")
    assert everyone.size == 90


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("orders >= 3", "A rule has a name, a colon and what must hold"),
        (": orders >= 3", "A rule has a name"),
        ("12: orders >= 3", "cannot be the name of a rule"),
        ("x" * 41 + ": orders >= 3", "cannot be the name of a rule"),
        ("VIP:", "The rule is empty"),
        ("VIP: ordres >= 3", "did you mean “orders”"),
    ],
)
def test_what_is_refused_changes_nothing(tea: Shop, text: str, said: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        save_rule(tea, text)
    assert said in str(refused.value)
    assert owner_rules(tea) == ()


def test_without_customers_a_rule_says_what_can_be_asked(shop: Shop) -> None:
    with pytest.raises(NotAllowed, match="“orders” is nothing that I know of your customers"):
        save_rule(shop, "VIP: orders >= 3")
