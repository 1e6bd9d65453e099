"""Answers over a bad line: each arrives, at most a few times where nobody can know, and Telegram is not flooded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot import delivery
from bot.delivery import MOST_BROKEN, MOST_ERRORS, deliver
from bot.language import language
from bot.replies import Reply, says
from engine import Phrase
from tests.bot.talk import free_port
from tests.torture.bot_api import TOKEN, BotApi, listening
from tests.torture.report import Record, Row, tell

SHORT = 0.001  # of each pause
TIMEOUT = 0.4  # seconds


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses in the same proportions, a thousand times as short: an hour is 3.6 seconds."""
    monkeypatch.setattr(delivery, "PAUSES", tuple(pause * SHORT for pause in delivery.PAUSES))
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@asynccontextmanager
async def bot_on(api: BotApi, retries: int = 0) -> AsyncIterator[Bot]:
    request = HTTPXRequest(connection_pool_size=8, read_timeout=TIMEOUT, connect_timeout=TIMEOUT)
    base = f"http://127.0.0.1:{api.port}/bot"
    bot = ExtBot(TOKEN, base_url=base, request=request, rate_limiter=AIORateLimiter(max_retries=retries))
    try:
        yield bot
    finally:
        await request.shutdown()


def numbered(n: int) -> Reply:
    return says(Phrase("answer {n}", n=str(n)))


TROUBLE: dict[str, tuple[Callable[[BotApi], object], int]] = {
    # what is switched on, and how often an answer may arrive at most
    "429 with retry_after": (lambda api: api.faults.too_many_requests("sendMessage", times=2, retry_after=1), 1),
    "500": (lambda api: api.faults.server_error("sendMessage", times=9), 1),
    "dropped before it arrived": (lambda api: api.faults.drop("sendMessage", times=MOST_BROKEN), 1),
    "dropped after it arrived": (lambda api: api.faults.drop("sendMessage", times=9, when="after"), 1 + MOST_BROKEN),
    "time-out after it arrived": (lambda api: setattr(api, "hold", 2 * TIMEOUT), 1),
}


@pytest.mark.parametrize("name", TROUBLE)
async def test_an_answer_of_three_messages(name: str, record_property: Record) -> None:
    api = BotApi(free_port())
    switch, most = TROUBLE[name]
    told: list[int] = []

    async def on_delivered(parts: int, is_all: bool) -> None:
        assert is_all == (parts == 3)
        told.append(parts)

    async with listening(api), bot_on(api) as bot:
        switch(api)
        reply = Reply(tuple(part for n in range(3) for part in numbered(n).parts))
        await deliver(bot, 7, reply, language("en"), on_delivered=on_delivered)
    assert told == [1, 2, 3]
    arrived = api.texts(7)
    assert arrived == sorted(arrived)
    lost = sum(f"answer {n}" not in arrived for n in range(3))
    doubled = sum(arrived.count(f"answer {n}") > most for n in range(3))
    tell(record_property, Row(f"Telegram: {name}", 3, lost, doubled))


async def test_an_hour_without_network(record_property: Record) -> None:
    api = BotApi(free_port())
    async with bot_on(api) as bot:
        waiting = [asyncio.create_task(deliver(bot, n, numbered(n), language("en"))) for n in range(1, 6)]
        await asyncio.sleep(3600 * SHORT)
        assert not any(task.done() for task in waiting)
        async with listening(api):
            await asyncio.gather(*waiting)
    assert len(api.asked) == len(waiting)  # no flood when it is over
    lost = sum(not api.texts(n) for n in range(1, 6))
    doubled = sum(len(api.texts(n)) > 1 for n in range(1, 6))
    tell(record_property, Row("Telegram: an hour without network", len(waiting), lost, doubled))


async def test_an_error_of_telegrams_own_that_stays_is_given_up() -> None:
    api = BotApi(free_port())
    async with listening(api), bot_on(api) as bot:
        api.faults.server_error("sendMessage", times=2 * MOST_ERRORS)
        with pytest.raises(Exception, match="Internal Server Error"):
            await deliver(bot, 7, numbered(1), language("en"))
    assert api.texts(7) == []
