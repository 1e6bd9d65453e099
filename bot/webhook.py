"""The bot's own server for Telegram's calls: who does not know the secret is turned away before a call is read.

The library's server reads up to 100 MB of a call before it looks at its secret. This one is set up as the library
says for servers of one's own: https://docs.python-telegram-bot.org/en/stable/examples.customwebhookbot.html
"""

from __future__ import annotations

import hmac
import json
import logging
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot, Update
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

from bot.settings import Settings
from engine import NotAllowed, Phrase

logger = logging.getLogger(__name__)

MOST_BYTES = 1_000_000  # of a call; an update has some thousands
MOST_UPDATES = 2**63  # no number is as large in the store
MOST_SECONDS = 20.0  # for a call to come in
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# the name of a header, and no secret itself
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # nosec B105


@dataclass(frozen=True)
class Listening:
    """Where to listen for Telegram's calls; a proxy in front speaks TLS and passes them on."""

    port: int
    path: str

    @classmethod
    def of(cls, settings: Settings) -> Listening:
        """The settings' port, but for a URL on this machine itself, which is listened on at its own."""
        url = urlsplit(settings.webhook_url or "")
        own = url.port if url.hostname in LOOPBACK else None
        return cls(own or settings.port, url.path)


class Webhook:
    """Listens until it is stopped. `take` returns when an update is safe: only then Telegram hears that it arrived."""

    def __init__(self, at: Listening, secret: str, bot: Bot, take: Callable[[Update], Awaitable[None]]) -> None:
        self.at = at
        route = rf"{re.escape(at.path.rstrip('/'))}/?"
        call: Any = (route, _Call, {"secret": secret, "bot": bot, "take": take})
        self._server = HTTPServer(
            Application([call], log_function=lambda handler: None),
            max_body_size=MOST_BYTES,
            body_timeout=MOST_SECONDS,
        )

    def start(self) -> None:
        """Raises NotAllowed where another program listens."""
        try:
            listening = socket.create_server(("127.0.0.1", self.at.port))
        except OSError as error:
            raise NotAllowed(
                Phrase(
                    "Port {port} for Telegram's calls is taken by another program: end it, or choose another port with "
                    "ZHIKE_PORT.",
                    port=str(self.at.port),
                )
            ) from error
        listening.setblocking(False)
        self._server.add_socket(listening)

    async def stop(self) -> None:
        self._server.stop()
        await self._server.close_all_connections()


@stream_request_body
class _Call(RequestHandler):
    SUPPORTED_METHODS = ("POST",)

    def initialize(self, secret: str, bot: Bot, take: Callable[[Update], Awaitable[None]]) -> None:
        self.secret = secret
        self.bot = bot
        self.take = take
        self.body = bytearray()

    def prepare(self) -> None:
        """Comes before the body."""
        given = self.request.headers.get(SECRET_HEADER, "")
        kind = self.request.headers.get("Content-Type", "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()) or kind != "application/json":
            raise HTTPError(HTTPStatus.FORBIDDEN)

    def data_received(self, chunk: bytes) -> None:
        self.body += chunk

    async def post(self) -> None:
        await self.take(self._update())

    def _update(self) -> Update:
        try:
            update = Update.de_json(json.loads(self.body), self.bot)
            is_one = isinstance(update.update_id, int) and 0 <= update.update_id < MOST_UPDATES
        except Exception as error:
            raise HTTPError(HTTPStatus.BAD_REQUEST) from error
        if not is_one:
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        return update

    def log_exception(
        self, typ: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Calls that are turned away fill no log."""
        if not isinstance(value, HTTPError):
            logger.error("a call of Telegram's could not be taken", exc_info=value)
