"""Trouble on demand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TelegramError

from bot.localchat import LocalChat
from tests.bot.localchat.conftest import ME, Person


@pytest.fixture(autouse=True)
def durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns of a change to come unless it is asked for durations now."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


async def test_too_many_requests(chat: LocalChat, bot: Bot, person: Person) -> None:
    chat.faults.too_many_requests("sendMessage", times=2, retry_after=3)
    for _ in range(2):
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(ME, "x")
        assert caught.value.retry_after == timedelta(seconds=3)
    assert await bot.send_message(ME, "x")
    assert len(await person.sees()) == 1


async def test_a_server_error(chat: LocalChat, bot: Bot, person: Person) -> None:
    chat.faults.server_error("sendMessage")
    with pytest.raises(TelegramError, match="Internal Server Error"):
        await bot.send_message(ME, "x")
    assert await bot.get_me()
    assert await person.sees() == []


@pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
async def test_a_dropped_connection(chat: LocalChat, bot: Bot, person: Person, when: str, arrived: int) -> None:
    if when == "before":
        chat.faults.drop("sendMessage")
    else:
        chat.faults.drop("sendMessage", when="after")
    with pytest.raises(NetworkError):
        await bot.send_message(ME, "x")
    assert len(await person.sees()) == arrived


async def test_faults_come_in_turn_and_can_be_cleared(chat: LocalChat, bot: Bot) -> None:
    chat.faults.server_error("getMe")
    chat.faults.too_many_requests("getMe")
    with pytest.raises(TelegramError, match="Internal Server Error"):
        await bot.get_me()
    with pytest.raises(RetryAfter):
        await bot.get_me()
    chat.faults.drop("getMe", times=5)
    chat.faults.clear()
    assert await bot.get_me()
