"""The bot as its owner starts it, in a process of its own, against the server that misbehaves."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path

from engine import Shop, pair_owner, passing_code, redeem_code, waiting_updates
from tests.torture.bot_api import BotApi

ROOT = Path(__file__).parents[2]
OWNER = 1


async def begun(shop: Shop, api: BotApi, log: Path, **settings: str) -> Process:
    """A bot that is just starting, with more `settings` if need be; what it logs is added to `log`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ZHIKE_")}
    with log.open("ab") as file:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "chat"),
            cwd=ROOT,
            env={**environment, **api.environment, "ZHIKE_DB": str(shop.path), **settings},
            stdout=PIPE,
            stderr=file,
        )


async def started(shop: Shop, api: BotApi, log: Path, **settings: str) -> Process:
    """A bot that listens."""
    bot = await begun(shop, api, log, **settings)
    assert bot.stdout is not None
    line = b""
    while b"listening" not in line:
        line = await asyncio.wait_for(bot.stdout.readline(), 120)
        assert line, f"the bot ended while starting: {log.read_text()[-2000:]}"
    return bot


async def killed(bot: Process) -> None:
    if bot.returncode is None:
        bot.send_signal(signal.SIGKILL)
        await bot.wait()
    bot._transport.close()  # type: ignore[attr-defined]


async def ended(bot: Process) -> None:
    """It ends by itself when it is told to."""
    bot.send_signal(signal.SIGTERM)
    try:
        assert await asyncio.wait_for(bot.wait(), 60) == 0
    finally:
        await killed(bot)


def with_helpers(shop: Shop, n: int) -> list[int]:
    """Let in an owner and helpers, each in a private chat; their numbers."""
    pair_owner(shop, OWNER, OWNER)
    for user in range(OWNER + 1, n + 1):
        code = passing_code(shop, "helper")
        assert redeem_code(shop, code, chat_id=user, user_id=user) is not None
    return list(range(OWNER, n + 1))


async def until(happened: Callable[[], bool], seconds: float = 300, every: float = 0.1) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"it has not happened within {seconds} s"
        await asyncio.sleep(every)


async def all_done(
    shop: Shop, api: BotApi, seconds: float = 300, bot: Process | None = None, log: Path | None = None
) -> None:
    """Everything that happened has come in, and is answered; if `bot` ends meanwhile, it never will be."""

    def done() -> bool:
        assert bot is None or bot.returncode is None, f"the bot ended by itself: {_end_of(log)}"
        return not api.waiting and not waiting_updates(shop)

    try:
        await until(done, seconds)
    except AssertionError as error:
        raise AssertionError(
            f"{error}; at Telegram: {len(api.waiting)}, in the inbox: {waiting_updates(shop)}; {_end_of(log)}"
        ) from error


def _end_of(log: Path | None) -> str:
    return "" if log is None else f"its log ends: {log.read_text()[-3000:]}"
