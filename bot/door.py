"""The door: what comes from strangers is turned away before it is stored, at a cost that has a limit.

    Telegram ──> Door.admits ──> the inbox          (who is let in, and whoever shows a code that works)
                     └──> at most a few short answers an hour, nothing kept      (everybody else)

Groups and channels are refused unless the owner allowed them. In a group that is not allowed nothing is said, but for
one sentence when the owner has brought the bot there; a group that somebody else brings it to is left.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from telegram import Bot, ChatMemberUpdated, Update, User
from telegram import Chat as TelegramChat
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.access import Access, is_allowing
from bot.delivery import deliver
from bot.inbox import OnTrouble, insisting, said_in
from bot.language import code_of, language
from bot.replies import Reply, says
from bot.replies.helpers import brought_reply, paired_news
from engine import Chat, EngineError, Guests, NotAllowed, Phrase, Shop, code_in, forbid_group, redeem_code

logger = logging.getLogger(__name__)

HOUR = 3600.0  # seconds
ANSWERS = 5  # to a stranger in an hour
ANSWERS_TO_ALL = 60
TRIES = 10  # that are looked at, of a stranger in an hour; the store counts the wrong ones more strictly
TRIES_OF_ALL = 200  # of which the beginning is wrong already
MOST_REMEMBERED = 1000  # strangers
GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
IN_IT = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)

STRANGER = Phrase(
    "This assistant belongs to one shop and talks to its owner only. "
    "If it is yours, send the pairing code that its console shows."
)
WRONG = Phrase("This code does not work: it is good once, and not for long. Ask for a new one.")


@dataclass
class Hour:
    """What was done for somebody since `began`."""

    began: float
    answers: int = 0
    tries: int = 0


@dataclass
class Strangers:
    """How much was done for each of the strangers seen last, and for all; the oldest is forgotten first."""

    clock: Callable[[], float] = time.monotonic
    _hours: OrderedDict[int, Hour] = field(default_factory=OrderedDict)
    _all: Hour = field(default_factory=lambda: Hour(float("-inf")))

    def may_try(self, user_id: int) -> bool:
        """Whether one more code of this user's is looked at; counts it."""
        hour = self._of(user_id)
        hour.tries += 1
        return hour.tries <= TRIES

    def may_guess(self) -> bool:
        """Whether one more code that cannot be right is noted down; counts it."""
        self._begin_anew()
        self._all.tries += 1
        return self._all.tries <= TRIES_OF_ALL

    def may_have_answer(self, user_id: int) -> bool:
        """Whether one more answer goes to this user; counts it."""
        hour = self._of(user_id)
        self._begin_anew()
        if hour.answers >= ANSWERS or self._all.answers >= ANSWERS_TO_ALL:
            return False
        hour.answers += 1
        self._all.answers += 1
        return True

    def _begin_anew(self) -> None:
        if self._all.began + HOUR <= self.clock():
            self._all = Hour(self.clock())

    def _of(self, user_id: int) -> Hour:
        hour = self._hours.pop(user_id, None)
        if hour is None or hour.began + HOUR <= self.clock():
            hour = Hour(self.clock())
        self._hours[user_id] = hour
        if len(self._hours) > MOST_REMEMBERED:
            self._hours.popitem(last=False)
        return hour


class Door:
    """Decides over each update before it is stored. It keeps nothing that would grow."""

    def __init__(
        self,
        access: Access,
        default_language: str | None,
        on_trouble: Callable[[Update], OnTrouble | None] = lambda update: None,
    ) -> None:
        self.access = access
        self.default_language = default_language
        self.on_trouble = on_trouble
        self.strangers = Strangers()
        self._speaking: set[asyncio.Task[None]] = set()

    async def admits(self, update: Update) -> bool:
        """Whether the update is to be stored and handled."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None or user.is_bot:
            return False
        if update.my_chat_member is not None:
            await self._moved(update.my_chat_member, chat, user)
            return False
        if chat.type in GROUPS:
            return await self._is_for_us(update, chat, user)
        if chat.type != ChatType.PRIVATE:
            return False
        guests = await self._guests(update)
        return user.id in guests.users or await self._pairs(update, chat, user, guests)

    async def _guests(self, update: Update | None = None) -> Guests:
        known = self.access.known_guests()
        on_trouble = None if update is None else self.on_trouble(update)
        return await insisting(self.access.guests, on_trouble=on_trouble) if known is None else known

    async def stop(self) -> None:
        """Say no more to strangers."""
        for task in self._speaking:
            task.cancel()
        await asyncio.gather(*self._speaking, return_exceptions=True)

    async def _pairs(self, update: Update, chat: TelegramChat, user: User, guests: Guests) -> bool:
        """Whether this stranger shows a code that works, and so is none any more."""
        code = code_in(update.message.text or "") if update.message is not None else None
        if code is None or not self.strangers.may_try(user.id):
            self._turn_away(update, chat, user)
            return False
        if not guests.may_begin(code) and not self.strangers.may_guess():
            self._turn_away(update, chat, user, WRONG)
            return False
        store = self.access.store.caused_by(f"update:{update.update_id}")
        try:
            paired = await insisting(redeem_code, store, code, chat_id=chat.id, user_id=user.id, name=user.full_name)
        except NotAllowed as error:
            self._turn_away(update, chat, user, error.phrase)
            return False
        if paired is None:
            self._turn_away(update, chat, user, WRONG)
            return False
        for told in paired.told:
            self._say(self._tell(update.get_bot(), told, paired_news(paired)))
        return True

    async def _is_for_us(self, update: Update, chat: TelegramChat, user: User) -> bool:
        """Whether a guest of ours asks in a group that is allowed, or the owner is just allowing it."""
        said = said_in(update)
        if not said.startswith("/"):
            return False
        guests = await self._guests(update)
        _, _, bot = said.split()[0].partition("@")
        if user.id not in guests.users or (bot and bot.lower() != update.get_bot().username.lower()):
            return False
        if chat.id in guests.groups:
            return guests.groups[chat.id] == guests.users[user.id]
        return user.id in guests.owners and is_allowing(said)

    async def _moved(self, moved: ChatMemberUpdated, chat: TelegramChat, user: User) -> None:
        """The bot was brought somewhere, or taken away."""
        if chat.type == ChatType.PRIVATE:
            return
        guests = await self._guests()
        is_in = moved.new_chat_member.status in IN_IT
        if not is_in:
            if chat.id in guests.groups:
                await self._put_out(self.access.shop_named(guests.groups[chat.id]), chat.id, user.id)
            return
        if chat.id in guests.groups or not self.strangers.may_have_answer(user.id):
            return
        bot = moved.get_bot()
        if user.id in guests.owners and chat.type in GROUPS:
            reply, code = brought_reply(), self.default_language or code_of(user.language_code)
            self._say(deliver(bot, chat.id, reply, language(code)))
        else:
            self._say(_quietly(bot.leave_chat(chat.id)))

    async def _put_out(self, shop: Shop, group: int, user_id: int) -> None:
        """The bot is not in this group any more. A store that cannot be written holds up no other shop's updates."""
        try:
            await asyncio.to_thread(forbid_group, shop, group, who=f"user {user_id}")
        except EngineError:
            logger.warning("that a group was left could not be stored", exc_info=True)

    def _turn_away(self, update: Update, chat: TelegramChat, user: User, why: Phrase = STRANGER) -> None:
        if self.strangers.may_have_answer(user.id):
            code = self.default_language or code_of(user.language_code)
            self._say(deliver(update.get_bot(), chat.id, says(why), language(code)))

    async def _tell(self, bot: Bot, chat: Chat, reply: Reply) -> None:
        code = chat.language or self.default_language or code_of(None)
        await deliver(bot, chat.chat_id, reply, language(code))

    def _say(self, saying: Awaitable[object]) -> None:
        """Beside everything else: nobody waits for what strangers are told."""
        task = asyncio.ensure_future(_quietly(saying))
        self._speaking.add(task)
        task.add_done_callback(self._speaking.discard)


async def _quietly(saying: Awaitable[object]) -> None:
    try:
        await saying
    except TelegramError:
        logger.info("a stranger could not be answered", exc_info=True)
