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
from engine import Shop, VerdictNews, note_told, note_untold, owners_chats, verdict_news

logger = logging.getLogger(__name__)


class Digest(Rounds):
    """Looks now and then for what is new. It keeps nothing that the store does not have.

    It is noted that something is told before it is sent, and taken back where Telegram says that it did not arrive:
    after a restart nothing is told twice.
    """

    what = "what is new"
    at_least_every = 3600.0  # seconds, also at a shop where nothing has changed
    patience = 3.0

    def __init__(self, shops: Callable[[], Sequence[Shop]], default_language: str | None) -> None:
        super().__init__(shops, default_language)
        self._unchanged = Unchanged(self.at_least_every)

    async def look_after(self, shop: Shop, bot: Bot) -> None:
        if self._unchanged.since(shop):
            return
        state = stamp(shop)
        # whom a forgetting that was cut off has left traces of
        await asyncio.to_thread(finish_forgetting_everywhere, shop)
        await self.look(shop, bot)
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
