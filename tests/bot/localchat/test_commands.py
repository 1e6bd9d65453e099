"""The list of commands, by scope and language, and the menu button."""

from __future__ import annotations

import pytest
from telegram import Bot, BotCommandScopeAllPrivateChats, BotCommandScopeChat, MenuButtonCommands, MenuButtonDefault
from telegram.error import BadRequest

from tests.bot.localchat.conftest import ME, Person


async def offered(person: Person, language: str) -> list[str]:
    answer = await person.http.get("/chat/commands", params={"language": language})
    return [command["description"] for command in answer.json()["commands"]]


async def test_commands_are_kept_by_scope_and_language(bot: Bot) -> None:
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("start", "开始")], language_code="zh")
    await bot.set_my_commands([("help", "Help")], scope=BotCommandScopeAllPrivateChats())
    assert [command.description for command in await bot.get_my_commands()] == ["Begin"]
    assert [command.description for command in await bot.get_my_commands(language_code="zh")] == ["开始"]
    assert [c.command for c in await bot.get_my_commands(scope=BotCommandScopeAllPrivateChats())] == ["help"]
    assert await bot.get_my_commands(scope=BotCommandScopeChat(ME)) == ()
    await bot.delete_my_commands(language_code="zh")
    assert await bot.get_my_commands(language_code="zh") == ()


async def test_the_page_offers_the_narrowest_in_its_language(bot: Bot, person: Person) -> None:
    assert await offered(person, "en-US") == []
    await bot.set_my_commands([("start", "Begin")])
    await bot.set_my_commands([("start", "开始")], language_code="zh")
    assert (await offered(person, "en-US"), await offered(person, "zh-CN")) == (["Begin"], ["开始"])
    await bot.set_my_commands([("start", "只给您")], scope=BotCommandScopeChat(ME), language_code="zh")
    assert (await offered(person, "en-US"), await offered(person, "zh-CN")) == (["Begin"], ["只给您"])


async def test_a_command_that_telegram_would_not_take(bot: Bot) -> None:
    for name in ("Start", "a-b", "x" * 33, "开始"):
        with pytest.raises(BadRequest, match=r"^Bot_command_invalid$"):
            await bot.set_my_commands([(name, "x")])
    with pytest.raises(BadRequest, match=r"^Bot_command_description_invalid$"):
        await bot.set_my_commands([("a", "x" * 257)])
    with pytest.raises(BadRequest, match=r"^Can't set more than 100 commands$"):
        await bot.set_my_commands([(f"c{n}", "x") for n in range(101)])
    with pytest.raises(BadRequest, match=r"^Invalid language code specified$"):
        await bot.set_my_commands([("a", "x")], language_code="zh-hans")


async def test_the_menu_button(bot: Bot) -> None:
    assert await bot.get_chat_menu_button() == MenuButtonDefault()
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await bot.get_chat_menu_button() == MenuButtonCommands()
