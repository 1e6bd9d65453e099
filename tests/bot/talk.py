"""A founder at the chat page, for tests: over real HTTP, against the real application."""

from __future__ import annotations

import asyncio
import socket
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from bot.access import Access
from bot.app import TelegramFace
from bot.localchat import LocalChat
from bot.localchat.people import USER_ID
from bot.localchat.place import folder_for
from bot.pace import Pace, PoliteLimiter
from bot.settings import Settings
from engine import Shop, paired_chat, waiting_updates
from tests.bot.certificates import CERTIFICATES

Message = dict[str, Any]
TOKEN = "1:test-token-of-the-local-chat"
SECRET = "only-telegram-knows"


@dataclass
class Founder:
    """Types, drops files and presses buttons; reads what the bot answers."""

    shop: Shop
    http: httpx.AsyncClient
    language: str = "en"
    code: str | None = None
    url: str = ""
    webhook: str | None = None
    _known: dict[int, Message] = field(default_factory=dict)

    async def says(self, text: str, *, seconds: float = 60) -> list[Message]:
        """Send a text; the messages that answer it."""
        await self.sends(text)
        return await self.answers(seconds=seconds)

    async def says_as_stranger(self, text: str, *, seconds: float = 10) -> list[Message]:
        """Send a text that is not stored, so that nothing tells when it is done but its answer."""
        deadline = time.monotonic() + seconds
        found = await self.says(text)
        while not found and time.monotonic() < deadline:
            found = await self.answers()
        return found

    async def sends(self, text: str) -> None:
        """Send a text and do not wait."""
        await self._post("/chat/send", {"text": text})

    async def drops(self, path: Path, *, caption: str = "", seconds: float = 120) -> list[Message]:
        """Drop a file into the chat; the messages that answer it."""
        await self._post("/chat/upload", {"caption": caption}, {"file": (path.name, path.read_bytes())})
        return await self.answers(seconds=seconds)

    async def presses(self, message: Message, label: str, *, seconds: float = 60) -> list[Message]:
        """Press the button that has `label` in it; the messages that answer it, changed ones included."""
        found = [button for button in buttons(message) if label in button["text"]]
        assert found, f"no button {label!r} among {[button['text'] for button in buttons(message)]}"
        await self.presses_data(message, found[0]["callback_data"])
        return await self.answers(seconds=seconds)

    async def presses_data(self, message: Message, data: str) -> None:
        await self._post("/chat/press", {"message_id": str(message["message_id"]), "data": data})

    async def answers(self, *, seconds: float = 400) -> list[Message]:
        """What the bot has said or changed since the last call, once all that was said to it is done."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            await asyncio.sleep(0.05)
            if await self._all_done():
                fresh = [
                    message for message in await self.messages() if self._known.get(message["message_id"]) != message
                ]
                self._known.update({message["message_id"]: message for message in fresh})
                return [message for message in fresh if message["from"]["is_bot"]]
        raise AssertionError(f"the bot is not done after {seconds} s")

    async def messages(self) -> list[Message]:
        response = await self.http.get("/chat/messages", params={"before": str(10**9)})
        shown: list[Message] = response.raise_for_status().json()["messages"]
        return shown

    async def downloads(self, message: Message) -> bytes:
        file_id = (message.get("document") or message["photo"][-1])["file_id"]
        response = await self.http.get(f"/chat/files/{file_id}")
        return response.raise_for_status().content

    async def _all_done(self) -> bool:
        # An update is confirmed only after it is in the store's inbox, so between the two nothing slips through.
        info = (await self.http.get(f"/bot{TOKEN}/getWebhookInfo")).json()
        return info["result"]["pending_update_count"] == 0 and not waiting_updates(self.shop)

    async def _post(self, path: str, fields: dict[str, str], files: Any = None) -> None:
        data = {"key": uuid.uuid4().hex, "language": self.language, **fields}
        (await self.http.post(path, data=data, files=files)).raise_for_status()


def text_of(messages: list[Message]) -> str:
    return "\n".join(message.get("text") or message.get("caption") or "" for message in messages)


def buttons(message: Message) -> list[dict[str, str]]:
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def with_button(messages: list[Message], label: str) -> Message:
    """The message among these that has a button with `label` in it."""
    found = [message for message in messages if any(label in button["text"] for button in buttons(message))]
    assert found, f"no button {label!r} under: {text_of(messages)}"
    return found[-1]


@asynccontextmanager
async def running_bot(
    shop: Shop, *, webhook: bool = False, language: str = "en", paired: bool = True
) -> AsyncIterator[Founder]:
    """The whole application against a local chat on a free port, with its founder at the page."""
    access = Access.at_start(shop, again=False)
    chat = LocalChat(
        folder_for(shop.path), port=0, token=TOKEN, start_parameter=access.code, spoken=lambda: _spoken(shop)
    )
    await chat.start()
    settings = Settings(
        db=shop.path,
        telegram_token=TOKEN,
        base_url=chat.base_url,
        base_file_url=chat.base_file_url,
        webhook_url=f"http://127.0.0.1:{free_port()}/hook" if webhook else None,
        webhook_secret=SECRET if webhook else None,
    )
    bot = TelegramFace(settings, access, limiter=unpaced())
    try:
        await bot.start()
        origin = f"http://127.0.0.1:{chat.port}"
        async with httpx.AsyncClient(
            verify=CERTIFICATES, base_url=origin, headers={"Origin": origin}, timeout=60
        ) as http:
            key = parse_qs(urlsplit(chat.url).query)["key"][0]
            (await http.post("/chat/enter", json={"key": key})).raise_for_status()
            # that link is used up, and there is a new one
            founder = Founder(shop, http, language, access.code, chat.url, settings.webhook_url)
            if paired and access.code is not None:
                await founder.says(f"/start {access.code}")
            yield founder
    finally:
        await bot.stop()
        await chat.stop()


def unpaced() -> PoliteLimiter:
    """For a server that bears any number of messages at once, as those of the tests do."""
    at_once = Pace(burst=1, seconds=0.0)
    return PoliteLimiter(private=at_once, group=at_once)


def _spoken(shop: Shop) -> str | None:
    known = paired_chat(shop, USER_ID, USER_ID)
    return None if known is None else known.language


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
