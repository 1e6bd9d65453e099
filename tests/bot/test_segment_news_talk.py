"""What has changed since last time, and the owner's own rules: in the chat and on the command line."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.language import language
from bot.replies.pictures.segments_moves import moves_picture
from engine import Phrase, SegmentReport, Shop, find_segments
from engine.segments.conditions import RuleField
from engine.segments.rule_language import Vocabulary
from engine.segments.rule_signs import plain
from engine.services import rule_fields
from tests.bot.talk import buttons, running_bot, text_of
from tests.engine.services import shops
from tests.engine.services.test_segment_moves import a_new_file

Zhike = Callable[..., dict[str, Any]]


@pytest.fixture
def zhike(shop: Shop, capsys: pytest.CaptureFixture[str]) -> Zhike:
    def run(*words: str, status: int = 0) -> dict[str, Any]:
        assert main(["--db", str(shop.path), "--language", "en", "segments", *words, "--json"]) == status
        said = capsys.readouterr()
        document: dict[str, Any] = {"error": said.err} if status else json.loads(said.out)
        return document

    return run


def changed(shop: Shop) -> SegmentReport:
    """A tea shop whose groups were found before and after a file in which two moved and one came."""
    shops.fill(shop)
    find_segments(shop, k=3)
    a_new_file(shop, movers=("O1", "L1"), new=1)
    return find_segments(shop, k=3)


async def test_the_chat_tells_who_moved(shop: Shop) -> None:
    report = changed(shop)
    with shop.open() as db:
        # as /segments would have asked
        db.conn.execute("UPDATE runs SET settings = json_set(settings, '$.k', 'auto')")
    async with running_bot(shop) as founder:
        answer = await founder.says("/segments", seconds=300)
        text = text_of(answer)
        assert "1 moved from “Repeat buyers, quiet for a while” to “Regulars who spend big”" in text
        assert "1 new" in text
        (message,) = [message for message in answer if "Who moved" in str(message)]
        (moved,) = await founder.presses(message, "Who moved")
        assert "Customer O1 (O1)" in text_of([moved])
        assert "to “Regulars who spend big”" in text_of([moved])
        (file,) = await founder.presses(moved, "All of them as a list (CSV)")
        assert "segments-moved.csv" in str(file)
        (picture,) = await founder.presses(message, "Moves as a picture")
        assert "photo" in picture
    assert report.moves is not None


async def test_the_chat_keeps_rules(shop: Shop) -> None:
    shops.fill(shop)
    async with running_bot(shop) as founder:
        (nothing,) = await founder.says("/segments rules")
        assert "/segments rule VIP: orders >= 3" in text_of([nothing])
        (saved,) = await founder.says("/segments rule VIP: orders >= 9 and revenue >= 1000")
        assert "30 customers" in text_of([saved])
        (people,) = await founder.presses(saved, "Their people")
        assert "Who has spent most" in text_of([people])
        (goals,) = await founder.presses(saved, "Draft a campaign for them")
        assert "VIP" in text_of([goals])
        (whom,) = await founder.says("/campaign", seconds=300)
        assert buttons(whom)[0]["text"] == "VIP (30 people)"
        (refused,) = await founder.says("/segments rule VIP: ordres >= 3")
        assert "did you mean “orders”" in text_of([refused])
        (rules,) = await founder.says("/segments rules")
        assert next(button["text"] for button in buttons(rules)) == "VIP"
        (shown,) = await founder.says("/segments rule vip")
        (dropped,) = await founder.presses(shown, "Give this rule up")
        assert "is given up" in text_of([dropped])
        (gone,) = await founder.says("/segments drop VIP")
        assert "You have no rules yet" in text_of([gone])


def test_the_command_line_tells_who_moved(shop: Shop, zhike: Zhike, tmp_path: Path) -> None:
    shops.fill(shop)
    first = zhike("--k", "3")
    assert first["since_last_time"] is None
    assert "nothing to compare yet" in zhike("--moved", status=2)["error"]
    a_new_file(shop, movers=("O1", "L1"), new=1)
    news = zhike("--k", "3")["since_last_time"]
    assert (news["moved"], news["new"], news["left"], news["stayed"]) == (2, 1, 0, 88)
    assert sum(move["n"] for move in news["moves"]) == 91
    people = {one["customer"]: one["to"] for one in zhike("--moved")["people"]}
    assert people == dict.fromkeys(("O1", "L1"), "regulars-who-spend-big")
    out = tmp_path / "moved.csv"
    zhike("--moved", "--out", str(out))
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert {row["customer"] for row in csv.DictReader(file)} == {"O1", "L1"}


def test_the_command_line_keeps_rules(shop: Shop, zhike: Zhike, tmp_path: Path) -> None:
    shops.fill(shop)
    saved = zhike("--rule", "大客户：订单数 ≥ 9 且 消费 ≥ 1000")
    assert (saved["name"], saved["version"], saved["size"]) == ("大客户", 1, 30)
    assert [rule["name"] for rule in zhike("--rules")["rules"]] == ["大客户"]
    out = tmp_path / "big.csv"
    assert zhike("--csv", "大客户", "--out", str(out))["segment"] == "大客户"
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 30
    assert "“订单书” is nothing" in zhike("--rule", "坏的：订单书 > 3", status=2)["error"]
    assert zhike("--drop", "大客户") == {"dropped": "大客户", "rule": "订单数 ≥ 9 且 消费 ≥ 1000", "versions": 1}
    assert zhike("--rules")["rules"] == []


def test_the_picture_is_drawn_in_both_languages(shop: Shop) -> None:
    report = changed(shop)
    assert report.moves is not None
    english, chinese = (moves_picture(report, report.moves, language(code)) for code in ("en", "zh"))
    assert english.startswith(b"\x89PNG")
    assert english != chinese


FIELDS = (*rule_fields.OF_ORDERS, *rule_fields.OF_EVENTS, *rule_fields.OF_PEOPLE.values(), *rule_fields.ALWAYS)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: str(field.key))
def test_every_word_that_is_offered_is_understood(field: RuleField) -> None:
    for code in ("en", "zh"):
        word = field.words.say(language(code))
        assert Vocabulary(FIELDS).at(word, 0) == (field, len(word))


def test_an_example_that_is_given_is_a_rule(shop: Shop, zhike: Zhike) -> None:
    shops.fill(shop)
    for code in ("en", "zh"):
        assert zhike("--rule", Phrase("VIP: orders >= 3 and revenue >= 1000").say(language(code)))["size"] == 30


def test_every_habit_that_is_offered_is_understood(shop: Shop) -> None:
    shops.fill(shop)
    with shop.open() as db:
        vocabulary = rule_fields.RuleCells(shop, db).vocabulary.with_more()
    assert len(vocabulary.fields) > len(rule_fields.OF_ORDERS) + 5
    for field in vocabulary.fields:
        for code in ("en", "zh"):
            word = field.words.say(language(code))
            assert vocabulary.at(plain(word), 0) == (field, len(plain(word))), word
