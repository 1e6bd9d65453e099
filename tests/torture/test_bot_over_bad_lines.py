"""The whole bot over a bad line: questions, buttons and files, each with every kind of trouble, each answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.delivery import MOST_BROKEN
from engine import Shop, load_demo
from tests.bot.talk import free_port
from tests.engine.services.test_campaigns import filled
from tests.torture.bot_api import BotApi, listening
from tests.torture.bots import all_done, ended, killed, started, with_helpers
from tests.torture.report import Record, Row, n_faults, tell
from tests.torture.scale import FULL, scaled

ROUNDS = scaled(1, 12)
TIMES = scaled(1, 2)  # one after the other
METHODS = ("sendMessage", "getUpdates", "getFile", "answerCallbackQuery", "sendChatAction", "deleteMessage")
SECONDS_AWAY = scaled(4, 90)
MORE_THAN_THERE_IS_ROOM_FOR = 40  # updates of each of two chats; 64 are handled at a time
READ_TIMEOUT = 20.0  # seconds, of the application

TROUBLE: dict[str, Callable[[BotApi, str], object]] = {
    "429": lambda api, method: api.faults.too_many_requests(method, times=TIMES, retry_after=1),
    "500": lambda api, method: api.faults.server_error(method, times=TIMES),
    "dropped before": lambda api, method: api.faults.drop(method, times=TIMES),
    "dropped after": lambda api, method: api.faults.drop(method, times=TIMES, when="after"),
}


def orders(turn: int) -> bytes:
    """A file of one order, of a customer of its own."""
    return f"order id,customer id,date,sku,quantity,price\nO{turn},C{turn},2026-01-01,P1,1,9.5\n".encode()


def n_rows(shop: Shop, table: str) -> int:
    with shop.open() as db:
        return int(db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


async def test_every_fault_of_telegrams(shop: Shop, tmp_path: Path, record_property: Record) -> None:
    shop = Shop(shop.path)
    filled(shop, len(TROUBLE) * ROUNDS)
    with_helpers(shop, 1)
    api, log = BotApi(free_port()), tmp_path / "log"
    async with listening(api):
        bot = await started(shop, api, log)
        try:
            for turn, switch in enumerate(list(TROUBLE.values()) * ROUNDS, start=1):
                for method in METHODS:
                    switch(api, method)
                api.faults.drop("download")
                api.says(1, f"/unsubscribe K{turn}")
                api.presses(1, f"/unsubscribe plain K{turn}")
                api.sends_file(1, f"orders-{turn}.csv", orders(turn))
                await all_done(shop, api)
            if FULL:
                await _timed_out_after_it_arrived(shop, api)
            await ended(bot)
        finally:
            await killed(bot)
    n = len(TROUBLE) * ROUNDS
    texts = api.texts(1)
    words = ("gets no more", "gets texts without", "What it cannot tell yet")
    answers = {word: sum(word in text for text in texts) for word in words}
    assert all(n <= times <= n * (1 + MOST_BROKEN) for times in answers.values()), (answers, "\n".join(texts))
    lost = n - min(n_rows(shop, "plain_only"), n_rows(shop, "imports"), n)
    doubled = n_rows(shop, "consents") - n
    faults = n_faults(shop)
    assert "an update could not be handled" not in log.read_text()  # a poll that failed is told by the library
    tell(
        record_property, Row("Telegram: every fault, of every method", n * len(METHODS) * TIMES, lost, doubled, faults)
    )


async def _timed_out_after_it_arrived(shop: Shop, api: BotApi) -> None:
    before = len(api.texts(1))
    api.hold = READ_TIMEOUT + 2
    api.says(1, "/help")
    await asyncio.sleep(1)
    await all_done(shop, api)
    api.hold = 0.0
    assert len(api.texts(1)) == before + 1


async def test_no_network_for_a_while(shop: Shop, tmp_path: Path, record_property: Record) -> None:
    shop = Shop(shop.path)
    filled(shop, 6)
    with_helpers(shop, 3)
    api, log = BotApi(free_port()), tmp_path / "log"
    async with listening(api):
        bot = await started(shop, api, log)
        for user in (1, 2, 3):
            api.says(user, f"/unsubscribe K{user}")
        await asyncio.sleep(0.05)  # some are being answered
    try:
        began = time.monotonic()
        for user in (1, 2, 3):
            api.says(user, f"/unsubscribe K{user + 3}")
        await asyncio.sleep(SECONDS_AWAY)
        n_before = len(api.asked)
        async with listening(api):
            await all_done(shop, api)
            seconds = time.monotonic() - began
            await ended(bot)
    finally:
        await killed(bot)
    told = [text for user in (1, 2, 3) for text in api.texts(user) if "gets no more" in text]
    lost, doubled = 6 - len(set(told)), n_rows(shop, "consents") - 6
    # nobody can tell whether an answer arrived over a line that broke under it: it is sent again
    assert len(told) - len(set(told)) <= 3
    # it asks for updates and answers; it does not make up for what it could not ask in between
    assert len(api.asked) - n_before <= 20 + 2 * seconds
    tell(record_property, Row("Telegram: out of reach", SECONDS_AWAY, lost, doubled, n_faults(shop)))


@pytest.mark.skipif(not FULL, reason="how long answers take is measured where the machine is free: make torture")
async def test_help_is_answered_at_once_while_others_analyse(
    shop: Shop, tmp_path: Path, record_property: Record
) -> None:
    times = await _help_beside_analyses(shop, tmp_path, 60)
    late = sum(seconds >= 1 for seconds in times)
    assert late <= 0.05 * len(times), sorted(times)
    tell(record_property, Row("/help beside two analyses (lost: over 5 % late)", len(times)))


async def test_a_long_job_never_blocks_another_chat(shop: Shop, tmp_path: Path) -> None:
    assert await _help_beside_analyses(shop, tmp_path, 1)


async def _help_beside_analyses(shop: Shop, tmp_path: Path, n: int) -> list[float]:
    """How long /help took in a chat, in seconds, each time while two others were waiting for an analysis."""
    shop = Shop(shop.path)
    load_demo(shop)
    with_helpers(shop, 3)
    api, log = BotApi(free_port()), tmp_path / "log"
    times: list[float] = []

    def answered() -> int:
        return sum(len(api.texts(user)) - sum("Working on it" in text for text in api.texts(user)) for user in (1, 2))

    async with listening(api):
        bot = await started(shop, api, log)
        try:
            while len(times) < n:
                before = answered()
                for user in (1, 2):
                    api.says(user, "/evaluate lifecycle")
                    for _ in range(MORE_THAN_THERE_IS_ROOM_FOR):  # it waits for its turn, and takes no place of others
                        api.says(user, "/help")
                while answered() == before and len(times) < n:
                    asked, began = len(api.texts(3)), time.monotonic()
                    api.says(3, "/help")
                    while len(api.texts(3)) == asked:
                        assert time.monotonic() - began < 60
                        await asyncio.sleep(0.01)
                    if answered() == before:
                        times.append(time.monotonic() - began)
                    await asyncio.sleep(0.2)
                if len(times) < n:
                    await all_done(shop, api)
        finally:
            await killed(bot)
    return times
