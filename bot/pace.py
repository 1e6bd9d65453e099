"""How fast the bot may speak: what Telegram bears in one chat, and its word when it was too much.

    a chat      about 1 message a second, a short burst is borne; a group 20 a minute
    all chats   no limit of our own: who is answered has just asked. (The 30 a second of the FAQ are for bulk notices.)
    429         the chat waits as long as Telegram says; if several chats hear it within a moment, all do

Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

logger = logging.getLogger(__name__)

MARGIN = 0.1  # seconds beyond what Telegram says
MOST_RETRIES = 5
SEVERAL = 3  # chats that are told to wait
A_MOMENT = 2.0  # seconds in which they are
MOST_REMEMBERED = 2000  # chats
# what does not show in the chat, or replaces what is there already, is counted by Telegram in another way
UNCOUNTED = frozenset({"sendChatAction", "answerCallbackQuery", "deleteMessage", "deleteMessages", "getChat"})


@dataclass(frozen=True)
class Pace:
    """So many messages at once, and one more after each so many `seconds`."""

    burst: int
    seconds: float


PRIVATE = Pace(burst=5, seconds=1.0)
GROUP = Pace(burst=5, seconds=3.0)


@dataclass
class Heard:
    """A chat: when all of its burst will be there again, and until when it is to wait."""

    full_at: float = 0.0
    not_before: float = 0.0

    def wait(self, pace: Pace, now: float) -> float:
        """Seconds until one more message may go; counts it."""
        allowed = max(now, self.full_at - (pace.burst - 1) * pace.seconds)
        self.full_at = max(self.full_at, allowed) + pace.seconds
        return allowed - now


class PoliteLimiter(BaseRateLimiter[int]):
    """Keeps the pace of each chat, and waits where Telegram says so; a chat that has to wait holds up no other."""

    def __init__(
        self,
        *,
        retries: int = MOST_RETRIES,
        clock: Callable[[], float] | None = None,
        private: Pace = PRIVATE,
        group: Pace = GROUP,
    ) -> None:
        self.retries = retries
        self._private, self._group = private, group
        self._clock = clock
        self._chats: OrderedDict[str, Heard] = OrderedDict()
        self._all = Heard()
        self._refused: deque[tuple[float, str]] = deque()

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """What Telegram answers. Raises RetryAfter if it says so again and again."""
        name = str(data.get("chat_id", ""))
        if not name:
            return await self._retrying(callback, args, kwargs, name, rate_limit_args)
        chat = self._chat(name)
        if endpoint not in UNCOUNTED:
            pace = self._group if name.startswith(("-", "@")) else self._private
            await asyncio.sleep(chat.wait(pace, self._now()))
        return await self._retrying(callback, args, kwargs, name, rate_limit_args)

    async def _retrying(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        name: str,
        retries: int | None,
    ) -> Any:
        for left in reversed(range((self.retries if retries is None else retries) + 1)):
            await self._while_told_to_wait(name)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                self._told_to_wait(name, _seconds(error))
                if not left:
                    raise
        raise AssertionError("the last try ends it")

    async def _while_told_to_wait(self, name: str) -> None:
        while True:
            until = max(self._all.not_before, self._chat(name).not_before if name else 0.0)
            if until <= self._now():
                return
            await asyncio.sleep(until - self._now())

    def _told_to_wait(self, name: str, seconds: float) -> None:
        now = self._now()
        until = now + seconds + MARGIN
        heard = self._chat(name) if name else self._all
        heard.not_before = max(heard.not_before, until)
        self._refused.append((now, name))
        while self._refused[0][0] < now - A_MOMENT:
            self._refused.popleft()
        if len({chat for _, chat in self._refused}) >= SEVERAL:
            self._all.not_before = max(self._all.not_before, until)
        logger.info("Telegram says to wait %.0f s", seconds)

    def _chat(self, name: str) -> Heard:
        heard = self._chats.pop(name, None) or Heard()
        self._chats[name] = heard
        if len(self._chats) > MOST_REMEMBERED:
            # only a chat that could speak at once is forgotten; the others are few
            now = self._now()
            for old in list(self._chats)[: len(self._chats) - MOST_REMEMBERED]:
                if max(self._chats[old].full_at, self._chats[old].not_before) <= now:
                    del self._chats[old]
        return heard

    def _now(self) -> float:
        return asyncio.get_running_loop().time() if self._clock is None else self._clock()


def _seconds(error: RetryAfter) -> float:
    """Telegram's word in seconds; the library is about to change its type."""
    said = error._retry_after
    return float(said.total_seconds())
