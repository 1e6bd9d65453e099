"""What a known person reads while the store takes nothing: once in a while, and without the store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from telegram import Bot, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.inbox import OnTrouble
from bot.language import code_of, language
from bot.replies import markup
from engine import Chat, EngineError, Phrase, Shop, StoreError, owners_chats, paired_chat

logger = logging.getLogger(__name__)


class Trouble:
    """Tells whoever is let in that nothing can be stored. A stranger hears nothing.

    Who is let in is asked of the store, or where that cannot be read either, remembered from the start.
    """

    pause = 600.0  # seconds between two such messages in a chat

    def __init__(self, shop: Shop, default_language: str | None, bot: Callable[[], Bot]) -> None:
        self.shop = shop
        self.default_language = default_language
        self._bot = bot
        self._known: tuple[Chat, ...] = ()
        self._told: dict[int, float] = {}

    async def remember(self) -> None:
        self._known = await asyncio.to_thread(owners_chats, self.shop)

    def of(self, update: Update) -> OnTrouble:
        """What hears of the trouble with this update."""

        async def tell(error: StoreError) -> None:
            chat, user = update.effective_chat, update.effective_user
            if chat is not None and user is not None:
                await self.tell(chat.id, user.id, error)

        return tell

    async def tell(self, chat_id: int, user_id: int, error: StoreError) -> None:
        now = asyncio.get_running_loop().time()
        chat = await self._let_in(chat_id, user_id)
        if chat is None or now - self._told.get(chat_id, -self.pause) < self.pause:
            return
        self._told[chat_id] = now
        phrase = Phrase(
            "I cannot store anything right now, so I cannot answer yet: {why} As soon as it is mended I go on; nothing "
            "is lost.",
            why=error.phrase,
        )
        (text,) = markup((phrase,), language(chat.language or self.default_language or code_of(None)))
        try:
            await self._bot().send_message(chat_id, text, parse_mode=ParseMode.HTML)
        except TelegramError:
            logger.warning("that nothing can be stored could not be told either", exc_info=True)

    async def _let_in(self, chat_id: int, user_id: int) -> Chat | None:
        try:
            return await asyncio.to_thread(paired_chat, self.shop, chat_id, user_id)
        except EngineError:
            found = [chat for chat in self._known if (chat.chat_id, chat.user_id) == (chat_id, user_id)]
            return found[0] if found else None
