"""The server for Telegram's calls: a forged one is turned away before it is read, a right one gets through."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram import Bot, Update

from bot.webhook import MOST_BYTES, SECRET_HEADER, Listening, Webhook
from engine import NotAllowed
from tests.bot.certificates import CERTIFICATES
from tests.bot.talk import free_port

SECRET = "only-telegram-knows"
RIGHT = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}


NO_UPDATES = {
    "nothing": b"",
    "a number": b"7",
    "null": b"null",
    "a list": b"[]",
    "no text": b"\xff{",
    "deep": b"[" * 100_000,
    "no number of it": b"{}",
    "a text for its number": b'{"update_id": "x"}',
    "a number that is none of theirs": b'{"update_id": 99999999999999999999}',
}


class Hook:
    """A webhook that listens, and what it took."""

    def __init__(self) -> None:
        self.taken: list[Update] = []
        self.at = Listening(free_port(), "/hook")
        self.webhook = Webhook(self.at, SECRET, Bot("1:nobody-is-asked-anything"), self._take)

    async def _take(self, update: Update) -> None:
        self.taken.append(update)

    @property
    def numbers(self) -> list[int]:
        return [update.update_id for update in self.taken]

    async def called(self, content: bytes, headers: dict[str, str] = RIGHT) -> int:
        async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False, timeout=30) as http:
            answer = await http.post(f"http://127.0.0.1:{self.at.port}/hook", content=content, headers=headers)
        return answer.status_code

    async def begun(self, headers: dict[str, str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A call of which only the head has come."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.at.port)
        head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "x", **headers}.items())
        writer.write(f"POST /hook HTTP/1.1\r\n{head}\r\n".encode())
        await writer.drain()
        return reader, writer


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    made.webhook.start()
    yield made
    await made.webhook.stop()


def update(number: int, text: str = "hello") -> bytes:
    who: dict[str, Any] = {"id": 1, "is_bot": False, "first_name": "Mia"}
    message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "from": who, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


async def test_a_right_call_is_taken(hook: Hook) -> None:
    assert await hook.called(update(7)) == 200
    assert await hook.called(update(8, "x" * 4096 * 20)) == 200  # far more than any message has
    assert hook.numbers == [7, 8]


@pytest.mark.parametrize("given", [None, "", "guessed", SECRET[:-1], SECRET + "x", "ünknown"])
async def test_without_the_secret_nothing_is_read(hook: Hook, given: str | None) -> None:
    """The answer comes though nothing of the body has, and then the line is closed."""
    named = {} if given is None else {SECRET_HEADER: given}
    headers = {"Content-Type": "application/json", "Content-Length": str(MOST_BYTES), **named}
    reader, writer = await hook.begun(headers)
    async with asyncio.timeout(10):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 403")
    writer.close()
    assert hook.taken == []


async def test_a_call_that_is_too_large_is_cut_off_whoever_sends_it(hook: Hook) -> None:
    for headers in (RIGHT, {"Content-Type": "application/json"}):
        reader, writer = await hook.begun({**headers, "Content-Length": str(MOST_BYTES + 1)})
        async with asyncio.timeout(10):
            answer = await reader.read()
        assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 403"))
        writer.close()
    assert await hook.called(update(1)) == 200


async def test_one_that_does_not_say_how_large_it_is_is_cut_off_too(hook: Hook) -> None:
    _, writer = await hook.begun({**RIGHT, "Transfer-Encoding": "chunked"})
    sent, chunk = 0, b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with pytest.raises(OSError):
        async with asyncio.timeout(20):
            while True:
                writer.write(chunk)
                await writer.drain()
                sent += len(chunk)
    assert sent < 10 * MOST_BYTES  # what the lines in between hold, and no more
    writer.close()
    assert hook.taken == []
    assert await hook.called(update(1)) == 200


@pytest.mark.parametrize("what", NO_UPDATES)
async def test_what_is_no_update_is_refused(hook: Hook, what: str) -> None:
    assert await hook.called(NO_UPDATES[what]) == 400
    assert hook.taken == []


async def test_another_kind_of_content_or_method_or_path_is_refused(hook: Hook) -> None:
    assert await hook.called(update(1), {**RIGHT, "Content-Type": "text/plain"}) == 403
    async with httpx.AsyncClient(
        verify=CERTIFICATES, base_url=f"http://127.0.0.1:{hook.at.port}", headers=RIGHT, trust_env=False
    ) as http:
        assert (await http.get("/hook")).status_code == 405
        assert (await http.post("/hooky", content=update(1))).status_code == 404
        assert (await http.post("/hook/", content=update(2))).status_code == 200
    assert hook.numbers == [2]


async def test_a_port_that_is_taken_is_told(hook: Hook) -> None:
    other = Webhook(hook.at, SECRET, Bot("1:x"), hook._take)
    with pytest.raises(NotAllowed, match="is taken by another program"):
        other.start()
