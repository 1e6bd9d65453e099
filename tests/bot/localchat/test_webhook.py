"""Updates brought to the bot's own server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from bot.localchat import webhook
from tests.bot.localchat.conftest import Person


@dataclass
class Hook:
    """A server that answers with the given codes, then with 200, and keeps what it got."""

    codes: list[int] = field(default_factory=list)
    got: list[tuple[str | None, dict[str, Any]]] = field(default_factory=list)
    url: str = ""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, update in self.got]

    async def until(self, n: int) -> None:
        """Waits for the n-th request."""
        async with asyncio.timeout(5):
            while len(self.got) < n:
                self.arrived.clear()
                await self.arrived.wait()


class Receiver(RequestHandler):
    def initialize(self, hook: Hook) -> None:
        self.hook = hook

    def post(self) -> None:
        secret = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.hook.got.append((secret, json.loads(self.request.body)))
        self.hook.arrived.set()
        self.set_status(self.hook.codes.pop(0) if self.hook.codes else 200)

    def log_exception(self, *_: object) -> None: ...


@pytest.fixture
async def hook(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hook]:
    monkeypatch.setattr(webhook, "FIRST_PAUSE", 0.05)
    made = Hook()
    sockets = bind_sockets(0, "127.0.0.1")
    made.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/hook"
    server = HTTPServer(Application([("/hook", Receiver, {"hook": made})], log_function=lambda _: None))
    server.add_sockets(sockets)
    yield made
    server.stop()
    await server.close_all_connections()


async def pending(bot: Bot) -> int:
    return (await bot.get_webhook_info()).pending_update_count


async def test_updates_come_in_order_with_the_secret(bot: Bot, person: Person, hook: Hook) -> None:
    await person.says("before")
    assert await bot.set_webhook(hook.url, secret_token="a_Secret-1")
    await person.says("after")
    await hook.until(2)
    assert hook.texts == ["before", "after"]
    assert {secret for secret, _ in hook.got} == {"a_Secret-1"}
    assert hook.got[0][1]["update_id"] < hook.got[1][1]["update_id"]
    await asyncio.sleep(0.1)
    assert await pending(bot) == 0


async def test_an_update_is_brought_again_until_it_is_taken(bot: Bot, person: Person, hook: Hook) -> None:
    hook.codes = [500, 403]
    await bot.set_webhook(hook.url)
    await person.says("one")
    await hook.until(2)
    info = await bot.get_webhook_info()
    assert info.url == hook.url
    assert info.last_error_date is not None
    assert info.last_error_message is not None
    assert info.last_error_message.startswith("Wrong response from the webhook: ")
    await person.says("two")
    await hook.until(4)
    assert hook.texts == ["one", "one", "one", "two"]
    assert hook.got[0][0] is None


async def test_a_webhook_that_cannot_be_reached_keeps_updates_waiting(bot: Bot, person: Person, hook: Hook) -> None:
    await bot.set_webhook("http://127.0.0.1:9/nobody")
    await person.says("patience")
    await asyncio.sleep(0.2)
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")
    await bot.set_webhook(hook.url)
    await hook.until(1)
    assert hook.texts == ["patience"]


async def test_polling_and_a_webhook_exclude_each_other(bot: Bot, hook: Hook) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    await bot.set_webhook(hook.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await polling
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()
    assert (await bot.get_webhook_info()).url == ""


async def test_waiting_updates_can_be_dropped(bot: Bot, person: Person) -> None:
    await person.says("old")
    assert await pending(bot) == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await pending(bot) == 0


async def test_a_webhook_elsewhere_needs_https_and_a_plain_secret(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"^Bad webhook: an https url must be provided for webhook$"):
        await bot.set_webhook("http://example.com/hook")
    with pytest.raises(BadRequest, match=r"^Secret token contains unallowed characters$"):
        await bot.set_webhook("https://example.com/hook", secret_token="a b")
    assert (await bot.get_webhook_info()).url == ""
