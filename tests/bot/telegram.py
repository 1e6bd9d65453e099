"""Telegram as the bot sees it, for tests: any number of chats, over real HTTP, and a record of all that was asked."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from bot.access import Access
from bot.app import TelegramFace
from bot.settings import Settings
from engine import Shop, waiting_updates
from tests.bot.certificates import CERTIFICATES
from tests.bot.talk import free_port, unpaced

TOKEN = "4711:a-token-that-nobody-may-read"
SECRET = "only-telegram-knows"
BOT = {"id": 4711, "is_bot": True, "first_name": "Zhike", "username": "zhike_bot"}
OWNER, GROUP = 1, -100200300

TAG = re.compile(r"</?(?:b|i|u|s|code|pre|blockquote)>")


def is_clean(html: str) -> bool:
    """Whether Telegram would take it: only tags that are closed in turn, and no other sign of markup."""
    opened: list[str] = []
    for tag in TAG.findall(html):
        if not tag.startswith("</"):
            opened.append(tag[1:])
        elif not opened or opened.pop() != tag[2:]:
            return False
    plain = TAG.sub("", html)
    return not opened and "<" not in plain and not re.search(r"&(?!amp;|lt;|gt;|quot;|#\d+;)", plain)


@dataclass
class Telegram:
    """What the bot asked of it, and a way to tell the bot what happened."""

    hook: str
    http: httpx.AsyncClient
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def sent(self, chat: int) -> list[str]:
        """The texts that a chat got, in order."""
        texts = [
            values.get("text") or values.get("caption") or name
            for name, values in self.asked
            if name.startswith(("send", "editMessageText")) and name != "sendChatAction"
            if values.get("chat_id") == str(chat)
        ]
        return [str(text) for text in texts]

    async def update(self, **happened: Any) -> httpx.Response:
        """Tell the bot of it, as Telegram does."""
        body = {"update_id": next(self.numbers), **happened}
        return await self.http.post(self.hook, json=body, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})

    async def says(self, user: int, text: str, *, chat: int | None = None, **more: Any) -> httpx.Response:
        return await self.update(message={**self.frame(user, chat), "text": text, **more})

    async def presses(self, user: int, data: str, *, chat: int | None = None) -> httpx.Response:
        frame = self.frame(user, chat)
        query = {"id": "1", "from": frame["from"], "chat_instance": "1", "data": data}
        return await self.update(callback_query={**query, "message": {**frame, "from": BOT, "text": "a card"}})

    async def brings(self, user: int, chat: int, *, kind: str = "supergroup", status: str = "member") -> httpx.Response:
        """The bot is brought to a group or channel, or taken away."""
        frame = self.frame(user, chat, kind)
        old: dict[str, Any] = {"user": BOT, "status": "left"}
        new: dict[str, Any] = {"user": BOT, "status": status}
        if status in ("kicked", "restricted"):
            new["until_date"] = 0
        return await self.update(
            my_chat_member={key: frame[key] for key in ("chat", "from", "date")}
            | {"old_chat_member": old, "new_chat_member": new}
        )

    def frame(self, user: int, chat: int | None = None, kind: str = "supergroup") -> dict[str, Any]:
        place = {"id": user, "type": "private"} if chat is None else {"id": chat, "type": kind, "title": "Tea <b>&"}
        sender = {"id": user, "is_bot": False, "first_name": f"Mia{user}", "language_code": "en"}
        return {"message_id": next(self.numbers), "date": int(time.time()), "chat": place, "from": sender}


@dataclass
class World:
    """A bot that runs, the Telegram that it runs on, and its owner, who is user 1."""

    shop: Shop
    access: Access
    telegram: Telegram

    async def settled(self, seconds: float = 60) -> None:
        """When all that was said to the bot is done, and what it said by itself has been said."""
        deadline = time.monotonic() + seconds
        quiet = 0
        while time.monotonic() < deadline:
            before = len(self.telegram.asked)
            await asyncio.sleep(0.04)
            busy = waiting_updates(self.shop) or len(self.telegram.asked) != before
            quiet = 0 if busy else quiet + 1
            if quiet == 3:
                return
        raise AssertionError(f"the bot is not done after {seconds} s")

    async def answers(self, user: int, text: str, *, chat: int | None = None) -> str:
        """What the bot says to a text in the chat where it was said."""
        return await self._said(user if chat is None else chat, self.telegram.says(user, text, chat=chat))

    async def presses(self, user: int, data: str, *, chat: int | None = None) -> str:
        return await self._said(user if chat is None else chat, self.telegram.presses(user, data, chat=chat))

    async def helper(self, user: int) -> None:
        """From now on this user is a helper."""
        code = next(line for line in (await self.answers(OWNER, "/helpers invite")).split("\n") if "<b>" in line)
        assert "You help here" in await self.answers(user, code[3:-4])

    async def _said(self, chat: int, asked: Awaitable[httpx.Response]) -> str:
        before = len(self.telegram.sent(chat))
        (await asked).raise_for_status()
        await self.settled()
        return "\n".join(self.telegram.sent(chat)[before:])


class Called(RequestHandler):
    def initialize(self, hear: Callable[[str, dict[str, Any], HTTPServerRequest], object]) -> None:
        self.hear = hear

    async def post(self, _: str, name: str) -> None:
        values: dict[str, Any] = {key: given[-1].decode() for key, given in self.request.arguments.items()}
        if self.request.headers.get("Content-Type", "").startswith("application/json"):
            values |= json.loads(self.request.body)
        self.finish({"ok": True, "result": self.hear(name, values, self.request)})


class Files(RequestHandler):
    def initialize(self, files: dict[str, bytes]) -> None:
        self.files = files

    async def get(self, _: str, name: str) -> None:
        self.finish(self.files[name])


@asynccontextmanager
async def world(shop: Shop, *, paired: bool = True, several: bool = False) -> AsyncIterator[World]:
    """The whole application by webhook against a Telegram that records; user 1 is the owner if `paired`.

    If there are `several` shops, `shop` is the house, and nobody is paired.
    """
    port = free_port()
    hook = f"http://127.0.0.1:{port}/hook"
    async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False, timeout=60) as http:
        telegram = Telegram(hook, http)

        def hear(name: str, values: dict[str, Any], request: HTTPServerRequest) -> object:
            telegram.asked.append((name, values))
            if name == "getMe":
                return BOT
            if name == "getFile":
                size = len(telegram.files[values["file_id"]])
                return dict.fromkeys(("file_id", "file_unique_id", "file_path"), values["file_id"]) | {
                    "file_size": size
                }
            if name.startswith(("send", "edit")) and name != "sendChatAction":
                chat = int(values["chat_id"])
                return {
                    **telegram.frame(abs(chat), None if chat > 0 else chat),
                    "from": BOT,
                    "text": values.get("text", ""),
                }
            return True

        routes: list[Any] = [
            (r"/bot([^/]+)/(\w+)", Called, {"hear": hear}),
            (r"/file/bot([^/]+)/(.+)", Files, {"files": telegram.files}),
        ]
        server = HTTPServer(Application(routes, log_function=lambda _: None))
        sockets = bind_sockets(0, "127.0.0.1")
        server.add_sockets(sockets)
        at = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
        settings = Settings(
            db=shop.path,
            telegram_token=TOKEN,
            base_url=f"{at}/bot",
            base_file_url=f"{at}/file/bot",
            webhook_url=hook,
            webhook_secret=SECRET,
        )
        access = Access.to_house(shop) if several else Access.at_start(shop, again=False)
        bot = TelegramFace(settings, access, limiter=unpaced())
        try:
            await bot.start()
            made = World(shop, access, telegram)
            if paired and access.code is not None:
                assert "Hello" in await made.answers(OWNER, f"/start {access.code}")
            yield made
        finally:
            await bot.stop()
            server.stop()
            await server.close_all_connections()
