"""Long work tells where it is in one message, can be stopped, and never holds up the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest

from bot.watched import Watched
from engine import Shop, has_customers
from tests.bot.talk import Founder, Message, buttons, running_bot, text_of

N_ROWS = 200_000


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough for a second or two of work."""
    path = tmp_path_factory.mktemp("files") / "orders.csv"
    rows = (f"{n // 3},{n % 9000},2026-01-{1 + n % 28:02},P{n % 500},Tea {n % 500},1,3.5" for n in range(N_ROWS))
    path.write_text("order id,customer id,date,sku,product,quantity,price\n" + "\n".join(rows))
    return path


async def progress_message(founder: Founder, seconds: float = 60) -> Message:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for message in await founder.messages():
            if "▱" in message.get("text", "") or "▰" in message.get("text", ""):
                return message
        await asyncio.sleep(0.02)
    raise AssertionError("no progress was shown")


async def slowest_page(founder: Founder, stop: asyncio.Event) -> float:
    """The longest that the page, which the same loop serves, took to answer until `stop`, in seconds."""
    slowest = 0.0
    while not stop.is_set():
        began = time.monotonic()
        (await founder.http.get("/")).raise_for_status()
        slowest = max(slowest, time.monotonic() - began)
        await asyncio.sleep(0.02)
    return slowest


async def test_progress_is_one_message_that_goes_away(
    shop: Shop, large_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watched, "quiet_seconds", 0.1)
    monkeypatch.setattr(Watched, "between_edits", 0.1)
    async with running_bot(shop) as founder:
        stop = asyncio.Event()
        watching = asyncio.create_task(slowest_page(founder, stop))
        dropped = asyncio.create_task(founder.drops(large_file))
        shown = await progress_message(founder)
        assert [button["text"] for button in buttons(shown)] == ["Stop"]
        answer = await dropped
        stop.set()
        assert await watching < 1
        assert f"{N_ROWS:,} rows" in text_of(answer)
        left = [message for message in await founder.messages() if "▱" in message.get("text", "")]
        assert not left


async def test_stopped_work_has_changed_nothing(shop: Shop, large_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watched, "quiet_seconds", 0.0)
    async with running_bot(shop) as founder:
        dropped = asyncio.create_task(founder.drops(large_file))
        shown = await progress_message(founder)
        await founder.presses_data(shown, "/cancel")
        assert text_of(await dropped) == "Stopped. Nothing was changed."
        assert not has_customers(shop)
        assert f"{N_ROWS:,} rows" in text_of(await founder.drops(large_file))


async def test_nothing_to_cancel(shop: Shop) -> None:
    async with running_bot(shop) as founder:
        await founder.says("/customer")
        assert "Nothing is under way" in text_of(await founder.says("/cancel"))
        assert "I know commands and files" in text_of(await founder.says("17850"))


async def test_cancel_reaches_work_that_is_only_beginning_or_saving(shop: Shop, large_file: Path) -> None:
    async with running_bot(shop) as founder:
        for pause in (0.05, 1.2, 1.6, 2.0, 2.4):
            dropped = asyncio.create_task(founder.drops(large_file))
            await asyncio.sleep(pause)
            await founder.sends("/cancel")
            said = text_of(await dropped) + text_of(await founder.answers())
            # either it came in time and nothing was changed, or the file was in already
            assert has_customers(shop) == ("Stopped. Nothing was changed." not in said), said
            if has_customers(shop):
                break


async def test_a_busy_database_delays_and_loses_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.store.connecting.BUSY_SECONDS", 0.2)
    monkeypatch.setattr("bot.inbox.SECONDS_BETWEEN_TRIES", 0.1)
    async with running_bot(shop) as founder:
        blocker = sqlite3.connect(shop.path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        await founder.sends("/language en")
        await founder.sends("/help")
        await asyncio.sleep(1.5)
        blocker.execute("ROLLBACK")
        blocker.close()
        said = text_of(await founder.answers())
        assert "What I can do" in said
        assert "What I can do" in text_of(await founder.says("/help"))
