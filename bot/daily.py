"""What is done once a day by itself, such as the backup; the owner hears of it only where something is wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from telegram import Bot
from telegram.error import TelegramError

from bot.delivery import deliver
from bot.language import code_of, language
from bot.replies import says
from bot.rounds import Rounds
from engine import EngineError, Phrase, Shop, do_today, due_today, owners_chats

logger = logging.getLogger(__name__)


class DailyWork:
    """Looks now and then whether a new day has begun. What has been done is in the store, so a restart repeats nothing.

    Work that failed is tried again after a while; its owner is told once, and once when it works again.
    """

    seconds = 60.0  # between two looks
    first_after = 60.0  # seconds from the start
    again_after = 3600.0  # seconds, for what failed
    patience = 2.0  # seconds, once it is to end
    telling = 300.0  # seconds at most: the rest of the day's work does not wait until Telegram can be reached

    def __init__(self, shops: Callable[[], Sequence[Shop]], default_language: str | None) -> None:
        self.default_language = default_language
        self._task: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self._rounds = Rounds(shops, self._over)
        self._not_before: dict[tuple[str, str], float] = {}
        self._done: dict[str, str] = {}  # the day on which nothing was left to do for a shop

    def start(self, bot: Bot) -> None:
        self._task = asyncio.create_task(self._for_ever(bot))

    async def stop(self) -> None:
        """What is being done is left if it takes long: it is whole or not there."""
        self._over.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=self.patience)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _for_ever(self, bot: Bot) -> None:
        pause = self.first_after
        while not await self._rounds.over_within(pause):
            pause = self.seconds
            try:
                async for shop in self._rounds.each():
                    await self._look_after(shop, bot)
            except EngineError:
                logger.warning("the shops could not be looked up; trying again", exc_info=True)

    async def _look_after(self, shop: Shop, bot: Bot) -> None:
        today = f"{shop.now().astimezone():%Y-%m-%d}"
        if self._done.get(str(shop.path)) == today:
            return
        try:
            if not await self.look(shop, bot):
                self._done[str(shop.path)] = today
        except EngineError:
            logger.warning("what is due today could not be looked up; trying again", exc_info=True)
        except Exception:  # one that cannot be done must not end all of it
            logger.exception("what is due today could not be done")

    async def look(self, shop: Shop, bot: Bot) -> int:
        """Do what is due, and tell what went wrong with it; how much was due."""
        now = asyncio.get_running_loop().time()
        due = await asyncio.to_thread(due_today, shop)
        for work in due:
            if self._over.is_set():
                break
            if self._not_before.get((str(shop.path), work.name), now) > now:
                continue
            self._not_before[str(shop.path), work.name] = now + self.again_after
            news = await asyncio.to_thread(do_today, shop, work)
            if news is not None:
                await self._tell(shop, bot, news)
        return len(due)

    async def _tell(self, shop: Shop, bot: Bot, news: Phrase) -> None:
        for chat in await asyncio.to_thread(owners_chats, shop):
            if chat.role != "owner":
                continue
            code = chat.language or self.default_language or code_of(None)
            try:
                async with asyncio.timeout(self.telling):
                    await deliver(bot, chat.chat_id, says(news), language(code))
            except (TelegramError, TimeoutError):
                logger.warning("what went wrong today could not be told", exc_info=True)
