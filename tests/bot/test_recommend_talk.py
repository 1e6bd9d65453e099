"""What to recommend, in the chat: people, groups, products, who is due; “not this one” and its undoing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import Request, commands
from bot.language import language
from bot.replies import Reply, Text, messages
from engine import NotFound, Shop, due_list, find_segments, find_stages, load_demo, recommend_for, refuse_all, silent
from tests.bot.talk import buttons, running_bot, text_of

PHONE = 1_800  # letters: about three screens


@pytest.fixture(scope="module")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Shop(tmp_path_factory.mktemp("demo") / "shop.db")
    load_demo(shop)
    find_segments(shop)
    find_stages(shop)
    recommend_for(shop, "K0003")
    return shop.path


@pytest.fixture
def demo(demo_path: Path, tmp_path: Path) -> Shop:
    copy = tmp_path / "shop.db"
    copy.write_bytes(demo_path.read_bytes())
    return Shop(copy)


def asked(shop: Shop, line: str, code: str = "en") -> Reply:
    name, _, text = line.removeprefix("/").partition(" ")
    return commands()[name].run(shop, Request(code, text=text), silent)


def told(reply: Reply, code: str = "en") -> str:
    return "\n".join(
        text for part in reply.parts if isinstance(part, Text) for text in messages(part.lines, language(code))
    )


def pressable(reply: Reply) -> dict[str, str]:
    """The lines of a reply's buttons by their English labels."""
    found = [button for part in reply.parts if isinstance(part, Text) for row in part.buttons for button in row]
    return {str(button.label): button.line for button in found}


async def test_not_this_one_is_remembered_answered_with_the_next_and_undone(demo: Shop) -> None:
    first, *others = [str(item.name) for item in recommend_for(demo, "K0003", 6).items]
    async with running_bot(demo) as founder:
        (shown,) = await founder.says("/recommend K0003")
        assert f"1. {first}" in text_of([shown])
        assert {"Buy again", "New for them", "Not 1", "Not 5"} <= {button["text"] for button in buttons(shown)}
        (shorter,) = await founder.presses(shown, "Not 1")
        assert shorter["message_id"] == shown["message_id"]
        said = text_of([shorter])
        assert said.startswith("Remembered: Julia Porter (K0003) is never shown")
        assert [line for line in said.splitlines() if line[:2] in {f"{n}." for n in range(1, 6)}] == [
            f"{place}. {name}" for place, name in enumerate(others, 1)
        ]
        (back,) = await founder.presses(shorter, "Undo")
        assert f"1. {first}" in text_of([back])
        assert text_of([back]).startswith("Taken back")
        (new,) = await founder.presses(back, "New for them")
        assert "may discover" in text_of([new])
        assert f". {first}" not in text_of([new])


async def test_a_name_of_several_things_is_asked_back(demo: Shop) -> None:
    async with running_bot(demo) as founder:
        (choice,) = await founder.says("/recommend pu'er cake")
        assert [button["text"] for button in buttons(choice)] == [
            "Product Ripe pu'er cake, 357 g",
            "Product Raw pu'er cake, 200 g",
        ]
        (who,) = await founder.presses(choice, "Ripe")
        assert "Who may want Ripe pu'er cake, 357 g" in text_of([who])
        (similar,) = await founder.presses(who, "What is like it?")
        assert "Bought by the same people" in text_of([similar])


async def test_asking_without_a_name_waits_for_one(demo: Shop) -> None:
    async with running_bot(demo, language="zh-CN") as founder:
        assert "给谁推荐" in text_of(await founder.says("/recommend"))
        assert "谁可能想要大红袍 50克" in text_of(await founder.says("大红袍 50克"))
        assert "哪件商品" in text_of(await founder.says("/similar"))
        assert "和大红袍 50克相近的商品" in text_of(await founder.says("T08"))


LINES = [
    "/recommend",
    "/recommend K0003",
    "/recommend K0003 9",
    "/recommend new #c3",
    "/recommend churn",
    "/recommend T08",
    "/recommend who #p8 10",
    "/recommend due",
    "/recommend due 10",
    "/recommend mix",
    "/recommend mix 0.5",
    "/recommend mix score",
    "/similar T08",
    "/customer K0003",
]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_answer_fits_a_phone(demo: Shop, code: str) -> None:
    for line in LINES:
        said = told(asked(demo, line, code), code)
        assert 0 < len(said) < PHONE, line
        assert "{" not in said


def test_its_buttons_work(demo: Shop) -> None:
    lines = {press for line in LINES for press in pressable(asked(demo, line)).values()}
    assert all(len(line.encode()) <= 64 for line in lines)
    elsewhere = ("/campaign", "/recommend csv", "/recommend due csv", "/recommend refresh", "/rules")
    for line in sorted(lines):
        if not line.startswith(elsewhere):
            assert asked(demo, line).parts, line


def test_a_group_of_the_lifecycle_and_its_list(demo: Shop) -> None:
    reply = asked(demo, "/recommend churn")
    assert "What most of “Churn" in told(reply)
    (file,) = asked(demo, pressable(reply)["Everyone's own products (CSV)"]).parts
    content = getattr(file, "content", b"").decode("utf-8-sig")
    header, first, *_ = content.splitlines()
    assert header.startswith("customer,name,email,phone,city,product 1,why 1,product 2")
    assert first.count(",") >= header.count(",")


@pytest.mark.parametrize("line", ["/recommend T08", "/recommend due"])
def test_a_campaign_can_be_drafted_for_them(demo: Shop, line: str) -> None:
    press = next(line for label, line in pressable(asked(demo, line)).items() if label.startswith("Draft a campaign"))
    goals = asked(demo, press)
    assert any(line.startswith("/campaign ") for line in pressable(goals).values())


def test_who_is_due_as_a_list(demo: Shop) -> None:
    (file,) = asked(demo, "/recommend due csv", "zh").parts
    lines = getattr(file, "content", b"").decode("utf-8-sig").splitlines()
    assert lines[0].startswith("客户,")
    assert len(lines) == 1 + due_list(demo, 1).total


def test_who_wants_no_products_is_told_so(demo: Shop) -> None:
    refuse_all(demo, "K0003")
    said = told(asked(demo, "/recommend K0003"))
    assert "asked for no product" in said
    assert "1." not in said


def test_nobody_and_nothing_of_that_name(demo: Shop) -> None:
    with pytest.raises(NotFound, match="Nothing is called “zzz”"):
        asked(demo, "/recommend zzz")
    with pytest.raises(NotFound):
        asked(demo, "/similar zzz")


def test_the_card_says_what_comes_next_as_the_list_does(demo: Shop) -> None:
    names = [str(item.name) for item in recommend_for(demo, "K0003", 3).items]
    assert f"May want next: {', '.join(names)}" in told(asked(demo, "/customer K0003"))
    asked(demo, pressable(asked(demo, "/recommend K0003"))["Not 1"])
    assert names[0] not in told(asked(demo, "/customer K0003")).split("May want next")[1]
