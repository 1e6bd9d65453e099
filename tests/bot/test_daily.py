"""What the bot does by itself each day, and what it says while it can store nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.access import Access
from bot.app import TelegramFace
from bot.daily import DailyWork
from bot.localchat import LocalChat
from bot.settings import Settings
from engine import Shop, check_store, own_backups, pair_owner, waiting_updates
from engine.services import backups
from tests.bot.certificates import CERTIFICATES
from tests.bot.localchat.conftest import enter
from tests.bot.talk import TOKEN, Founder, running_bot, text_of
from tests.clock import NOON
from tests.engine.services.kept import at, n_orders, small_shop
from tests.test_store_faults import fill
from tests.test_store_faults import small_disk as small_disk


async def until(true: object, seconds: float = 30) -> None:
    for _ in range(int(seconds / 0.05)):
        if true():  # type: ignore[operator]
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come about")


async def test_a_backup_a_day_also_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DailyWork, "first_after", 0.05)
    shop = small_shop(tmp_path)
    for _ in range(2):
        async with running_bot(shop) as founder:
            await until(lambda: backups.daily_backups(shop))
            assert text_of(await founder.says("/help"))
    ((day, path),) = backups.daily_backups(shop)
    assert (f"{day}", n_orders(Shop(path))) == ("2026-11-23", 40)
    tomorrow = at(shop, NOON + timedelta(days=1))
    async with running_bot(tomorrow):
        await until(lambda: len(backups.daily_backups(shop)) == 2)


async def test_a_backup_that_fails_is_told_once_and_the_bot_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DailyWork, "first_after", 0.5)
    monkeypatch.setattr(DailyWork, "seconds", 0.05)
    monkeypatch.setattr(DailyWork, "again_after", 0.1)
    shop = small_shop(tmp_path)
    pair_owner(shop, 1001, 1001)
    shop.backups.write_text("a file where the folder should be")
    async with running_bot(shop) as founder:
        await asyncio.sleep(1.5)
        said = text_of(await founder.messages())
        assert said.count("backup could not be made") + said.count("备份没做成") == 1
        shop.backups.unlink()
        await until(lambda: backups.daily_backups(shop))
        assert "What I can do" in text_of(await founder.says("/help"))


async def test_the_owner_asks_for_a_backup(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    async with running_bot(shop) as founder:
        said = text_of(await founder.says("/backup"))
        (made,) = [path for path in own_backups(shop) if path not in [path for _, path in backups.daily_backups(shop)]]
        assert f"zhike restore {made}" in said
        assert n_orders(Shop(made)) == 40


async def test_a_full_disk_is_told_and_nothing_is_lost(
    small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.SECONDS_BETWEEN_TRIES", 0.1)
    shop = small_shop(small_disk)
    pair_owner(shop, 1001, 1001)
    chat = LocalChat(tmp_path / "elsewhere", port=0, token=TOKEN)
    await chat.start()
    settings = Settings(
        db=shop.path,
        language="en",
        telegram_token=TOKEN,
        base_url=chat.base_url,
        base_file_url=chat.base_file_url,
    )
    bot = TelegramFace(settings, Access.at_start(shop, again=False))
    await bot.start()
    origin = f"http://127.0.0.1:{chat.port}"
    try:
        async with httpx.AsyncClient(
            verify=CERTIFICATES, base_url=origin, headers={"Origin": origin}, timeout=60
        ) as http:
            await enter(http, chat.url)
            founder = Founder(shop, http)
            filler = fill(small_disk)
            await founder.sends("/help")
            await founder.sends("/customer C3")
            for _ in range(200):
                said = text_of(await founder.messages())
                if "I cannot store anything right now" in said:
                    break
                await asyncio.sleep(0.05)
            assert said.count("I cannot store anything right now") == 1
            assert "The disk is full" in said
            filler.unlink()
            said = text_of(await founder.answers())
            assert "What I can do" in said
            assert "C3" in said
    finally:
        await bot.stop()
        await chat.stop()
    assert not waiting_updates(shop)
    assert not check_store(shop).faults
