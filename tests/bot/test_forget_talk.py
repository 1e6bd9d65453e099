"""/forget in the chat: a card says who, what goes and what stays; after it not even the chat names them."""

from __future__ import annotations

from pathlib import Path

from bot.localchat.place import folder_for
from engine import Shop, check_store, customer_named
from tests.bot.talk import running_bot, text_of, with_button
from tests.engine.services.demo_shop import put_demo
from tests.engine.services.test_forgetting import left, told_of

DEMO = Path(__file__).parents[2] / "data" / "demo"


async def test_nothing_is_left_in_the_chat_either(shop: Shop) -> None:
    yes, gone = "永久删除", "已删除"
    put_demo(shop)
    told = told_of(shop, "K0003")
    async with running_bot(shop, language="zh-CN") as founder:
        await founder.drops(DEMO / "customers.csv")
        await founder.says("/customer Julia Porter")
        await founder.says("/export")
        card = with_button(await founder.says("/forget Julia Porter"), yes)
        assert "K0003" in text_of([card])
        assert "k0003@example.com" in text_of([card])
        answer = await founder.presses(card, yes, seconds=120)
        assert gone in text_of(answer)
        assert "K0003" not in text_of(await founder.messages())
        again = text_of(await founder.says("/forget K0003"))
        assert "K0003" in again
    # what is asked afterwards is in the chat again, as it was asked
    assert {name for name, _ in left(folder_for(shop.path).parent, told)} <= {"localchat.db", "localchat.db-wal"}
    assert check_store(shop).faults == ()


async def test_it_names_nobody_after_the_answer(shop: Shop) -> None:
    put_demo(shop)
    told, id_ = told_of(shop, "K0003"), customer_named(shop, "K0003").id
    async with running_bot(shop) as founder:
        await founder.says("/customer K0003")
        card = with_button(await founder.says("/forget K0003"), "for good")
        await founder.presses(card, "for good", seconds=120)
        assert left(shop.path.parent, told) == []
        # as the button of a card that is still open somewhere says it
        assert "forgotten already" in text_of(await founder.says(f"/forget yes #c{id_}"))


async def test_it_can_be_left_and_narrowed_down(shop: Shop) -> None:
    put_demo(shop)
    async with running_bot(shop) as founder:
        assert "Who wants to be forgotten" in text_of(await founder.says("/forget"))
        (choice,) = await founder.says("Grace")
        assert "customers" in text_of([choice])
        card = with_button(await founder.says("/forget K0005"), "for good")
        assert "nothing was changed" in text_of(await founder.presses(card, "Keep"))
        assert customer_named(shop, "K0005")
        assert "There is no customer" in text_of(await founder.says("/forget Zzyzx"))


async def test_copies_that_only_their_owner_deletes_are_named(shop: Shop) -> None:
    put_demo(shop)
    async with running_bot(shop) as founder:
        assert "copy of the database lies" not in text_of(await founder.says("/forget K0003"))
        made = text_of(await founder.says("/backup", seconds=60))
        assert "Nothing deletes it but you: who is forgotten later is still in it" in made
        (copy,) = shop.backups.glob("*.db")
        (shop.backups / f"{shop.path.stem}-before-restore-2026-11-01-120000.db").write_bytes(copy.read_bytes())
        (shop.backups / f"{shop.path.stem}-2026-11-01.db").write_bytes(copy.read_bytes())  # a daily one goes by itself
        card = with_button(await founder.says("/forget K0003"), "for good")
        assert f"2 copies of the database lie in {shop.backups} and may still have them" in card["text"]
        assert copy.name in card["text"]
        assert "before-restore" in card["text"]
        assert "2026-11-01.db" not in card["text"]
        answer = await founder.presses(card, "for good", seconds=120)
        assert f"2 copies of the database lie in {shop.backups}" in text_of(answer)
