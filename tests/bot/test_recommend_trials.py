"""How good recommendations are: in the chat in both languages, and as programs see it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from bot.replies import Picture, Text
from bot.replies.evaluate import evaluation_reply
from engine import Phrase, Shop, evaluate
from tests.bot.talk import running_bot, text_of, with_button
from tests.clock import noon
from tests.engine.services import preferring_trees

DEMO = Path(__file__).parents[2] / "data" / "demo"


async def test_a_founder_asks_how_good_the_lists_are(shop: Shop) -> None:
    async with running_bot(shop) as founder:
        assert "No order names both a customer and a product yet" in text_of(await founder.says("/evaluate recommend"))
        await founder.drops(DEMO / "orders.csv")
        kinds = await founder.says("/evaluate")
        label = "what customers would buy next"
        tested = await founder.presses(with_button(kinds, label), label, seconds=120)
        assert any("photo" in message for message in tested)
        said = text_of(tested)
        assert "Of 100 customers who bought again, " in said
        assert "with a list of best-sellers it would have been " in said
        assert "In use: " in said
        assert "Tested on 3 days" in said
        await founder.says("/language zh")
        again = text_of(await founder.says("/evaluate recommend"))
        assert "每100位回来买的客户里，有" in again
        assert "换成热销榜是" in again
        assert "去掉“deep”" in text_of(await founder.says("/evaluate value deep"))


async def test_boosted_trees_are_named_in_both_languages_where_they_won(shop: Shop) -> None:
    preferring_trees.fill(shop)
    async with running_bot(shop) as founder:
        said = text_of(await founder.says("/evaluate recommend"))
        assert "In use: all of them together, by many small rules learned from your own past." in said
        await founder.says("/language zh")
        assert "用从你店里过去学来的许多条小规则" in text_of(await founder.says("/evaluate recommend"))


def test_as_programs_see_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def zhike(*words: str, language: str = "en") -> str:
        assert main(["--db", str(tmp_path / "shop.db"), "--language", language, *words]) == 0
        return capsys.readouterr().out

    zhike("import", str(DEMO / "orders.csv"))
    picture = tmp_path / "test.png"
    document = json.loads(zhike("evaluate", "recommend", "--picture", str(picture), "--json"))
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "with a list of best-sellers" in document["verdict"]
    assert document["tested"] and document["k"] == 10
    names = {one["name"] for one in document["standings"]}
    assert {document["in_use"], document["in_use_for_new"], document["baseline"]} <= names
    for one in document["standings"]:
        for sort in ("all", "new"):
            found = one[sort]["ndcg"]
            assert 0 <= found["low"] <= found["value"] <= found["high"] <= 1
    assert "换成热销榜是" in zhike("evaluate", "recommend", language="zh")


def test_a_longer_test_has_a_button_and_is_measured_again_as_such(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop.db", clock=noon)
    assert main(["--db", str(shop.path), "import", str(DEMO / "orders.csv")]) == 0
    evaluation = evaluate(shop, "value")
    evaluation = replace(evaluation, found=replace(evaluation.found, slower=Phrase("Try what takes long, too")))
    *_, last = evaluation_reply(evaluation, (b"png",)).parts
    assert isinstance(last, Text)
    assert [row[0].line for row in last.buttons] == ["/evaluate value again", "/evaluate value deep", "/evaluate"]
    first, last = evaluation_reply(replace(evaluation, deep=True), (b"png",)).parts
    assert isinstance(first, Picture) and isinstance(last, Text)
    assert last.buttons[0][0].line == "/evaluate value deep again"
