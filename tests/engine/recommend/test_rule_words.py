"""What a founder types behind /rules, in both languages."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from bot.language import language
from engine.errors import NotAllowed
from engine.recommend.rule_words import EXAMPLES, WORDS, Change, around_product, read_change, targets


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("stock", Change("stock")),
        ("stock off", Change("stock", off=True)),
        ("库存 关", Change("stock", off=True)),
        ("price 20-200", Change("price", numbers=(20, 200))),
        ("Price ¥20 - ¥1,200.50", Change("price", numbers=(20, 1200.5))),
        ("价格20到200元", Change("price", numbers=(20, 200))),
        ("价格 ２０～２００", Change("price", numbers=(20, 200))),
        ("price 20+", Change("price", numbers=(20, None))),
        ("price from 20", Change("price", numbers=(20, None))),
        ("价格 20以上", Change("price", numbers=(20, None))),
        ("price <= 200", Change("price", numbers=(None, 200))),
        ("price up to 200", Change("price", numbers=(None, 200))),
        ("价格 200以下", Change("price", numbers=(None, 200))),
        ("price -20-200", Change("price", numbers=(-20, 200))),
        ("price off", Change("price", off=True)),
        ("margin 30%", Change("margin", numbers=(0.3,))),
        ("margin 30", Change("margin", numbers=(0.3,))),
        ("毛利 0.3", Change("margin", numbers=(0.3,))),
        ("margin -5%", Change("margin", numbers=(-0.05,))),
        ("not DOTCOM POSTAGE", Change("exclude", "DOTCOM POSTAGE")),
        ("不推邮费补差", Change("exclude", "邮费补差")),
        ("pause green tea", Change("pause", "green tea", numbers=(14,))),
        ("pause Cup 300", Change("pause", "Cup 300", numbers=(14,))),
        ("pause Cup 300 for 7 days", Change("pause", "Cup 300", numbers=(7,))),
        ("暂停 绿茶 7天", Change("pause", "绿茶", numbers=(7,))),
        ("pause green tea until 2026-12-24", Change("pause", "green tea", until="2026-12-24")),
        ("allow green tea", Change("allow", "green tea")),
        ("恢复 绿茶", Change("allow", "绿茶")),
        ("pin green tea", Change("pin", "green tea", numbers=(1,))),
        ("pin green tea at 2 for VIP", Change("pin", "green tea for VIP", numbers=(2,))),
        ("pin green tea for VIP place 3", Change("pin", "green tea for VIP", numbers=(3,))),
        ("置顶绿茶第2位给VIP", Change("pin", "绿茶 给VIP", numbers=(2,))),
        ("pin green tea at 0", Change("pin", "green tea", numbers=(0,))),
        ("取消置顶 绿茶", Change("unpin", "绿茶")),
        ("category tea, cups ,tea", Change("category", names=("tea", "cups"))),
        ("分类 茶、杯子", Change("category", names=("茶", "杯子"))),
        ("category off", Change("category", off=True)),
        ("without tea", Change("without", names=("tea",))),
        ("不推分类 茶", Change("without", names=("茶",))),
        ("bought 30", Change("bought", numbers=(30,))),
        ("买过30天", Change("bought", numbers=(30,))),
        ("bought off", Change("bought", off=True)),
        ("at most 2 per category", Change("most", numbers=(2,))),
        ("每类2件", Change("most", numbers=(2,))),
        ("variety some", Change("variety", numbers=(0.7,))),
        ("多样 很多", Change("variety", numbers=(0.4,))),
        ("variety 0.25", Change("variety", numbers=(0.75,))),
        ("with green tea", Change("together", "green tea")),
        ("搭配 取消", Change("together", off=True)),
        ("new 10%", Change("new", numbers=(0.1,))),
        ("清空", Change("clear")),
    ],
)
def test_it_is_read(text: str, change: Change) -> None:
    assert read_change(text) == change


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("price", "Something is missing behind it; write /rules price 20-200"),
        ("price cheap", "“cheap” is not clear to me here; write /rules price 20-200"),
        ("price -200", "“-200” is not clear to me here"),
        ("margin much", "write /rules margin 30%"),
        ("most 2.5", "write /rules most 2"),
        ("not", "write /rules not postage"),
        ("pin", "write /rules pin green tea"),
        ("pin at 2", "write /rules pin green tea"),
        ("pause", "write /rules pause green tea"),
        ("category ,", "write /rules category tea"),
        ("together", "write /rules together green tea"),
        ("variety wild", "write /rules variety some"),
        ("stock maybe", "write /rules stock on"),
        ("clear everything", "write /rules clear"),
        ("notes", "“notes” is no rule that I know."),
        ("frobnicate {x}", "“frobnicate {x}” is no rule that I know. Write one such as /rules price 20-200"),
    ],
)
def test_what_is_not_clear_says_how_to_write_it(text: str, part: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        read_change(text)
    assert part in str(refused.value)


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("what", EXAMPLES)
def test_every_example_can_be_typed_in_its_language(what: str, code: str) -> None:
    for example in EXAMPLES[what]:
        said = example.say(language(code))
        assert said.startswith("/rules ")
        assert read_change(said.removeprefix("/rules ")).what == what
        assert not [name for _, name, _, _ in Formatter().parse(said) if name]


def test_every_word_means_one_rule() -> None:
    words = [word for known in WORDS.values() for word in known]
    assert len(words) == len(set(words))
    assert all(re.fullmatch(r"[a-z ]+|[\u4e00-\u9fff]+", word) for word in words)


def test_whom_a_pin_is_for() -> None:
    assert targets("green tea") == [("green tea", None)]
    assert targets("tea for two for VIP") == [
        ("tea for two for VIP", None),
        ("tea for two", "VIP"),
        ("tea", "two for VIP"),
    ]
    assert targets("绿茶 给VIP")[1] == ("绿茶", "VIP")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("not tea", ("not", "tea", "")),
        ("不推 茶", ("not", "茶", "")),
        ("pause tea 7 days", ("pause", "tea", "7 days")),
        ("pause tea until 2026-12-24", ("pause", "tea", "until 2026-12-24")),
        ("pin tea at 2 for VIP", ("pin", "tea", "at 2 for VIP")),
        ("together tea", ("together", "tea", "")),
        ("price 20-200", None),
    ],
)
def test_what_stands_around_a_product(text: str, parts: tuple[str, str, str] | None) -> None:
    """So that a button can say the same of one product."""
    assert around_product(text) == parts
