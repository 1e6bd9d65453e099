"""From an update to its answer: who asks, what is asked, the work, the reply. Nothing here computes."""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from telegram import Bot, CallbackQuery, Message, Update
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import ContextTypes

from bot.access import Access
from bot.bounds import UPLOADS
from bot.commands import Command, Request, commands
from bot.delivery import deliver, patiently
from bot.inbox import insisting, said_in, stored
from bot.jobs import Jobs, WorkFailed
from bot.language import code_of, language
from bot.replies import Buttons, File, Reply, Text, says
from bot.roles import OWNER, refusal_of_helper
from bot.shown import Shown, Sight
from bot.watched import Watched
from engine import (
    OUT_OF_ORDER,
    Cancelled,
    Chat,
    EngineError,
    Inbox,
    NotAllowed,
    NotFound,
    Phrase,
    Shop,
    StoreError,
    code_in,
    is_opting_out,
    owners_chats,
    set_awaited,
    set_language,
    silent,
)

logger = logging.getLogger(__name__)

GRACE = 60.0  # seconds for work that must not break off in the middle, such as a mail that is being sent
MOST_BYTES = 20_000_000
MOST_OF_NAME = 200
LONGEST_OUTCOME = 4096
LONGEST_NAME = 32  # of a command
LONG_NUMBER = re.compile(r"\d{100}")
# an outcome that is told by itself, also one that is not quite as `engine.intake.outcomes` reads it: A 3/, A 3 of 26
OUTCOME = re.compile(
    r"\s*(?:variant|version|group|版本|方案)?\s*[A-Z]{1,2}\s*(?:组|版|方案)?\s*[:=,]?\s*"
    r"(?:[-+−–]?[\d.,]*\s*/|[-+−–]?\d[\d.,]*\s*(?:(?:out )?of\b|[人个单]|%|$))",
    re.I,
)


@dataclass(frozen=True)
class Asked:
    """A command on its way: what is to run, with what, the message with a file, the one whose button was pressed."""

    command: Command
    request: Request
    attached: Message | None = None
    pressed: int | None = None


class Conversation:
    """Answers updates, one at a time per chat. It keeps nothing that the store does not have."""

    def __init__(self, access: Access, jobs: Jobs, inbox: Inbox, default_language: str | None) -> None:
        self.access = access
        self.inbox = inbox
        self.jobs = jobs
        self.default_language = default_language
        self.shown = Shown()
        self._stopped: set[int] = set()

    def at_arrival(self, update: Update) -> None:
        """Lets /cancel reach work that is under way, ahead of its turn."""
        said = said_in(update).split("@")[0].strip()
        if said == "/cancel" and update.effective_chat is not None and self.jobs.cancel(update.effective_chat.id):
            self._stopped.add(update.update_id)

    async def answer(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The answer to one update, from the check of who asks to the last message of the reply."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None:
            return
        shop = await self.access.shop_of(user.id, chat.id)
        if shop is None:
            return
        shop = shop.caused_by(f"update:{update.update_id}")
        known = await asyncio.to_thread(self.access.guest, shop, chat.id, user.id, said_in(update))
        if known is None:
            # let in when it was stored, and no more: the door says so to whatever comes next
            return
        query = update.callback_query
        if query is not None:
            await _acknowledge(query)
        code = self._language(known, user.language_code)
        if update.update_id in self._stopped:
            self._stopped.discard(update.update_id)
            return
        try:
            asked = self._asked(update, known, code)
            if not asked.command.open_to(known.role, asked.request.text):
                raise refusal_of_helper()
            reply = await self._run(context.bot, shop, asked)
        except EngineError as error:
            asked = Asked(commands()["help"], Request(code))
            # what was asked for is still asked for, until it is answered or another command comes
            awaits = None if said_in(update).startswith("/") else known.awaits
            reply = replace(says(self._sentence(error)), awaits=awaits)
        except WorkFailed:
            asked = Asked(commands()["help"], Request(code))
            reply = _our_fault()
        if asked.command.long and await asyncio.to_thread(self.access.guest, shop, chat.id, user.id) is None:
            return  # let in no more since the work began
        for ended in reply.ends:
            self.jobs.cancel(ended)
        reply = seen_by(known.role, reply)
        if reply.awaits != known.awaits:
            await insisting(set_awaited, shop, chat.id, reply.awaits)
        if reply.language is not None:
            await insisting(set_language, shop, known.user_id, reply.language)
            code = reply.language
        await self._deliver(context.bot, update.update_id, chat.id, reply, code, asked.pressed)
        if reply.for_owner is not None:
            await self._tell_owner(context.bot, shop, chat.id, reply.for_owner)

    async def apologise(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The answer to an update whose handling failed: by a fault of ours, or the store's."""
        error = context.error
        logger.error("an update could not be handled", exc_info=error)
        if not isinstance(update, Update) or update.effective_chat is None or isinstance(error, TelegramError):
            return
        user = update.effective_user
        code = self._language(None, None if user is None else user.language_code)
        reply = says(self._sentence(error)) if isinstance(error, EngineError) else _our_fault()
        try:
            await self._deliver(context.bot, update.update_id, update.effective_chat.id, reply, code, None)
        except TelegramError:
            logger.warning("the apology could not be sent either", exc_info=True)

    def _sentence(self, error: EngineError) -> Phrase:
        """What the founder can do about it; the paths of a machine that somebody else runs are not theirs to know."""
        return OUT_OF_ORDER if self.access.several and isinstance(error, StoreError) else error.phrase

    def _language(self, known: Chat | None, tag: str | None) -> str:
        if known is not None and known.language is not None:
            return known.language
        return self.default_language or code_of(tag)

    def _asked(self, update: Update, known: Chat, code: str) -> Asked:
        """What the update asks for.

        Raises EngineError where it asks for nothing that the bot knows.
        """
        who = f"user {known.user_id}"
        chat = update.effective_chat
        request = Request(code, who, chat_id=known.chat_id, chat_name=(chat and chat.title) or "", role=known.role)
        query, message = update.callback_query, update.effective_message
        if query is not None:
            pressed = message.message_id if isinstance(message, Message) else None
            return replace(_line(query.data or "", replace(request, pressed=True)), pressed=pressed)
        if message is None:
            raise NotAllowed(UNREADABLE)
        said = (message.text or message.caption or "").strip()
        if message.document is not None:
            # a file completes what is awaited, or a command in its caption, or is data to import
            line = said if said.startswith("/") else (known.awaits or "/import")
            return replace(_line(line, request), attached=message)
        if not said:
            raise NotAllowed(UNREADABLE)
        if said.startswith("/"):
            return _line(said, request)
        if known.awaits is not None:
            return _line(f"{known.awaits} {said}", request)
        if code_in(said) is not None:
            return _line("/start", request)  # whoever has just shown it is greeted
        if OUTCOME.match(" ".join(unicodedata.normalize("NFKC", said[:LONGEST_OUTCOME]).split())):
            return _line(f"/outcome {said}", request)
        if is_opting_out(said):
            return _line(f"/unsubscribe {said}", request)
        raise NotAllowed(
            Phrase("I know commands and files: send an export of your orders as a file, or /help for what I can do.")
        )

    async def _tell_owner(self, bot: Bot, shop: Shop, asker: int, text: Text) -> None:
        """What the owner hears in their own chat; that it cannot be said there is no fault of whoever asked."""
        for chat in await asyncio.to_thread(owners_chats, shop):
            if chat.chat_id == asker:
                continue
            try:
                await deliver(bot, chat.chat_id, Reply((text,)), language(self._language(chat, None)))
            except TelegramError:
                logger.warning("the owner could not be told", exc_info=True)

    async def _run(self, bot: Bot, shop: Shop, asked: Asked) -> Reply:
        command = asked.command
        from_chat = command.reads or asked.attached is not None
        if not command.long and not from_chat:
            async with self._with_file(bot, shop, asked) as request:
                return await asyncio.to_thread(command.run, shop, request, silent)
        draws = command.only_draws(asked.request.text)
        before = Sight.now(shop, command.name, asked.request) if draws and not from_chat else None
        shown = self.shown.reply(before)
        if shown is not None:
            return shown
        chat_id = asked.request.chat_id
        with self.jobs.under_way(chat_id):
            async with Watched(bot, asked.request) as watched, self._with_file(bot, shop, asked) as request:
                try:
                    reply = await self.jobs.run(
                        chat_id,
                        watched.note,
                        command.run,
                        shop,
                        request,
                        grace=GRACE if command.stopped else 0.0,
                        bounds=UPLOADS if from_chat else None,
                        computes=not draws,
                    )
                except Cancelled:
                    if command.stopped is None:
                        raise
                    return says(command.stopped)
        if before is not None:
            self.shown.keep(before, Sight.now(shop, command.name, asked.request), reply)
        return reply

    @asynccontextmanager
    async def _with_file(self, bot: Bot, shop: Shop, asked: Asked) -> AsyncIterator[Request]:
        """The request with the file that came along, which is here for as long as it is needed."""
        message = asked.attached
        if message is None or message.document is None:
            yield asked.request
            return
        document = message.document
        if (document.file_size or 0) > MOST_BYTES:
            raise NotAllowed(TOO_LARGE)
        folder = shop.files / "received"
        await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{message.chat_id}-{message.message_id}"
        try:
            await _download(bot, document.file_id, path)
            yield replace(asked.request, file=path, file_name=_plain(document.file_name or "") or path.name)
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _deliver(
        self, bot: Bot, update_id: int, chat_id: int, reply: Reply, code: str, pressed: int | None
    ) -> None:
        async def on_delivered(parts: int, is_all: bool) -> None:
            if is_all:  # goes to the disk together with the end of the update, or just before
                self.inbox.note_delivered(update_id, parts)
            else:
                await stored(lambda: self.inbox.note_delivered(update_id, parts))

        skip = self.inbox.delivered(update_id)
        await deliver(bot, chat_id, reply, language(code), pressed=pressed, skip=skip, on_delivered=on_delivered)


UNREADABLE = Phrase("I can read text and files only. Send an export of your orders as a file, or /help.")
TOO_LARGE = Phrase(
    "Telegram hands me files up to 20 MB only. Send it as Parquet, XLSX or in parts, "
    "or import it where Zhike runs: zhike import FILE"
)
GONE = Phrase("Telegram does not have this file any more: send it again.")
KEPT_BACK = Phrase("Telegram did not hand me this file, however often I asked: send it again.")


def _our_fault() -> Reply:
    return says(
        Phrase("Something went wrong on my side, and it is in the log. What was saved before is safe; try again.")
    )


async def _download(bot: Bot, file_id: str, path: Path) -> None:
    async def fetch() -> None:
        file = await bot.get_file(file_id)
        await file.download_to_drive(path)

    try:
        await patiently(fetch, harmless=True)
    except BadRequest as error:
        raise NotAllowed(TOO_LARGE if "too big" in str(error) else GONE) from error
    except NetworkError as error:
        raise NotAllowed(KEPT_BACK) from error


async def _acknowledge(query: CallbackQuery) -> None:
    try:
        await query.answer()
    except TelegramError:
        # pressed long ago, before a restart: Telegram has given up the question, the founder has not; and whatever else
        # keeps this courtesy from arriving, what the button asks for is done
        logger.info("a button's question could not be acknowledged", exc_info=True)


def seen_by(role: str, reply: Reply) -> Reply:
    """The reply without the buttons that this role may not press."""
    if role == OWNER:
        return reply
    parts = tuple(
        part if isinstance(part, File) else replace(part, buttons=_open_to(role, part.buttons)) for part in reply.parts
    )
    settled = reply.settled
    return replace(
        reply,
        parts=parts,
        settled=None if settled is None else replace(settled, buttons=_open_to(role, settled.buttons)),
    )


def _open_to(role: str, buttons: Buttons) -> Buttons:
    rows = (tuple(button for button in row if _is_open(role, button.line)) for row in buttons)
    return tuple(row for row in rows if row)


def _is_open(role: str, line: str) -> bool:
    name, _, text = line.partition(" ")
    command = commands().get(name.removeprefix("/"))
    return command is not None and command.open_to(role, text)


def _plain(name: str) -> str:
    """A file's name without folders and without what hides or turns the direction of writing; its end, if it is long.

    Empty where nothing is left.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip()[-MOST_OF_NAME:]
    return shown if shown.strip(".") else ""


def _line(line: str, request: Request) -> Asked:
    """A command line such as `/campaign 12 win_back`.

    Raises NotFound with the nearest command that there is, NotAllowed for a number that is none.
    """
    if LONG_NUMBER.search(line):
        raise NotAllowed(Phrase("No number that I know has so many digits."))
    head, _, text = line.partition(" ")
    if "\n" in head:
        head, _, rest = head.partition("\n")
        text = f"{rest} {text}"
    name = head.removeprefix("/").split("@")[0].lower()[:LONGEST_NAME]
    command = commands().get(name)
    if command is None:
        nearest = get_close_matches(name, list(commands()), n=1)
        if nearest:
            raise NotFound(
                Phrase(
                    "There is no command /{name}. Did you mean /{nearest}? /help shows all.",
                    name=name,
                    nearest=nearest[0],
                )
            )
        raise NotFound(Phrase("There is no command /{name}. /help shows what there is.", name=name))
    return Asked(command, replace(request, text=text.strip()))
