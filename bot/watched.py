"""How long work shows in the chat where it is."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, InlineKeyboardMarkup, Message
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.commands import Request
from bot.delivery import keyboard
from bot.language import language
from bot.replies import Button
from engine import Phrase

logger = logging.getLogger(__name__)


class Watched:
    """The one message in which long work tells where it is, with a button to stop it. Gone when the work ends."""

    quiet_seconds = 1.2  # work that is quicker shows no progress
    between_edits = 1.5
    longest_between_edits = 30.0
    tries = 3  # to take the message away

    def __init__(self, bot: Bot, request: Request) -> None:
        self.bot = bot
        self.chat_id = request.chat_id
        self.language = language(request.language)
        self._latest: tuple[Phrase, float] = (Phrase("Working on it"), 0.0)
        self._message: Message | None = None
        self._task: asyncio.Task[None] | None = None
        self._over = asyncio.Event()

    def note(self, doing: Phrase, share: float) -> None:
        self._latest = (doing, share)

    async def __aenter__(self) -> Watched:
        self._task = asyncio.create_task(self._show())
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._over.set()
        if self._task is not None:
            # not cancelled: a message that is just being sent arrives all the same, and nobody would know its number
            await asyncio.gather(self._task, return_exceptions=True)
        if self._message is not None:
            await self._take_away(self._message)

    async def _take_away(self, message: Message) -> None:
        for left in reversed(range(self.tries)):
            try:
                await message.delete()
            except TelegramError as error:
                passes = isinstance(error, (NetworkError, RetryAfter)) and not isinstance(error, BadRequest)
                if passes and left:
                    await asyncio.sleep(self.quiet_seconds)
                    continue
                logger.info("a progress message could not be removed", exc_info=True)
            return

    async def _show(self) -> None:
        shown, pause = "", self.quiet_seconds
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            await self.bot.send_chat_action(self.chat_id, ChatAction.TYPING)
            while not await self._over_within(pause):
                # the longer it takes, the rarer is news: many that wait would else keep the bot from its work
                pause = min(max(self.between_edits, (clock() - began) / 5), self.longest_between_edits)
                text = self._text()
                if self._message is None:
                    self._message = await self.bot.send_message(self.chat_id, text, reply_markup=self._stop_button())
                elif text != shown:
                    await self._message.edit_text(text, reply_markup=self._stop_button())
                shown = text
        except TelegramError:
            # Progress is a courtesy: the work goes on, and its result tells the rest.
            logger.info("progress could not be shown", exc_info=True)

    async def _over_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._over.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def _text(self) -> str:
        doing, share = self._latest
        filled = round(10 * min(max(share, 0.0), 1.0))
        return f"{doing.say(self.language)} …\n{'▰' * filled}{'▱' * (10 - filled)} {share:.0%}"

    def _stop_button(self) -> InlineKeyboardMarkup | None:
        return keyboard(((Button(Phrase("Stop"), "/cancel"),),), self.language)
