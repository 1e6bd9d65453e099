"""What customers will bring, in the chat and as programs see it; and how good it is."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.replies import Text
from bot.replies.forecast import money, next_order
from bot.replies.value import title, value_reply
from engine import DayEstimate, Estimate, Shop, value_report
from tests.bot.talk import buttons, running_bot, text_of, with_button
from tests.clock import noon
from tests.engine.services import shops

DEMO = Path(__file__).parents[2] / "data" / "demo"


async def test_a_founder_looks_ahead(shop: Shop) -> None:
    async with running_bot(shop) as founder:
        assert "There are no orders yet" in text_of(await founder.says("/value"))
        assert "There are no orders yet" in text_of(await founder.says("/evaluate lifecycle"))
        await founder.drops(DEMO / "orders.csv")
        assert "not computed yet, /value does it" in text_of(await founder.says("/customer K0003"))
        report = await founder.says("/value", seconds=120)
        assert any("photo" in message for message in report)
        said = text_of(report)
        assert "What your customers will likely bring in 90 days, from 2026-11-01 to 2027-01-29" in said
        assert "Of 100 customers expected on 2026-08-03 not to buy" in said

        menu = with_button(report, "Likely to buy less")
        assert {button["callback_data"] for button in buttons(menu)} == {
            "/value 90 best", "/value 90 less", "/value 90 due", "/evaluate value", "/value 90 csv",
            "/value 90 again", "/value 30", "/value 365",
        }  # fmt: skip
        other = await founder.says("/value 30天", seconds=120)
        assert "in 30 days, from 2026-11-01 to 2026-11-30" in text_of(other)
        # how good forecasts are is told of the shop's own days
        pressable = {button["callback_data"] for button in buttons(with_button(other, "In 90 days"))}
        assert "/evaluate value" not in pressable
        less = await founder.presses(menu, "Likely to buy less")
        assert "usually ¥" in text_of(less)
        (sheet,) = await founder.presses(with_button(less, "CSV"), "CSV")
        rows = list(csv.DictReader(io.StringIO((await founder.downloads(sheet)).decode("utf-8-sig"))))
        assert f"Likely to buy less than before: {len(rows)} customers" in text_of(less)
        assert all(float(row["expected money"]) < float(row["usual money in this time"]) for row in rows)

        first = buttons(with_button(less, "CSV"))[0]
        assert first["text"] in text_of(await founder.presses(with_button(less, "CSV"), first["text"]))

        card = text_of(await founder.says("/customer K0003"))
        assert "will order again within 90 days: " in card
        assert "next order around 20" in card

        kinds = await founder.says("/evaluate")
        tested = await founder.presses(with_button(kinds, "who is leaving"), "who is leaving")
        assert any("photo" in message for message in tested)
        assert "Tested on" in text_of(tested)
        money = await founder.says("/evaluate value")
        assert any("photo" in message for message in money)
        assert "the money that came was" in text_of(money)


REFUSED = {
    "/value soon": "a number of days, such as /value 30",
    "/value 0": "Cannot look 0 days ahead: ask for 7 to 730",
    "/value 100000": "Cannot look 100,000 days ahead",
    "/value -3": "Cannot look -3 days ahead",
    "/value 30 kings": "its answer has buttons",
    "/evaluate horoscopes": "there are: lifecycle, recommend, segments, value",
    "/evaluate lifecycle and more": "press what is to be put to the test",
}


async def test_what_is_not_understood_gets_one_sentence(shop: Shop) -> None:
    async with running_bot(shop) as founder:
        for said, answer in REFUSED.items():
            (message,) = await founder.says(said)
            assert answer in message["text"]


def test_as_programs_see_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def zhike(*words: str) -> dict[str, object]:
        assert main(["--db", str(tmp_path / "shop.db"), "--language", "en", *words, "--json"]) == 0
        document: dict[str, object] = json.loads(capsys.readouterr().out)
        return document

    def refused(*words: str) -> str:
        assert main(["--db", str(tmp_path / "shop.db"), "--language", "en", *words]) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        return said.err

    assert "There are no orders yet" in refused("value")
    zhike("import", str(DEMO / "orders.csv"))
    report = zhike("value")
    assert set(report) >= {"days", "as_of", "orders", "money", "groups", "best", "less", "due", "tested", "sure"}
    assert (report["days"], report["as_of"], report["tested"]) == (90, "2026-11-01", True)
    assert zhike("value", "--days", "90") == report
    money: dict[str, float] = report["money"]  # type: ignore[assignment]
    assert money["low"] < money["value"] < money["high"]
    best: dict[str, object] = report["best"][0]  # type: ignore[index]
    assert set(best) >= {"customer", "name", "p_none", "orders", "money", "usual_money", "next_order"}
    assert zhike("customers", str(best["customer"]))["forecast"]["days"] == 90  # type: ignore[index]

    sheet = tmp_path / "all.csv"
    assert zhike("value", "--csv", "--out", str(sheet)) == {"file": str(sheet)}
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        expected = sum(float(row["expected money"]) for row in csv.DictReader(file))
    assert expected == pytest.approx(money["value"], abs=2)

    assert zhike("evaluate") == {
        "kinds": {
            "lifecycle": "who is leaving",
            "recommend": "what customers would buy next",
            "segments": "the groups of your customers",
            "value": "what customers will bring",
        }
    }
    tested = zhike("evaluate", "lifecycle", "--picture", str(tmp_path / "test.png"))
    assert set(tested) >= {"verdict", "facts", "tested", "origins", "measured", "calls", "latest", "picture"}
    assert (tmp_path / "test.png").read_bytes().startswith(b"\x89PNG")
    tests = zhike("evaluate", "value")["tests"]
    assert all(set(test) == {"from", "orders_expected", "orders", "money_expected", "money"} for test in tests)  # type: ignore[attr-defined]

    assert "Cannot look 100,000 days ahead" in refused("value", "--days", "100000")
    assert "must be a whole number of days" in refused("value", "--days", "soon")
    assert "no list “kings”" in refused("value", "--csv", "kings")
    assert "there are: lifecycle, recommend, segments, value" in refused("evaluate", "horoscopes")
    assert "ends in .png" in refused("evaluate", "value", "--picture", str(tmp_path / "test.jpg"))
    assert "Cannot write to" in refused("evaluate", "value", "--picture", str(tmp_path / "nowhere" / "test.png"))


def test_a_range_that_tells_nothing_is_not_told() -> None:
    assert str(money(Estimate(10, 1, 100), None)) == "about 10 (likely 1 to 100)"
    assert str(money(Estimate(10, 1, 101), None)) == "about 10, but that is hard to tell"
    near, low = date(2026, 6, 1), date(2026, 1, 1)
    assert str(next_order(DayEstimate(near, low, date(2027, 1, 1)))).startswith("next order around 2026-06-01")
    assert str(next_order(DayEstimate(near, low, date(2027, 1, 2)))) == "when the next order comes is hard to tell"


def test_no_button_leads_to_an_empty_list(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop.db", clock=noon)
    shops.fill(shop, size=4)
    report = value_report(shop)
    nobody = replace(report, due=replace(report.due, rows=(), total=0), less=replace(report.less, rows=(), total=0))
    (part,) = value_reply(nobody, None).parts
    assert isinstance(part, Text)
    lines = [button.line for row in part.buttons for button in row]
    assert f"/value {report.days} best" in lines
    assert not any(line.endswith((" less", " due")) for line in lines)
    assert str(title(nobody.due)).endswith(": nobody of whom a day can be told")
