"""What is done by itself, shop after shop: none is held open longer than it takes, none harms the others."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

from telegram import Bot

from bot.shown import Stamp, stamp
from engine import EngineError, Shop

logger = logging.getLogger(__name__)


class Rounds(ABC):
    """Goes through the shops now and then, and rests after each, where there are several, as long as it took times
    `rest`. What goes wrong at one is logged, and comes again with the next round.
    """

    what: str  # is looked for at a shop, for the log
    seconds = 60.0  # between two rounds
    first_after: float | None = None  # seconds from the start, if not as between two rounds
    patience = 2.0  # seconds, once it is to end
    rest = 8.0

    def __init__(self, shops: Callable[[], Sequence[Shop]], default_language: str | None) -> None:
        self.default_language = default_language
        self._shops = shops
        self._task: asyncio.Task[None] | None = None
        self._over = asyncio.Event()

    @abstractmethod
    async def look_after(self, shop: Shop, bot: Bot) -> None:
        """What a round does at one shop."""

    def start(self, bot: Bot) -> None:
        self._task = asyncio.create_task(self._for_ever(bot))

    async def stop(self) -> None:
        """What is under way is done first, if that does not take long; else it is left, whole or not there."""
        self._over.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=self.patience)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _for_ever(self, bot: Bot) -> None:
        pause = self.seconds if self.first_after is None else self.first_after
        while not await self._over_within(pause):
            pause = self.seconds
            try:
                async for shop in self._each():
                    await self._look_after(shop, bot)
            except EngineError:
                logger.warning("the shops could not be looked up; trying again", exc_info=True)
            except Exception:  # what is done every day must not end for good by it
                logger.exception("the shops could not be looked up")

    async def _look_after(self, shop: Shop, bot: Bot) -> None:
        try:
            await self.look_after(shop, bot)
        except EngineError:
            logger.warning("%s could not be looked up; trying again", self.what, exc_info=True)
        except Exception:  # a fault at one shop must not end it for all
            logger.exception("%s could not be done", self.what)

    async def _each(self) -> AsyncIterator[Shop]:
        """Each shop, until all of it is over."""
        shops = await asyncio.to_thread(self._shops)
        clock = asyncio.get_running_loop().time
        for shop in shops:
            if self._over.is_set():
                return
            began = clock()
            yield shop
            if len(shops) > 1:
                await self._over_within((clock() - began) * self.rest)

    async def _over_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)
        return self._over.is_set()


class Unchanged:
    """Which shops need no look: their file is as it was after the last one, and that is not long ago."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._seen: dict[str, tuple[Stamp, float]] = {}

    def since(self, shop: Shop) -> bool:
        state, at = self._seen.get(str(shop.path), ((), 0.0))
        return bool(state) and state == stamp(shop) and asyncio.get_running_loop().time() < at + self.seconds

    def note(self, shop: Shop, state: Stamp) -> None:
        """It was looked at, and was so before."""
        self._seen[str(shop.path)] = state, asyncio.get_running_loop().time()
