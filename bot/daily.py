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
from engine import Phrase, Shop, do_today, due_today, owners_chats

logger = logging.getLogger(__name__)


class DailyWork(Rounds):
    """Looks now and then whether a new day has begun. What has been done is in the store, so a restart repeats nothing.

    Work that failed is tried again after a while; its owner is told once, and once when it works again.
    """

    what = "what is due today"
    first_after = 60.0
    rest = 20.0  # there is all day for it
    again_after = 3600.0  # seconds, for what failed
    telling = 300.0  # seconds at most: the rest of the day's work does not wait until Telegram can be reached

    def __init__(self, shops: Callable[[], Sequence[Shop]], default_language: str | None) -> None:
        super().__init__(shops, default_language)
        self._not_before: dict[tuple[str, str], float] = {}
        self._done: dict[str, str] = {}  # the day on which nothing was left to do for a shop

    async def look_after(self, shop: Shop, bot: Bot) -> None:
        today = f"{shop.now().astimezone():%Y-%m-%d}"
        if self._done.get(str(shop.path)) != today and not await self.look(shop, bot):
            self._done[str(shop.path)] = today

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
