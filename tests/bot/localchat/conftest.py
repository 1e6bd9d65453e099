"""A local chat on a free port, the bot that it serves, and the person at its page, all over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.localchat import LocalChat
from tests.bot.certificates import CERTIFICATES

TOKEN = "4242:not-a-real-token"
ME = 1001


@dataclass
class Person:
    """Does what the page does."""

    http: httpx.AsyncClient
    language: str = "en-US"

    async def says(self, text: str, key: str | None = None) -> list[int]:
        """The numbers of the messages that it became."""
        return await self._numbers("/chat/send", json={"text": text, **self._frame(key)})

    async def attaches(self, name: str, body: bytes, caption: str = "", kind: str = "document") -> list[int]:
        values = {"caption": caption, "as": kind, **self._frame(None)}
        return await self._numbers("/chat/upload", data=values, files={"file": (name, body)})

    async def presses(self, message_id: int, data: str, key: str | None = None) -> httpx.Response:
        values = {"message_id": message_id, "data": data, **self._frame(key)}
        return await self.http.post("/chat/press", json=values)

    async def sees(self) -> list[dict[str, object]]:
        """The messages that a page shows, oldest first."""
        answer = await self.http.get("/chat/messages", params={"before": 10**9})
        messages: list[dict[str, object]] = answer.json()["messages"]
        return messages

    def _frame(self, key: str | None) -> dict[str, str]:
        return {"key": key or uuid4().hex, "language": self.language}

    async def _numbers(self, path: str, **body: object) -> list[int]:
        answer = await self.http.post(path, **body)  # type: ignore[arg-type]
        answer.raise_for_status()
        numbers: list[int] = answer.json()["message_ids"]
        return numbers


def local_chat(folder: Path) -> LocalChat:
    return LocalChat(folder, port=0, token=TOKEN)


@asynccontextmanager
async def bot_of(chat: LocalChat) -> AsyncIterator[Bot]:
    request = HTTPXRequest(httpx_kwargs={"trust_env": False, "verify": CERTIFICATES})
    polling = HTTPXRequest(httpx_kwargs={"trust_env": False, "verify": CERTIFICATES})
    async with Bot(
        chat.token,
        base_url=chat.base_url,
        base_file_url=chat.base_file_url,
        request=request,
        get_updates_request=polling,
    ) as bot:
        yield bot


async def enter(http: httpx.AsyncClient, url: str) -> None:
    """Come in by the link, as a browser does."""
    (await http.post("/chat/enter", json={"key": key_of(url)})).raise_for_status()


def key_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["key"][0]


@asynccontextmanager
async def person_at(chat: LocalChat) -> AsyncIterator[Person]:
    origin = f"http://127.0.0.1:{chat.port}"
    async with httpx.AsyncClient(
        verify=CERTIFICATES, base_url=origin, headers={"Origin": origin}, trust_env=False
    ) as http:
        await enter(http, chat.url)
        yield Person(http)


@asynccontextmanager
async def running(chat: LocalChat) -> AsyncIterator[LocalChat]:
    await chat.start()
    try:
        yield chat
    finally:
        await chat.stop()


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[LocalChat]:
    async with running(local_chat(tmp_path)) as started:
        yield started


@pytest.fixture
async def bot(chat: LocalChat) -> AsyncIterator[Bot]:
    async with bot_of(chat) as served:
        yield served


@pytest.fixture
async def person(chat: LocalChat) -> AsyncIterator[Person]:
    async with person_at(chat) as someone:
        yield someone


def picture(width: int = 40, height: int = 30) -> bytes:
    """A PNG of this size."""
    file = BytesIO()
    Image.new("RGB", (width, height), (42, 107, 89)).save(file, "PNG")
    return file.getvalue()
