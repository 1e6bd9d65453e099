"""What Telegram says of the bot itself: that it knows its token no more, or that another program asks for it as well.

The library ends its polling for good where the token is refused, and tells nobody. So a refusal is looked at before
the library sees it, and whatever was to be sent waits for the end of the program: it is answered at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from ssl import SSLContext
from typing import Any

import httpx
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from engine import Phrase

logger = logging.getLogger(__name__)

AGAIN_AFTER = 2.0  # seconds; it is asked twice before the bot ends
BETWEEN_NEWS = 600.0  # seconds
NO_UPDATES = b'{"ok": true, "result": []}'

REFUSED = Phrase(
    "Telegram does not know this bot any more: its token was revoked, or the bot was deleted. Ask @BotFather for its "
    "token and start again with ZHIKE_TELEGRAM_TOKEN; what was said until now is kept, and is answered then."
)
TWO_OF_US = Phrase(
    "Another program fetches this bot's messages from Telegram, such as a second Zhike with the same token: end it. "
    "Until then each gets a part of them; I go on trying."
)


class Standing:
    """`refused` is set once Telegram knows the token no more; `say` hears of another program, once in a while."""

    def __init__(self, say: Callable[[Phrase], None]) -> None:
        self.refused = asyncio.Event()
        self.is_known = False  # until Telegram has known the token once, a refusal is told by whoever asked
        self._say = say
        self._said_at: float | None = None

    def requests(self, *, polling: bool = False, **settings: Any) -> HTTPXRequest:
        """What the library sends its requests with; those for updates answer as if there were none after a refusal."""
        return _Requests(self, polling=polling, **settings)

    def another_polls(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._said_at is None or now - self._said_at >= BETWEEN_NEWS:
            self._said_at = now
            self._say(TWO_OF_US)

    def poll_failed(self, error: TelegramError) -> None:
        """It goes on; who has to know of it has been told."""
        logger.warning("updates could not be fetched; trying again: %s", type(error).__name__)


@cache
def _certificates() -> SSLContext:
    """What is trusted; to read it takes a while, and every client would."""
    return httpx.create_ssl_context()


class _Requests(HTTPXRequest):
    def __init__(self, standing: Standing, *, polling: bool, **settings: Any) -> None:
        super().__init__(**settings, httpx_kwargs={"verify": _certificates()})
        self._standing = standing
        self._polling = polling
        # elsewhere 404 may mean a file, or a method that another server lacks
        self._refusals = {HTTPStatus.UNAUTHORIZED} | ({HTTPStatus.NOT_FOUND} if polling else set())

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        if self._polling and self._standing.refused.is_set():
            return HTTPStatus.OK, NO_UPDATES
        code, answer = await super().do_request(*args, **kwargs)
        if self._standing.is_known and code in self._refusals:
            await asyncio.sleep(AGAIN_AFTER)
            code, answer = await super().do_request(*args, **kwargs)
            if code in self._refusals:
                self._standing.refused.set()
                await asyncio.Event().wait()
        if self._polling and code == HTTPStatus.CONFLICT:
            self._standing.another_polls()
        return code, answer
