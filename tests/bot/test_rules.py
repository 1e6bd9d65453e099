"""The rules of recommendations in the chat, by button and typed, in both languages; and as programs see them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from engine import Shop
from tests.bot.talk import buttons, running_bot, text_of, with_button

DEMO = Path(__file__).parents[2] / "data" / "demo"


async def test_the_rules_in_english(shop: Shop) -> None:
    async with running_bot(shop) as founder:
        await founder.drops(DEMO / "orders.csv")
        await founder.drops(DEMO / "products.csv")
        first = await founder.says("/rules")
        assert "34 of 34 products may be recommended." in text_of(first)
        assert "/rules pin green tea" in text_of(first)
        labels = [button["text"] for button in buttons(first[-1])]
        assert labels == [
            "✓ only what is in stock",
            "at most 2 of a category",
            "not what they bought in 30 days",
            "✓ no variety",
            "some variety",
            "much variety",
        ]
        two = await founder.presses(first[-1], "at most 2")
        assert "Done: this holds from now on." in text_of(two)
        assert "at most 2 of a category in a list" in text_of(two)
        assert two[-1]["message_id"] == first[-1]["message_id"]
        varied = await founder.presses(two[-1], "some variety")
        assert "✓ some variety" in [button["text"] for button in buttons(varied[-1])]
        undone = await founder.presses(varied[-1], "Undo this")
        assert "✓ no variety" in [button["text"] for button in buttons(undone[-1])]
        assert "at most 2 of a category" in text_of(undone)

        assert "prices from ¥20.00 to ¥60.00" in text_of(await founder.says("/rules price 20-60"))
        assert "swap the two" in text_of(await founder.says("/rules price 60-20"))
        assert "the nearest is “Green tea”" in text_of(await founder.says("/rules category Gren tea"))
        which = await founder.says("/rules not green tea")
        assert "“green tea” is in the name or number of" in text_of(which)
        chosen = await founder.presses(which[-1], "Longjing")
        assert "never: Longjing green tea, 100 g" in text_of(chosen)
        assert "no product “spaceship”" in text_of(await founder.says("/rules not spaceship"))
        assert "pinned to place 2 for everybody" in text_of(await founder.says("/rules pin Walnut cookies at 2"))
        history = text_of(await founder.says("/rules history"))
        assert "+ never: Longjing green tea, 100 g" in history and "− some variety" in history
        cleared = await founder.says("/rules clear")
        assert "34 of 34" in text_of(cleared)
        back = await founder.says("/rules undo")
        assert "prices from" in text_of(back)
        ended = await founder.presses(back[-1], "End: prices from")
        assert "prices from" not in text_of(ended)
        assert "never" not in text_of(await founder.presses(ended[-1], "End: never"))


async def test_the_rules_in_chinese(shop: Shop) -> None:
    async with running_bot(shop, language="zh") as founder:
        await founder.drops(DEMO / "orders.csv")
        await founder.drops(DEMO / "products.csv")
        first = await founder.says("/rules")
        assert "现在的推荐规则" in text_of(first)
        assert "34件商品里有34件可以推荐。" in text_of(first)
        stock = await founder.presses(first[-1], "只推有库存的")
        assert "没有规则，什么商品都可以推荐。" in text_of(stock)
        assert "只推有库存的" in text_of(await founder.presses(stock[-1], "撤销"))
        assert "不推：桂花糕" in text_of(await founder.says("/rules 不推 桂花糕"))
        assert "所有人置顶第2位：核桃酥" in text_of(await founder.says("/rules 置顶核桃酥第2位"))
        assert "价格¥20.00到¥60.00" in text_of(await founder.says("/rules 价格 20到60元"))
        assert "没看懂“随便”这条规则" in text_of(await founder.says("/rules 随便"))
        assert "－价格¥20.00到¥60.00" in text_of(
            [*await founder.says("/rules 撤销"), *await founder.says("/rules 历史")]
        )
        assert "没有“宇宙飞船”这件商品" in text_of(await founder.says("/rules 不推 宇宙飞船"))


@pytest.mark.parametrize(
    ("language", "nothing", "again", "wants", "told"),
    [
        ("en", "Recommend nothing", "Recommend products again", "Wants no product recommended", "said no to"),
        ("zh", "不给这位客户推荐", "恢复给这位客户推荐", "不想要商品推荐", "不要的商品"),
    ],
)
async def test_a_customer_s_own_wish(
    shop: Shop, language: str, nothing: str, again: str, wants: str, told: str
) -> None:
    async with running_bot(shop, language=language) as founder:
        await founder.drops(DEMO / "orders.csv")
        card = await founder.says("/customer K0003")
        said = await founder.presses(with_button(card, nothing), nothing)
        assert "K0003" in text_of(said)
        card = await founder.says("/customer K0003")
        assert wants in text_of(card)
        listed = await founder.says("/rules refused K0003")
        assert told in text_of(listed)
        await founder.presses(with_button(card, again), again)
        assert wants not in text_of(await founder.says("/customer K0003"))
        refused = await founder.says("/rules no #p2 K0003")
        assert "K0003" in text_of(refused)
        back = await founder.says("/rules refused K0003")
        await founder.presses(back[-1], buttons(back[-1])[0]["text"])
        assert told not in text_of(await founder.says("/rules refused K0003"))


def test_as_programs_see_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def zhike(*words: str) -> dict[str, Any]:
        assert main(["--db", str(tmp_path / "shop.db"), "--language", "en", *words, "--json"]) == 0
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document

    def refused(*words: str) -> str:
        assert main(["--db", str(tmp_path / "shop.db"), "--language", "en", *words]) == 2
        return capsys.readouterr().err.strip()

    zhike("import", str(DEMO / "orders.csv"))
    zhike("import", str(DEMO / "products.csv"))
    shown = zhike("rules")
    assert set(shown) == {
        "version", "rules", "sentences", "products", "allowed", "left_out", "notes", "refused", "wanting_none",
    }  # fmt: skip
    assert (shown["products"], shown["allowed"], shown["version"]) == (34, 34, 0)
    changed = zhike("rules", "price", "20-60")
    assert (changed["changed"], changed["allowed"], changed["left_out"]) == (True, 10, {"price": 24})
    assert changed["rules"]["least_price"] == 20
    assert zhike("rules", "variety", "some")["rules"]["variety"] == 0.3
    assert zhike("rules", "undo")["rules"]["variety"] == 0
    assert [len(version["rules"]) for version in zhike("rules", "history")["versions"]] == [2, 3, 2]
    assert zhike("rules", "refuse", "K0003", "S01") == {
        "customer": "K0003",
        "product": "S01",
        "refused": True,
        "changed": True,
    }
    listed = zhike("rules", "refused", "K0003")
    assert ([one["product"] for one in listed["products"]], listed["none_since"]) == (["S01"], None)
    assert zhike("rules", "take-back", "K0003", "S01")["changed"]
    assert zhike("rules", "none", "K0003")["product"] is None
    assert zhike("customers", "K0003")["no_products"] is True
    assert zhike("rules")["wanting_none"] == 1
    assert zhike("rules", "some", "K0003")["refused"] is False
    assert "Say zhike rules refuse" in refused("rules", "refuse", "K0003")
    assert "is no rule that I know" in refused("rules", "frobnicate")
