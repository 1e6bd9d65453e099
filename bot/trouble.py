"""What a known person reads while the store takes nothing: once in a while, and without the store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from telegram import Bot, Update, User
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.access import Access
from bot.inbox import OnTrouble
from bot.language import code_of, language
from bot.replies import markup
from engine import EngineError, Phrase, StoreError

logger = logging.getLogger(__name__)

NOT_THEIRS = Phrase(
    "I cannot store anything right now, so I cannot answer yet. Whoever runs this bot for you has to mend it; as soon "
    "as that is done I go on, and nothing is lost."
)


class Trouble:
    """Tells whoever is let in that nothing can be stored. A stranger hears nothing.

    Who is let in is asked of the store, or where that cannot be read either, remembered from before. While one update
    waits to be stored, the library fetches no more: those that wait at Telegram behind it are looked at without being
    taken (`looks_ahead`), so that whoever sent them hears of it as well.
    """

    pause = 600.0  # seconds between two such messages in a chat
    between_looks = 5.0  # seconds
    patience = 10.0  # seconds for a look, and for telling all who are found by it

    def __init__(
        self, access: Access, default_language: str | None, bot: Callable[[], Bot], *, looks_ahead: bool = False
    ) -> None:
        self.access = access
        self.default_language = default_language
        self.looks_ahead = looks_ahead
        self._bot = bot
        self._told: dict[int, float] = {}
        self._looked = float("-inf")

    def of(self, update: Update) -> OnTrouble:
        """What hears of the trouble with this update, again and again while it lasts."""

        async def tell(error: StoreError) -> None:
            await self._tell_all((update,), error)
            now = asyncio.get_running_loop().time()
            if self.looks_ahead and now - self._looked >= self.between_looks:
                self._looked = now
                try:
                    async with asyncio.timeout(self.patience):
                        await self._tell_all(await self._bot().get_updates(timeout=0), error)
                except (TelegramError, TimeoutError):
                    logger.warning("who else waits could not be looked up", exc_info=True)

        return tell

    async def _tell_all(self, updates: Iterable[Update], error: StoreError) -> None:
        """Each chat once."""
        chats = {update.effective_chat.id: update for update in updates if update.effective_chat is not None}
        await asyncio.gather(*(self._tell(chat_id, update, error) for chat_id, update in chats.items()))

    async def _tell(self, chat_id: int, update: Update, error: StoreError) -> None:
        now, user = asyncio.get_running_loop().time(), update.effective_user
        if user is None or now - self._told.get(chat_id, -self.pause) < self.pause:
            return
        code = await self._language_of(chat_id, user)
        if code is None:
            return
        self._told[chat_id] = now
        phrase = Phrase(
            "I cannot store anything right now, so I cannot answer yet: {why} As soon as it is mended I go on; nothing "
            "is lost.",
            why=error.phrase,
        )
        (text,) = markup((NOT_THEIRS if self.access.several else phrase,), language(code))
        try:
            await self._bot().send_message(chat_id, text, parse_mode=ParseMode.HTML)
        except TelegramError:
            logger.warning("that nothing can be stored could not be told either", exc_info=True)

    async def _language_of(self, chat_id: int, user: User) -> str | None:
        """What is spoken in the own chat of somebody who is let in; None in all other chats."""
        if chat_id < 0:
            return None
        own = self.default_language or code_of(user.language_code)
        try:
            shop = await self.access.shop_of(user.id, chat_id)
            chat = None if shop is None else await asyncio.to_thread(self.access.guest, shop, chat_id, user.id)
        except EngineError:
            known = self.access.remembered
            return own if known is not None and user.id in known.users else None
        return None if chat is None else chat.language or own
