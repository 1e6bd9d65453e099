"""People's files that are no orders, by chat and on the command line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from engine import Shop, show_preset
from tests.bot.talk import buttons, running_bot, text_of

FIGURES = {
    "customer_personality.csv": ("customers", "2,240 customers", 26),
    "young_people_survey.csv": ("customers", "1,010 customers", 148),
    "bank_marketing.csv": ("customers", "45,211 customers", 16),
    "taobao_user_behavior_sample.csv": ("events", "1,999 events of 34 customers", 0),
}


@pytest.fixture(scope="module")
def files(datasets: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    bank = tmp_path_factory.mktemp("bank") / "bank_marketing.csv"
    bank.write_bytes(gzip.decompress((datasets / "bank_marketing.csv.gz").read_bytes()))
    return {name: bank if name == bank.name else datasets / name for name in FIGURES}


async def test_in_the_chat(shop: Shop, files: dict[str, Path]) -> None:
    async with running_bot(shop) as founder:
        for name, (_, figure, _) in FIGURES.items():
            answer = await founder.drops(files[name])
            assert figure in text_of(answer), name
            if name == "bank_marketing.csv":
                proposal = answer[-1]
        assert show_preset(shop).name == "shop"
        chosen = await founder.presses(proposal, "Preset: financial services")
        assert "balance, housing, loan" in text_of(chosen)
        assert show_preset(shop).name == "finance"
        assert [button["text"] for button in buttons(chosen[-1])] == ["shop", "social media"]
        assert "From now on: social media" in text_of(await founder.presses(chosen[-1], "social media"))
        card = text_of(await founder.says("/customer 100509623"))
        assert "in 30 days: view 196×" in card
        assert "last seen 2 days ago" in card
        assert "Also known" in text_of(await founder.says("/customer 5524"))


async def test_in_chinese(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "行为.csv"
    path.write_text("用户ID,行为,时间,商品名称,评分\nu1,浏览,2026-11-01,绿茶,\nu1,评分,2026-11-02,绿茶,5\n")
    async with running_bot(shop, language="zh-CN") as founder:
        receipt = text_of(await founder.drops(path))
        assert "1位客户的2条行为" in receipt
        assert "浏览：1" in receipt
        assert "评分、绿茶、5" in text_of(await founder.says("/customer u1"))
        assert "从现在起：金融" in text_of(await founder.says("/preset 金融"))
        assert "没有叫农场的行业预设" in text_of(await founder.says("/preset 农场"))
        assert "行业预设：金融" in text_of(await founder.says("/preset"))


def test_on_the_command_line(
    tmp_path: Path, files: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHIKE_LANGUAGE", raising=False)

    def zhike(*words: str) -> dict[str, Any]:
        assert main(["--db", str(tmp_path / "shop.db"), "--language", "en", *words, "--json"]) == 0
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document

    for name, (kind, figure, n_attributes) in FIGURES.items():
        made = zhike("import", str(files[name]))
        assert (made["kind"], len(made["attributes"])) == (kind, n_attributes)
        assert f"{made['customers']:,} customers" in figure
        assert made["rejected"] == 0
    assert (made["events"], made["kinds"]["buy"]) == (1_999, 35)
    assert zhike("preset")["preset"] == "shop"
    assert zhike("preset", "finance")["held"] == ["balance", "housing", "loan"]
    person = zhike("customers", "5524")
    assert (person["attributes"]["Income"], person["attributes"]["Education"]) == (58138, "Graduation")
    visitor = zhike("customers", "100509623")
    assert visitor["engagement"]["in_30_days"]["view"] == 196
    assert len(visitor["events"]) == 5
    assert zhike("check")["sound"]
