"""Who is meant by a part of a name, in the chat; and what START says of a made-up shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import Shop
from tests.bot.talk import buttons, running_bot, text_of
from tests.engine.services.demo_shop import put_demo

DEMO = Path(__file__).parents[2] / "data" / "demo"


@pytest.mark.parametrize("command", ["/customer", "/recommend"])
async def test_a_part_of_a_name_offers_those_it_may_mean(shop: Shop, command: str) -> None:
    put_demo(shop)
    async with running_bot(shop) as founder:
        (choice,) = await founder.says(f"{command} Grace")
        offered = buttons(choice)
        assert 1 < len(offered) <= 8
        assert all("Grace" in button["text"] for button in offered)
        first = offered[0]
        answer = await founder.presses(choice, first["text"])
        assert first["text"].split(" (")[0] in text_of(answer)
        (chinese,) = await founder.says(f"{command} 王")
        assert len(buttons(chinese)) == 8
        assert all(button["text"].startswith("王") for button in buttons(chinese))
        # the rest of the name alone narrows it down
        (fewer,) = await founder.says("Grace")
        assert buttons(fewer) == offered


async def test_a_full_name_needs_no_choice(shop: Shop) -> None:
    put_demo(shop)
    async with running_bot(shop) as founder:
        assert "K0003" in text_of(await founder.says("/customer Julia Porter"))


async def test_the_refusal_says_where_it_was_looked_for(shop: Shop) -> None:
    put_demo(shop)
    async with running_bot(shop) as founder:
        said = text_of(await founder.says("/customer Zzyzx"))
        assert all(word in said for word in ("number", "name", "e-mail", "phone"))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_start_says_that_the_demo_is_made_up(shop: Shop, language: str) -> None:
    put_demo(shop)
    made_up, newer = ("made-up", "newer export") if language == "en" else ("虚构", "新导出")
    async with running_bot(shop, language=language) as founder:
        said = text_of(await founder.says("/start"))
        assert made_up in said
        assert newer not in said
        await founder.drops(DEMO / "orders.csv")
        said = text_of(await founder.says("/start"))
        assert made_up not in said
        assert newer in said


async def test_a_chinese_card_of_the_demo_is_in_chinese(shop: Shop) -> None:
    put_demo(shop)
    async with running_bot(shop, language="zh-CN") as founder:
        said = text_of(await founder.says("/customer K0002"))
        assert "女，1982年生\n北京，中国\n爱好：养生、读书\n" in said
