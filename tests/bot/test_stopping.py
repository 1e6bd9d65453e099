"""Told to end, the bot ends within ten seconds, whatever is under way, and what waits is answered at the next start."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from engine import Shop, approve_campaign, draft_campaign, waiting_updates
from engine.store import deliveries
from tests.bot.certificates import CERTIFICATES
from tests.bot.localchat.conftest import enter
from tests.bot.talk import TOKEN, free_port, text_of
from tests.bot.test_long_work import progress_message
from tests.bot.test_restart import ROOT, start, telegram
from tests.clock import At
from tests.engine.sending.post_office import post_office
from tests.engine.services.test_campaigns import filled

MOST_SECONDS = 10.0
N_ROWS = 200_000


@pytest.fixture(scope="module")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some seconds of work."""
    path = tmp_path_factory.mktemp("files") / "orders.csv"
    rows = (f"{n // 3},{n % 9000},2026-01-{1 + n % 28:02},P{n % 500},Tea {n % 500},1,3.5" for n in range(N_ROWS))
    path.write_text("order id,customer id,date,sku,product,quantity,price\n" + "\n".join(rows))
    return path


async def ended(bot: asyncio.subprocess.Process, name: signal.Signals) -> float:
    """How long the bot took to end, in seconds; it ended well."""
    began = time.monotonic()
    bot.send_signal(name)
    while bot.returncode is None and time.monotonic() - began < 3 * MOST_SECONDS:
        await asyncio.sleep(0.02)  # `wait` would wait for whoever else holds the pipe, too
    took = time.monotonic() - began
    assert bot.returncode == 0
    close_pipes(bot)
    return took


def close_pipes(bot: asyncio.subprocess.Process) -> None:
    """What it started holds them a little longer."""
    bot._transport.close()  # type: ignore[attr-defined]


async def until_it_listens_to_signals(bot: asyncio.subprocess.Process) -> None:
    """From here on SIGTERM is caught; before, while Python loads, it ends the process by itself."""
    for _ in range(600):
        caught = re.search(r"SigCgt:\s+(\w+)", Path(f"/proc/{bot.pid}/status").read_text())
        assert caught is not None
        if int(caught[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it never listened")


async def killed(bot: asyncio.subprocess.Process) -> None:
    if bot.returncode is None:
        bot.kill()
        await bot.wait()
        close_pipes(bot)


async def test_while_a_long_job_runs(shop: Shop, large_file: Path) -> None:
    async with telegram(shop) as (chat, founder):
        bot = await start(shop, chat, None)
        try:
            await founder._post("/chat/upload", {"caption": ""}, {"file": (large_file.name, large_file.read_bytes())})
            await founder.sends("/help")
            await progress_message(founder)
            assert await ended(bot, signal.SIGTERM) < MOST_SECONDS
            waiting = waiting_updates(shop)
            assert len(waiting) == 2
            # being told to end is no fault of theirs: it does not count as an attempt
            assert [update.attempts for update in waiting] == [0, 0]
            bot = await start(shop, chat, None)
            said = text_of(await founder.answers())
            assert f"{N_ROWS:,} rows" in said
            assert "What I can do" in said
            assert await ended(bot, signal.SIGINT) < MOST_SECONDS  # with nothing but an open poll
        finally:
            await killed(bot)


async def test_while_a_mail_is_being_sent(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = replace(shop, clock=At(datetime.now(UTC) - timedelta(hours=1)))
    draft = draft_campaign(earlier, segment_id=filled(earlier, 5), goal="win_back", channel="email", holdout=0.0)
    approve_campaign(earlier, draft.campaign, who="owner")
    with post_office() as (box, mail):
        box.pause = 30.0  # longer than anybody waits
        settings = {
            "HOST": mail.host,
            "PORT": str(mail.port),
            "FROM": mail.sender,
            "SECURITY": "none",
            "PER_MINUTE": "6000",
        }
        for key, value in {**settings, "POSTAL_ADDRESS": "1 Tea Street, Teatown", "TIMEOUT": "60"}.items():
            monkeypatch.setenv(f"ZHIKE_SMTP_{key}", value)
        async with telegram(shop) as (chat, founder):
            bot = await start(shop, chat, None)
            try:
                await founder.sends("/limits quiet email off")
                await founder.sends(f"/send {draft.campaign}")
                await until_handed_over(shop, draft.campaign)
                assert await ended(bot, signal.SIGTERM) < MOST_SECONDS
                box.pause = 0.0
                bot = await start(shop, chat, None)
                # of the one that was on its way it is not known whether it arrived, so it is not sent again
                said = text_of(await founder.answers())
                assert "4" in said
                with shop.open() as db:
                    states = [delivery.state for delivery in deliveries.states(db, draft.campaign).values()]
                assert sorted(states) == ["delivered"] * 4 + ["unknown"]
                assert len(set(box.addresses)) == len(box.addresses)
            finally:
                await killed(bot)


async def until_handed_over(shop: Shop, campaign: int) -> None:
    for _ in range(600):
        with shop.open() as db:
            if any(state == deliveries.HANDED for _, state in deliveries.counts(db, campaign)):
                return
        await asyncio.sleep(0.1)
    raise AssertionError("nothing was handed over")


@asynccontextmanager
async def silence() -> AsyncIterator[int]:
    """The port of a server that takes every call and answers none."""

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read()
        finally:
            writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
@pytest.mark.parametrize("listening", [True, False], ids=["silent", "away"])
async def test_while_telegram_cannot_be_reached(shop: Shop, listening: bool) -> None:
    async with silence() as port:
        address = f"http://127.0.0.1:{port if listening else free_port()}/bot"
        bot = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "chat"),
            cwd=ROOT,
            env={
                **os.environ,
                "ZHIKE_DB": str(shop.path),
                "ZHIKE_TELEGRAM_TOKEN": TOKEN,
                "ZHIKE_BASE_URL": address,
                "ZHIKE_LANGUAGE": "en",
            },
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            await until_it_listens_to_signals(bot)
            await asyncio.sleep(2)
            assert bot.returncode is None  # it goes on trying
            assert await ended(bot, signal.SIGTERM) < MOST_SECONDS
            assert bot.stderr is not None
            assert b"Traceback" not in await bot.stderr.read()
        finally:
            await killed(bot)


async def test_the_local_chat(shop: Shop) -> None:
    port = free_port()
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "chat", "--no-browser"),
        cwd=ROOT,
        env={**os.environ, "ZHIKE_DB": str(shop.path), "ZHIKE_PORT": str(port), "ZHIKE_LANGUAGE": "en"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert bot.stdout is not None
        code, line = "", b""
        while b"http://" not in line:
            line = await asyncio.wait_for(bot.stdout.readline(), 60)
            assert line, "the bot ended while starting"
            found = re.match(rb"pairing code: (\w+)", line)
            code = found[1].decode() if found else code
        address = re.search(rb"http://127.0.0.1:\d+", line)
        assert address is not None
        origin = address[0].decode()
        async with httpx.AsyncClient(
            verify=CERTIFICATES, base_url=origin, headers={"Origin": origin}, trust_env=False
        ) as http:
            await enter(http, line[line.index(b"http://") :].split()[0].decode())
            for key, text in (("a", f"/start {code}"), ("b", "/help")):
                fields = {"key": key, "language": "en", "text": text}
                (await http.post("/chat/send", data=fields)).raise_for_status()
            assert await ended(bot, signal.SIGTERM) < MOST_SECONDS
    finally:
        await killed(bot)
