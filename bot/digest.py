"""What the bot says by itself: a verdict that has changed, told to the owner once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from telegram import Bot
from telegram.error import TelegramError

from bot.delivery import deliver
from bot.forgetting import finish_forgetting_everywhere
from bot.language import code_of, language
from bot.replies.results import news_reply
from bot.rounds import Rounds, Unchanged
from bot.shown import stamp
from engine import EngineError, Shop, VerdictNews, note_told, note_untold, owners_chats, verdict_news

logger = logging.getLogger(__name__)


class Digest:
    """Looks now and then for what is new. It keeps nothing that the store does not have.

    It is noted that something is told before it is sent, and taken back where Telegram says that it did not arrive:
    after a restart nothing is told twice.
    """

    seconds = 60.0  # between two looks
    at_least_every = 3600.0  # seconds, also at a shop where nothing has changed
    patience = 3.0  # seconds, once it is to end

    def __init__(self, shops: Callable[[], Sequence[Shop]], default_language: str | None) -> None:
        self.default_language = default_language
        self._task: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self._rounds = Rounds(shops, self._over)
        self._unchanged = Unchanged(self.at_least_every)

    def start(self, bot: Bot) -> None:
        self._task = asyncio.create_task(self._for_ever(bot))

    async def stop(self) -> None:
        """What is being told is told first, if that does not take long."""
        self._over.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=self.patience)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _for_ever(self, bot: Bot) -> None:
        while not await self._rounds.over_within(self.seconds):
            try:
                async for shop in self._rounds.each():
                    await self._look_after(shop, bot)
            except EngineError:
                logger.warning("the shops could not be looked up; trying again", exc_info=True)

    async def _look_after(self, shop: Shop, bot: Bot) -> None:
        if self._unchanged.since(shop):
            return
        state = stamp(shop)
        try:
            # whom a forgetting that was cut off has left traces of
            await asyncio.to_thread(finish_forgetting_everywhere, shop)
            await self.look(shop, bot)
        except EngineError:
            logger.warning("what is new could not be looked up; trying again", exc_info=True)
        except Exception:  # one that cannot be told must not end all telling
            logger.exception("what is new could not be told")
        else:
            self._unchanged.note(shop, state)

    async def look(self, shop: Shop, bot: Bot) -> int:
        """Tell what is new; how much was."""
        chats = await asyncio.to_thread(owners_chats, shop)
        if not chats:
            return 0
        n_told = 0
        for news in await asyncio.to_thread(verdict_news, shop):
            if await asyncio.to_thread(note_told, shop, news.results):
                for chat in chats:
                    code = chat.language or self.default_language or code_of(None)
                    await self._tell(shop, bot, chat.chat_id, code, news)
                n_told += 1
        return n_told

    async def _tell(self, shop: Shop, bot: Bot, chat_id: int, code: str, news: VerdictNews) -> None:
        try:
            await deliver(bot, chat_id, news_reply(news), language(code))
        except asyncio.CancelledError:
            note_untold(shop, news)
            raise
        except TelegramError:
            logger.warning("a verdict could not be told; trying again later", exc_info=True)
            await asyncio.to_thread(note_untold, shop, news)
