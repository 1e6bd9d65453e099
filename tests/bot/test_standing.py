"""Telegram refuses the bot itself: its token is revoked, or another bot polls with it. As its owner starts it."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from http import HTTPStatus
from pathlib import Path

from bot.localchat.refusals import Refused, conflict
from engine import Shop, waiting_updates
from tests.bot.talk import free_port
from tests.torture.bot_api import TOKEN, BotApi, listening
from tests.torture.bots import OWNER, all_done, killed, started, until, with_helpers

REVOKED = Refused("Unauthorized", HTTPStatus.UNAUTHORIZED)
NOT_FOUND = Refused("Not Found", HTTPStatus.NOT_FOUND)
TWO_OF_US = conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
FOR_GOOD = 1000
SENTENCE = "Telegram does not know this bot any more"


def answers(api: BotApi) -> int:
    return sum("What I can do" in text for text in api.texts(OWNER))


async def asks(shop: Shop, api: BotApi) -> None:
    before = answers(api)
    api.says(OWNER, "/help")
    await all_done(shop, api, 60)
    assert answers(api) == before + 1


async def ended(bot: Process) -> int:
    return await asyncio.wait_for(bot.wait(), 60)


async def test_a_token_that_is_revoked_ends_the_bot_with_one_sentence(shop: Shop, tmp_path: Path) -> None:
    shop = Shop(shop.path)
    with_helpers(shop, 1)
    api, log = BotApi(free_port()), tmp_path / "log"
    async with listening(api):
        bot = await started(shop, api, log)
        try:
            # once is no reason to end
            api.faults.refuse("getUpdates", REVOKED)
            api.faults.refuse("sendMessage", REVOKED)
            await asks(shop, api)
            api.faults.refuse("getUpdates", NOT_FOUND, times=FOR_GOOD)
            assert await ended(bot) == 2
            assert log.read_text().count(SENTENCE) == 1
            # nor does the bot ask again and again
            assert api.faults.left("getUpdates") > FOR_GOOD - 5
            api.faults.clear()
            bot = await started(shop, api, log)
            api.faults.refuse("sendMessage", REVOKED, times=FOR_GOOD)
            before = answers(api)
            api.says(OWNER, "/help")
            assert await ended(bot) == 2
            # what could not be said any more is said with the new token
            (waiting,) = waiting_updates(shop)
            assert waiting.attempts == 0
            api.faults.clear()
            bot = await started(shop, api, log)
            await all_done(shop, api, 60)
            assert answers(api) == before + 1
        finally:
            await killed(bot)
    said = log.read_text()
    assert said.count(SENTENCE) == 2
    assert "Traceback" not in said
    assert TOKEN not in said


async def test_a_second_bot_with_the_same_token_is_told_once_and_it_goes_on(shop: Shop, tmp_path: Path) -> None:
    shop = Shop(shop.path)
    with_helpers(shop, 1)
    api, log = BotApi(free_port()), tmp_path / "log"
    async with listening(api):
        bot = await started(shop, api, log)
        try:
            assert bot.stdout is not None
            api.faults.refuse("getUpdates", TWO_OF_US, times=2)
            line = await asyncio.wait_for(bot.stdout.readline(), 60)
            assert b"a second Zhike with the same token" in line
            await until(lambda: not api.faults.left("getUpdates"), 60)
            await asks(shop, api)
            bot.terminate()
            assert await ended(bot) == 0
            assert b"second Zhike" not in await bot.stdout.read()  # once is enough for a while
        finally:
            await killed(bot)
    assert "Traceback" not in log.read_text()
