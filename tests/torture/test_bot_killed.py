"""The whole bot is killed again and again, while Telegram gives out its updates twice and in disorder.

Afterwards every effect is there once, in the order in which each chat asked, and every question was answered.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import Shop, forget_old_updates
from tests.bot.talk import free_port
from tests.engine.services.test_campaigns import filled
from tests.torture.bot_api import BotApi, listening
from tests.torture.bots import all_done, begun, ended, killed, started, with_helpers
from tests.torture.report import Record, Row, n_faults, tell
from tests.torture.scale import scaled

N_CHATS = 6
EACH = scaled(7, 150)  # questions of a chat that have an effect
KILLS = scaled(3, 32)
AGAIN = scaled(500, 5000)  # updates that come again or in disorder, at least
N_OLD = 10
GETS_NO_MORE = re.compile(r"^(?:Name|K)(\d+) gets no more messages", re.M)


@dataclass(frozen=True)
class Found:
    """Customers by number, per chat, in order: who was unsubscribed by the store, and who was by what was answered."""

    done: dict[int, list[int]]
    told: dict[int, list[int]]


def customer(chat: int, number: int) -> int:
    return (chat - 1) * EACH + number + 1


def found(shop: Shop, api: BotApi) -> Found:
    with shop.open() as db:
        rows = db.conn.execute("SELECT who, subject FROM trail WHERE deed = 'unsubscribed' ORDER BY id").fetchall()
        said = db.conn.execute("SELECT count(*) FROM consents WHERE state = 'withdrawn'").fetchone()[0]
    assert said == len(rows)  # what was said is as often there as its trace
    chats = range(1, N_CHATS + 1)
    done = {chat: [int(subject) for who, subject in rows if who == f"user {chat}"] for chat in chats}
    told = {chat: [int(n) for text in api.texts(chat) for n in GETS_NO_MORE.findall(text)] for chat in chats}
    return Found(done, told)


def in_order(numbers: list[int]) -> list[int]:
    """Each once, in the order in which it came first."""
    return list(dict.fromkeys(numbers))


async def _again_after_months(shop: Shop, api: BotApi) -> int:
    """Updates come again whose numbers nobody knows any more; how many. What they did has its trace, and stays done."""
    with shop.open() as db:
        db.conn.execute("UPDATE inbox SET handled_at = '2020-01-01T00:00:00+00:00'")
    assert forget_old_updates(shop)
    old = [update for update in api.given if "/unsubscribe" in update["message"]["text"]][:N_OLD]
    api.mischief = 0.0  # these, once
    api.again(old)
    await all_done(shop, api)
    return len(old)


async def test_killed_over_and_over(shop: Shop, tmp_path: Path, record_property: Record) -> None:
    shop = Shop(shop.path)
    filled(shop, N_CHATS * EACH)
    chats = with_helpers(shop, N_CHATS)
    asked = {chat: [customer(chat, number) for number in range(EACH)] for chat in chats}
    api = BotApi(free_port(), mischief=scaled(12, 6))
    rng = np.random.default_rng(20_261_127)
    log = tmp_path / "log"
    async with listening(api):
        began = time.monotonic()
        bot = await started(shop, api, log)
        seconds = time.monotonic() - began
        try:
            for kill in range(KILLS):
                _say(api, asked, kill)
                # from its first breath to when it has nothing left to do
                await asyncio.sleep(rng.uniform(0.0, 2 * seconds))
                await killed(bot)
                bot = await begun(shop, api, log)
                if kill == KILLS // 2:
                    api.after_a_week()
            _say(api, asked, KILLS)
            await all_done(shop, api, 600, bot, log)
            n_old = await _again_after_months(shop, api)
            await ended(bot)
        finally:
            await killed(bot)
    after = found(shop, api)
    assert api.redelivered + api.reordered >= AGAIN
    assert {chat: in_order(told) for chat, told in after.told.items()} == asked
    lost = sum(len(set(asked[chat]) - set(after.done[chat])) for chat in chats)
    doubled = sum(len(after.done[chat]) - len(set(after.done[chat])) for chat in chats)
    assert after.done == asked  # nothing lost, nothing doubled, and in order
    # an answer may come twice if the kill hit between its arrival and our note of it, once per chat and kill at most
    twice = sum(len(told) - len(set(told)) for told in after.told.values())
    assert twice <= KILLS * N_CHATS + n_old
    # nothing else is said: one answer to each question, those that came twice, and /help
    n_asked = sum(map(len, asked.values()))
    assert api.calls()["sendMessage"] <= n_asked + twice + 2 * (KILLS + 1) * N_CHATS
    assert "Traceback" not in log.read_text()
    faults = n_faults(shop)
    tell(record_property, Row("kill -9: the whole bot", KILLS, lost, doubled, faults))
    tell(record_property, Row("updates redelivered or reordered", api.redelivered + api.reordered, lost, doubled))
    tell(record_property, Row("updates of months ago", n_old, lost, doubled))


def _say(api: BotApi, asked: dict[int, list[int]], turn: int) -> None:
    """What is said before this turn's kill: of all that is asked, each chat its share, the chats mixed."""
    share = {chat: np.array_split(numbers, KILLS + 1)[turn] for chat, numbers in asked.items()}
    for number in range(max(map(len, share.values()))):
        for chat, numbers in share.items():
            if number < len(numbers):
                api.says(chat, f"/unsubscribe K{numbers[number]}")
    for chat in asked:
        api.says(chat, "/help")
