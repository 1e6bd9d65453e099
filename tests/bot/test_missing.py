"""Gaps in the chat: the report, a field, a choice by button, and what it changes; and the same as programs see it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bot.cli import main
from engine import Shop
from tests.bot.talk import buttons, running_bot, text_of, with_button

DEMO = Path(__file__).parents[2] / "data" / "demo"


async def test_a_choice_by_button(shop: Shop) -> None:
    async with running_bot(shop) as founder:
        refused = text_of(await founder.says("/missing"))
        assert "send a file of orders or customers first" in refused
        await founder.drops(DEMO / "customers.csv")
        await founder.drops(DEMO / "orders.csv")
        report = await founder.says("/missing")
        assert any("photo" in message for message in report)
        assert "year of birth: 48 of 300 missing (16%)" in text_of(report)
        field = await founder.presses(with_button(report, "year of birth"), "year of birth")
        assert "What I suggest" in text_of(field)
        chosen = await founder.presses(with_button(field, "the most similar people"), "the most similar people")
        assert "From now on, gaps in year of birth: the most similar people." in text_of(chosen)
        again = await founder.says("/missing year of birth")
        assert "✓ the most similar people" in [button["text"] for button in buttons(again[-1])]
        segments = text_of(await founder.says("/segments"))
        assert "year of birth: 48 of 300 filled from the 5 most similar customers." in segments
        assert "so already" in text_of(await founder.says("/missing set birth_year neighbours"))
        assert "no field" in text_of(await founder.says("/missing shoes"))
        assert "no average of city" in text_of(await founder.says("/missing set city mean"))
        assert "leave unknown" in text_of(await founder.says("/missing clear 出生年份"))


def test_as_programs_see_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def zhike(*words: str) -> dict[str, object]:
        assert main(["--db", str(tmp_path / "shop.db"), "--language", "en", *words, "--json"]) == 0
        document: dict[str, object] = json.loads(capsys.readouterr().out)
        return document

    def refused(*words: str) -> str:
        assert main(["--db", str(tmp_path / "shop.db"), "--language", "en", *words]) == 2
        return capsys.readouterr().err.strip()

    zhike("import", str(DEMO / "customers.csv"))
    zhike("import", str(DEMO / "orders.csv"))
    report = zhike("missing")
    assert set(report) == {"customers", "fields", "uses", "limit"}
    fields = {field["field"]: field for field in report["fields"]}  # type: ignore[attr-defined]
    born = fields["birth_year"]
    assert (born["of"], born["rows"], born["missing"], born["share"]) == ("customers", 300, 48, 0.16)
    assert (born["treatment"], born["chosen"], born["suggestion"]["treatment"]) == ("none", False, "median")
    assert set(born["suggestion"]["tried"]) == {"mean", "median", "neighbours", "iterative"}
    assert fields["region"]["goes_with"][0]["what"] == "country"
    assert zhike("missing", "set", "birth_year", "mean") == {
        "field": "birth_year",
        "treatment": "mean",
        "changed": True,
    }
    assert zhike("missing", "birth_year")["treatment"] == "mean"
    table = zhike("customers", "--features", "--out", str(tmp_path / "all.csv"))
    assert (table["customers"], table["left_out"], table["filled"]) == (300, 0, 48)
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sum(row["filled in"] == "year of birth" for row in csv.DictReader(file)) == 48
    segments = zhike("segments")
    assert "year of birth: 48 of 300 filled with the average" in str(segments["gaps"])
    assert zhike("missing", "clear", "birth_year")["changed"] is True
    assert "no field “shoe”" in refused("missing", "shoe")
    assert "no treatment named magic" in refused("missing", "set", "city", "magic")
    assert "Say zhike missing" in refused("missing", "set", "city")
    assert "A table is of all customers" in refused("customers", "K0001", "--features")
