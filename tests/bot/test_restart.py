"""kill -9 while ten updates are being handled, then a restart: each is handled once, and in order."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.localchat import LocalChat
from bot.localchat.place import folder_for
from engine import Shop, approve_campaign, draft_campaign, find_segments, list_customers, pair_owner
from tests.bot.certificates import CERTIFICATES
from tests.bot.localchat.conftest import enter
from tests.bot.talk import SECRET, TOKEN, Founder, free_port, text_of
from tests.engine.services.demo_shop import put_demo

ROOT = Path(__file__).parents[2]
USER = 1001


@asynccontextmanager
async def telegram(shop: Shop) -> AsyncIterator[tuple[LocalChat, Founder]]:
    """A Bot API server that outlives the bot, and a founder who is paired already."""
    chat = LocalChat(folder_for(shop.path), port=0, token=TOKEN)
    await chat.start()
    pair_owner(shop, USER, USER)
    origin = f"http://127.0.0.1:{chat.port}"
    try:
        async with httpx.AsyncClient(
            verify=CERTIFICATES, base_url=origin, headers={"Origin": origin}, timeout=60
        ) as http:
            await enter(http, chat.url)
            yield chat, Founder(shop, http)
    finally:
        await chat.stop()


async def start(shop: Shop, chat: LocalChat, webhook_port: int | None) -> asyncio.subprocess.Process:
    """`zhike chat` as its owner starts it, against the server; returns when it listens."""
    settings = {
        "ZHIKE_DB": str(shop.path),
        "ZHIKE_TELEGRAM_TOKEN": TOKEN,
        "ZHIKE_BASE_URL": chat.base_url,
        "ZHIKE_BASE_FILE_URL": chat.base_file_url,
        "ZHIKE_LANGUAGE": "en",
    }
    if webhook_port is not None:
        settings |= {"ZHIKE_WEBHOOK_URL": f"http://127.0.0.1:{webhook_port}/hook", "ZHIKE_WEBHOOK_SECRET": SECRET}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "chat", cwd=ROOT, env={**os.environ, **settings}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    line = b""
    while b"listening" not in line:
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        assert line, "the bot ended while starting"
    return process


def with_campaign(shop: Shop) -> tuple[int, int]:
    """A demo shop with an approved campaign: its number, and how many were sent version A."""
    put_demo(shop, segments=True)
    segment = find_segments(shop).segments[0]
    draft = draft_campaign(shop, segment_id=segment.id, goal="repeat_purchase")
    approve_campaign(shop, draft.campaign, who="test")
    return draft.campaign, draft.variants[0].n


def recorded(shop: Shop, campaign: int) -> list[int]:
    with shop.open() as db:
        rows = db.conn.execute(
            "SELECT t.conversions FROM tallies t JOIN variants v ON v.id = t.variant_id "
            "WHERE v.campaign_id = ? AND v.label = 'A' ORDER BY t.id",
            [campaign],
        )
        return [row[0] for row in rows]


@pytest.mark.parametrize(("seed", "webhook"), [(1, False), (2, True), (3, True)])
async def test_ten_updates_survive_a_kill(shop: Shop, seed: int, webhook: bool) -> None:
    campaign, n = with_campaign(shop)
    keys = [row.customer.key for row in list_customers(shop, n=5).rows]
    port = free_port() if webhook else None
    async with telegram(shop) as (chat, founder):
        bot = await start(shop, chat, port)
        for number, key in enumerate(keys, start=1):
            await founder.sends(f"/customer {key}")
            await founder.sends(f"/outcome {campaign} A {number}/{n}")
        await asyncio.sleep(random.Random(seed).uniform(0.0, 0.8))
        bot.send_signal(signal.SIGKILL)
        await bot.wait()
        bot = await start(shop, chat, port)
        try:
            answers = await founder.answers()
        finally:
            bot.send_signal(signal.SIGTERM)
            began = time.monotonic()
            assert await bot.wait() == 0
            # it stops when it is asked to; a busy machine takes its time
            assert time.monotonic() - began < 60
    assert recorded(shop, campaign) == [1, 2, 3, 4, 5]
    said = re.findall(r"\((\w+)\)$|Noted for campaign|I know these", text_of(answers), re.M)
    told = [key for key in said if key]
    # an answer may come twice if the kill hit between its arrival and our note of it; never out of order, never not
    assert sorted(set(told), key=told.index) == keys
    assert len(told) <= len(keys) + 1


@pytest.mark.parametrize("again", [False, True])
async def test_the_local_chat_starts_as_its_owner_starts_it(shop: Shop, again: bool) -> None:
    if again:
        pair_owner(shop, USER, USER)
    settings = {name: value for name, value in os.environ.items() if not name.startswith("ZHIKE_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "chat", "--no-browser"),
        cwd=ROOT,
        env={**settings, "ZHIKE_DB": str(shop.path), "ZHIKE_PORT": str(free_port()), "ZHIKE_LANGUAGE": "en"},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = b""
        while b"http://" not in line:
            line = await asyncio.wait_for(process.stdout.readline(), 60)
            assert line, "the bot ended while starting"
        address = re.search(rb"http://127.0.0.1:\d+/", line)
        assert address is not None
        async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False) as http:
            assert (await http.get(address[0].decode())).status_code == 200
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 30) == 0
