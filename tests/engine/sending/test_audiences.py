"""Whom a campaign goes to: every way to name people ends in the same draft."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import EngineError, NotAllowed, NotFound
from engine.phrases import Phrase
from engine.services.audiences import (
    audience_by_rule,
    audience_for_product,
    audience_named,
    audience_of_file,
    audience_of_list,
)
from engine.services.campaigns import draft_campaign
from engine.services.contact_rules import set_contact_rule, show_contact_rules
from engine.services.lifecycle import find_stages
from engine.services.segment_rules import save_rule
from engine.shop import Shop
from engine.store import segments
from tests.engine.services.test_campaigns import filled


def spoken(phrase: Phrase) -> list[str]:
    return [str(phrase)]


def members(shop: Shop, id_: int) -> list[int]:
    with shop.open() as db:
        return segments.members(db, id_)


@pytest.fixture
def tea(shop: Shop) -> Shop:
    filled(shop, 12)
    return shop


@pytest.mark.parametrize(
    "text", ["K1, k2@example.com; Name3", "K1 K2 K3", "K1\nK2\nName3\n", "k1、K2，name3", "K1,K1,K2,K3"]
)
def test_a_list_in_a_line(tea: Shop, text: str) -> None:
    picked = audience_of_list(tea, text)
    assert members(tea, picked.segment.id) == [1, 2, 3]
    assert picked.notes == ()
    assert audience_of_list(tea, text).segment.id == picked.segment.id
    assert draft_campaign(tea, segment_id=picked.segment.id, goal="win_back", holdout=0.0).audience == 3


def test_who_is_not_known_or_may_be_several_is_told(tea: Shop) -> None:
    with tea.open() as db:
        db.conn.execute("UPDATE customers SET name = 'Ann' WHERE id IN (4, 5)")
    picked = audience_of_list(tea, "K1, Ann, Bob, Eve, Mallory, Trent")
    assert members(tea, picked.segment.id) == [1]
    assert [str(note) for note in picked.notes] == [
        "4 of your list are nobody I know, such as “Bob”, “Eve”, “Mallory”",
        "1 of your list may be several customers, and is left out: “Ann”",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "city,who\nx,K1\ny,K2\nz,K3\n",
        "e-mail,note\nk1@example.com,a\nK2@EXAMPLE.COM,b\nk3@example.com,c\n",
        "K1\nK2\nK3\n",
        "客户,备注\nName1,你好\nName2,\nName3,\n",
    ],
)
def test_a_file_of_people(tea: Shop, tmp_path: Path, content: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(content, encoding="utf-8")
    picked = audience_of_file(tea, path)
    assert members(tea, picked.segment.id) == [1, 2, 3]
    assert picked.notes == ()


def test_a_rule_that_is_not_kept(tea: Shop) -> None:
    assert members(tea, audience_by_rule(tea, "orders >= 2").segment.id) == list(range(1, 13))
    with pytest.raises(NotAllowed, match="Nobody fits this rule"):
        audience_by_rule(tea, "orders >= 99")


def test_a_segment_a_rule_and_a_stage_by_name(tea: Shop) -> None:
    assert audience_named(tea, "everyone", spoken).segment.size == 12
    save_rule(tea, "VIP: orders >= 2")
    assert audience_named(tea, "vip", spoken).segment.size == 12
    report = find_stages(tea)
    key = next(line.key for line in report.stages if line.n)
    assert audience_named(tea, key, spoken).segment.size > 0
    assert audience_named(tea, "#s1", spoken).segment.id == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda shop, folder: audience_of_list(shop, "nobody, at all"),
        lambda shop, folder: audience_of_list(shop, " , ;"),
        lambda shop, folder: audience_of_file(shop, folder / "absent.csv"),
        lambda shop, folder: audience_of_file(shop, folder),
        lambda shop, folder: audience_by_rule(shop, "moon = full"),
        lambda shop, folder: audience_named(shop, "kings", spoken),
        lambda shop, folder: audience_for_product(shop, "unicorn"),
        lambda shop, folder: audience_for_product(shop, "Tea", n=0),
        lambda shop, folder: draft_campaign(shop, segment_id=1, goal="win_back", channel="pigeon"),
    ],
)
def test_an_audience_of_nobody_is_one_sentence(tea: Shop, tmp_path: Path, ask: object) -> None:
    with tea.open() as db:
        before = db.conn.execute("SELECT (SELECT count(*) FROM campaigns), (SELECT count(*) FROM segments)").fetchone()
    with pytest.raises(EngineError) as refused:
        ask(tea, tmp_path)  # type: ignore[operator]
    assert "\n" not in str(refused.value)
    with tea.open() as db:
        after = db.conn.execute("SELECT (SELECT count(*) FROM campaigns), (SELECT count(*) FROM segments)").fetchone()
    assert after == before


def test_garbage_and_an_empty_file(tea: Shop, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    for content in (b"", b"\x00\x01\x02", b"a,b\n1,2\n"):
        path.write_bytes(content)
        with pytest.raises(EngineError):
            audience_of_file(tea, path)


def test_an_owners_rules_of_contact_are_kept_with_who_said_so(shop: Shop) -> None:
    shop = shop.caused_by("update:7")
    set_contact_rule(shop, "email cap 2/7", who="Lin")
    set_contact_rule(shop, "email cap 2/7", who="Lin")
    rules = show_contact_rules(shop)
    assert [(one.channel, one.name, one.value, one.who) for one in rules.history] == [("email", "cap", [[2, 7]], "Lin")]
    (line,) = [line for line in rules.lines if (line.channel, line.code) == ("email", "")]
    assert (line.own, line.rule.caps[0].n) == (("cap",), 2)
    with pytest.raises(NotAllowed):
        set_contact_rule(shop, "email cap lots")
    with shop.open() as db:
        assert db.conn.execute("SELECT who, deed FROM trail").fetchall() == [("Lin", "contact rule set")]
    assert {line.code for line in show_contact_rules(shop, "sms").lines} >= {"", "US", "CN", "DE"}


def test_not_found_names_what_there_is(tea: Shop) -> None:
    with pytest.raises(NotFound, match="“Everyone”"):
        audience_named(tea, "kings", spoken)
