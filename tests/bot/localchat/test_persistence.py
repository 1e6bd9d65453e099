"""What was said survives: a restart, and a process that is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot.localchat import LocalChat
from tests.bot.localchat.conftest import ME, TOKEN, bot_of, key_of, local_chat, person_at

SERVE = """
import asyncio, sys
from pathlib import Path
from bot.localchat import LocalChat

async def serve():
    chat = LocalChat(Path(sys.argv[1]), port=0, token=sys.argv[2])
    await chat.start()
    print(chat.url, flush=True)
    await asyncio.Event().wait()

asyncio.run(serve())
"""


async def test_a_restart_loses_nothing_and_repeats_no_number(tmp_path: Path) -> None:
    first = local_chat(tmp_path)
    await first.start()
    async with bot_of(first) as bot, person_at(first) as person:
        await person.says("confirmed")
        await person.attaches("a.csv", b"1,2")
        await bot.set_my_commands([("start", "Begin")])
        updates = await bot.get_updates()
        said = await bot.send_message(ME, "hello")
        await bot.delete_message(ME, said.message_id)
        assert len(await bot.get_updates(offset=updates[1].update_id)) == 1
        seen = await person.sees()
    await first.stop()

    second = local_chat(tmp_path)
    await second.start()
    async with bot_of(second) as bot, person_at(second) as person:
        assert await person.sees() == seen
        (left,) = await bot.get_updates()
        assert left == updates[1]
        assert left.message is not None
        assert left.message.document is not None
        assert bytes(await (await bot.get_file(left.message.document)).download_as_bytearray()) == b"1,2"
        assert len(await bot.get_my_commands()) == 1
        await person.says("after")
        later = await bot.get_updates(offset=left.update_id + 1)
        assert later[0].update_id > left.update_id
        assert later[0].message is not None
        assert later[0].message.message_id > said.message_id
    await second.stop()


async def test_a_port_in_use_is_an_os_error(chat: LocalChat, tmp_path: Path) -> None:
    other = LocalChat(tmp_path / "other", port=chat.port, token=TOKEN)
    with pytest.raises(OSError, match=r"[Aa]ddress already in use"):
        await other.start()
    await other.stop()


async def test_the_address_carries_the_start_parameter(tmp_path: Path) -> None:
    chat = LocalChat(tmp_path, port=8765, token=TOKEN, start_parameter="A B")
    assert chat.url == "http://127.0.0.1:8765/?start=A+B"
    assert chat.base_url == "http://127.0.0.1:8765/bot"
    assert chat.base_file_url == "http://127.0.0.1:8765/file/bot"


async def test_what_the_page_was_told_is_sent_outlives_a_kill(tmp_path: Path) -> None:
    told = await asyncio.to_thread(_say_until_killed, tmp_path)
    again = local_chat(tmp_path)
    await again.start()
    async with bot_of(again) as bot, person_at(again) as person:
        texts = [str(message["text"]) for message in await person.sees()]
        updates = [update.message.text for update in await bot.get_updates() if update.message]
    await again.stop()
    assert len(told) > 3
    assert texts[: len(told)] == told
    assert updates == texts


def _say_until_killed(folder: Path) -> list[str]:
    """The texts that the server said it had when it was killed."""
    told: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder), TOKEN],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    ) as server:
        assert server.stdout is not None
        link = server.stdout.readline().strip()
        origin = link.partition("/?")[0]
        end = time.monotonic() + 0.4
        with httpx.Client(base_url=origin, headers={"Origin": origin}, trust_env=False) as http:
            http.post("/chat/enter", json={"key": key_of(link)}).raise_for_status()
            while time.monotonic() < end and len(told) < 90:
                text = f"message {len(told)}"
                http.post("/chat/send", json={"text": text, "key": text}).raise_for_status()
                told.append(text)
            os.kill(server.pid, signal.SIGKILL)
    return told
