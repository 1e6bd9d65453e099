"""A Bot API server for any number of chats that behaves as badly as one is told to, and notes what it was asked.

It gives out updates in the order in which they happened. Numbers may be in disorder, also below those of before, as
after a week of silence; what was confirmed may come again, in any order, alone or among what is new.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from numpy.random import Generator, default_rng
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.localchat.faults import Dropped, Faults
from bot.localchat.refusals import Refused

Json = dict[str, Any]
TOKEN = "4711:a-token-that-nobody-may-read"
BOT = {"id": 4711, "is_bot": True, "first_name": "Zhike", "username": "zhike_bot"}
POLL_SECONDS = 1.0  # shorter than the bot asks for, so that nothing waits long
BLOCK = 12  # updates whose numbers are in disorder among themselves
BATCH = 20


@dataclass
class BotApi:
    """What happened and is not confirmed, what was asked for, and the trouble that is on.

    `redelivered` counts updates given out after they were confirmed or a second time, `reordered` those with a smaller
    number than one given out before.
    """

    port: int
    rng: Generator = field(default_factory=lambda: default_rng(20_261_127))
    mischief: float = 0.0  # how many old updates come along with each new one
    hold: float = 0.0  # seconds from acting to answering, for sendMessage
    batch: int = BATCH  # updates that are given out at a time, at most
    faults: Faults = field(default_factory=Faults)
    waiting: list[Json] = field(default_factory=list)
    given: list[Json] = field(default_factory=list)
    asked: list[tuple[float, str, Json]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    redelivered: int = 0
    reordered: int = 0
    _out: list[Json] = field(default_factory=list)
    _highest: int = 0
    _seen: set[int] = field(default_factory=set)
    _ids: list[int] = field(default_factory=list)
    _next: int = 900_000_000
    _messages: count[int] = field(default_factory=lambda: count(1))
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which a bot talks to this server."""
        at = f"http://127.0.0.1:{self.port}"
        return {
            "ZHIKE_TELEGRAM_TOKEN": TOKEN,
            "ZHIKE_BASE_URL": f"{at}/bot",
            "ZHIKE_BASE_FILE_URL": f"{at}/file/bot",
            "ZHIKE_LANGUAGE": "en",
        }

    def says(self, user: int, text: str) -> None:
        self._happened({"message": {**self.frame(user), "text": text}})

    def sends_file(self, user: int, name: str, content: bytes) -> None:
        self.files[name] = content
        document = {"file_id": name, "file_unique_id": name, "file_name": name, "file_size": len(content)}
        self._happened({"message": {**self.frame(user), "document": document}})

    def presses(self, user: int, data: str) -> None:
        message = {**self.frame(user), "from": BOT, "text": "a card"}
        query = {"id": str(next(self._messages)), "from": self.frame(user)["from"], "chat_instance": "1", "data": data}
        self._happened({"callback_query": {**query, "message": message}})

    def after_a_week(self) -> None:
        """From here on numbers begin far below."""
        self._ids.clear()
        self._next -= 400_000_000

    def again(self, updates: Iterable[Json]) -> None:
        """Give these out once more."""
        self.waiting += updates
        self._news.set()

    def frame(self, user: int) -> Json:
        sender = {"id": user, "is_bot": False, "first_name": f"Mia{user}", "language_code": "en"}
        chat = {"id": user, "type": "private", "first_name": f"Mia{user}"}
        return {"message_id": next(self._messages), "date": int(time.time()), "chat": chat, "from": sender}

    def texts(self, chat: int) -> list[str]:
        """What a chat was sent, in order."""
        return [str(values.get("text", "")) for _, values in self.acted("sendMessage") if self._is_to(values, chat)]

    def acted(self, *names: str) -> list[tuple[str, Json]]:
        return [(name, values) for _, name, values in self.asked if name in names]

    def calls(self) -> Counter[str]:
        return Counter(name for _, name, _ in self.asked)

    def _is_to(self, values: Json, chat: int) -> bool:
        return str(values.get("chat_id")) == str(chat)

    def _happened(self, what: Json) -> None:
        if not self._ids:
            self._ids = [int(n) for n in self.rng.permutation(range(self._next, self._next + BLOCK))]
            if not self.mischief:
                self._ids.sort()
            self._next += BLOCK
        self.waiting.append({"update_id": self._ids.pop(0), **what})
        self._news.set()

    async def updates(self, offset: int) -> list[Json]:
        """What has happened; the last batch is confirmed by asking for what is behind its last number."""
        if self._out and offset == self._out[-1]["update_id"] + 1:
            confirmed = {update["update_id"] for update in self._out}
            self.given += [update for update in self.waiting if update["update_id"] in confirmed]
            self.waiting = [update for update in self.waiting if update["update_id"] not in confirmed]
        if not self.waiting:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), POLL_SECONDS)
            except TimeoutError:
                return []
        self._out = self._mixed(self.waiting[: self.batch])
        for update in self._out:
            number = update["update_id"]
            self.redelivered += number in self._seen
            self.reordered += number not in self._seen and number < self._highest
            self._seen.add(number)
            self._highest = max(self._highest, number)
        return self._out

    def _mixed(self, new: list[Json]) -> list[Json]:
        """New ones in their order, with old ones and second copies anywhere between and behind them."""
        mixed = list(new)
        for _ in range(int(self.rng.poisson(self.mischief * len(new)))):
            old = self.given or new
            again = old[int(self.rng.integers(len(old)))]
            # a second copy of what is new comes after the first one
            first = mixed.index(again) + 1 if again in mixed else 0
            mixed.insert(int(self.rng.integers(first, len(mixed) + 1)), again)
        return mixed


class Method(RequestHandler):
    def initialize(self, api: BotApi) -> None:
        self.api = api

    async def post(self, name: str) -> None:
        fault = self.api.faults.next(name)
        if isinstance(fault, Refused):
            self.set_status(fault.code)
            self.finish(fault.answer())
            return
        if isinstance(fault, Dropped) and not fault.acted:
            self.detach().close()
            return
        values: Json = {key: given[-1].decode() for key, given in self.request.arguments.items()}
        if self.request.headers.get("Content-Type", "").startswith("application/json"):
            values |= json.loads(self.request.body)
        self.api.asked.append((time.monotonic(), name, values))
        result = await self._result(name, values)
        if name == "sendMessage" and self.api.hold:
            await asyncio.sleep(self.api.hold)
        if fault is not None or self.request.connection is None:
            self.detach().close()
            return
        self.finish({"ok": True, "result": result})

    get = post

    async def _result(self, name: str, values: Json) -> object:
        if name == "getMe":
            return BOT
        if name == "getUpdates":
            return await self.api.updates(int(values.get("offset", 0)))
        if name == "getFile":
            known = dict.fromkeys(("file_id", "file_unique_id", "file_path"), values["file_id"])
            return known | {"file_size": len(self.api.files[values["file_id"]])}
        if name.startswith(("send", "edit")) and name != "sendChatAction":
            return {**self.api.frame(int(values["chat_id"])), "from": BOT, "text": values.get("text", "")}
        return True


class Download(RequestHandler):
    def initialize(self, api: BotApi) -> None:
        self.api = api

    async def get(self, name: str) -> None:
        fault = self.api.faults.next("download")
        if fault is not None:
            self.detach().close()
            return
        self.finish(self.api.files[name])


@asynccontextmanager
async def listening(api: BotApi) -> AsyncIterator[None]:
    """While this lasts the server is there; outside of it nobody listens at its port."""
    routes: list[Any] = [
        (r"/bot[^/]+/(\w+)", Method, {"api": api}),
        (r"/file/bot[^/]+/(.+)", Download, {"api": api}),
    ]
    server = HTTPServer(Application(routes, log_function=lambda _: None))
    sockets = socket.create_server(("127.0.0.1", api.port), reuse_port=False)
    sockets.setblocking(False)
    server.add_socket(sockets)
    try:
        yield
    finally:
        server.stop()
        await server.close_all_connections()
