"""A Reply on its way into the chat, message by message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, repeat
from typing import TypeVar

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.replies import CAPTION_LIMIT, Buttons, File, Lines, Picture, Reply, Text, messages
from engine import Language

logger = logging.getLogger(__name__)

# seconds between tries while Telegram cannot be reached, the last one for ever
PAUSES = (1, 2, 4, 8, 16, 32, 60)
MOST_BROKEN = 2  # repetitions of what may have arrived before the connection broke
MOST_ERRORS = 100  # of Telegram's own, one after the other: some two hours
NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Outgoing:
    """One message of a reply."""

    html: str
    buttons: Buttons = ()
    picture: bytes | None = None
    document: tuple[str, bytes] | None = None


def outgoing(reply: Reply, language: Language) -> list[Outgoing]:
    """The messages that make up a reply, in order."""
    return [message for part in reply.parts for message in _of_part(part, language)]


def _of_part(part: Text | Picture | File, language: Language) -> Iterator[Outgoing]:
    if isinstance(part, Text):
        yield from _texts(part.lines, part.buttons, language)
        return
    captions = messages(part.lines, language, CAPTION_LIMIT)
    fits = len(captions) <= 1
    caption = captions[0] if captions and fits else ""
    if isinstance(part, File):
        yield Outgoing(caption, document=(part.name, part.content))
    else:
        yield Outgoing(caption, part.buttons if fits else (), picture=part.content)
    if not fits:
        yield from _texts(part.lines, part.buttons if isinstance(part, Picture) else (), language)


def _texts(lines: Lines, buttons: Buttons, language: Language) -> Iterator[Outgoing]:
    texts = messages(lines, language)
    for number, text in enumerate(texts, start=1):
        yield Outgoing(text, buttons if number == len(texts) else ())


def keyboard(buttons: Buttons, language: Language) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.label.say(language), callback_data=b.line) for b in row] for row in buttons]
    )


async def deliver(
    bot: Bot,
    chat_id: int,
    reply: Reply,
    language: Language,
    *,
    pressed: int | None = None,
    skip: int = 0,
    on_delivered: Callable[[int, bool], Awaitable[None]] | None = None,
) -> None:
    """Send a reply, but for its first `skip` messages; `on_delivered` hears how many are out, and if that is all.

    `pressed` is the message whose button was pressed, which a reply in place replaces.
    """
    if reply.settled is not None and pressed is not None:
        await _settle(bot, chat_id, pressed, reply.settled, language)
    sending = outgoing(reply, language)
    for number, message in enumerate(sending, start=1):
        if number <= skip:
            continue
        replaced = False
        if number == 1 and reply.in_place and pressed is not None and message.picture is None:
            replaced = await _replace(bot, chat_id, pressed, message, language)
        if not replaced:
            await patiently(lambda message=message: _send(bot, chat_id, message, language))  # type: ignore[misc]
        if on_delivered is not None:
            await on_delivered(number, number == len(sending))


async def _send(bot: Bot, chat_id: int, message: Outgoing, language: Language) -> None:
    buttons = keyboard(message.buttons, language)
    if message.picture is not None:
        await bot.send_photo(
            chat_id, message.picture, caption=message.html, parse_mode=ParseMode.HTML, reply_markup=buttons
        )
    elif message.document is not None:
        name, content = message.document
        await bot.send_document(
            chat_id, InputFile(content, filename=name), caption=message.html, parse_mode=ParseMode.HTML
        )
    else:
        await bot.send_message(chat_id, message.html, parse_mode=ParseMode.HTML, reply_markup=buttons)


async def _replace(bot: Bot, chat_id: int, message_id: int, message: Outgoing, language: Language) -> bool:
    async def edit() -> None:
        await bot.edit_message_text(
            message.html,
            chat_id,
            message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(message.buttons, language),
        )

    try:
        await patiently(edit, harmless=True)
    except BadRequest as error:
        # A picture has no text to edit, and an old message may be gone: then the answer is a message of its own.
        return "not modified" in str(error)
    except TimedOut:
        return True
    return True


async def _settle(bot: Bot, chat_id: int, message_id: int, text: Text, language: Language) -> None:
    """Put `text` in the place of a message; of one that was too long for a single message only the buttons."""
    whole = list(_texts(text.lines, text.buttons, language))
    if len(whole) == 1:
        await _replace(bot, chat_id, message_id, whole[0], language)
        return
    buttons = keyboard(text.buttons, language)
    with suppress(BadRequest, TimedOut):
        await patiently(lambda: bot.edit_message_reply_markup(chat_id, message_id, reply_markup=buttons), harmless=True)


async def patiently(send: Callable[[], Awaitable[Result]], *, harmless: bool = False) -> Result | None:
    """What `send` gives, tried again while Telegram cannot be reached, asks to wait or has trouble of its own.

    None for what may have arrived, and is not repeated: what timed out on its way, and what broke off again and again.
    `harmless` says that a repetition does no harm; then that is repeated as well, and raised if it stays so.
    Raises TelegramError for what Telegram refuses.
    """
    pauses = chain(PAUSES, repeat(PAUSES[-1]))
    broken = errors = 0
    while True:
        try:
            return await send()
        except RetryAfter as error:
            asked = error.retry_after
            pause = asked.total_seconds() if isinstance(asked, timedelta) else asked
        except BadRequest:
            raise
        except NetworkError as error:
            cause = error.__cause__
            if not isinstance(cause, httpx.HTTPError):
                errors += 1
                if errors > MOST_ERRORS or "too large" in str(error).lower():
                    raise
            elif not isinstance(cause, NEVER_ARRIVED):
                broken += 1
                if harmless and broken > len(PAUSES):
                    raise
                if not harmless and (broken > MOST_BROKEN or isinstance(error, TimedOut)):
                    logger.warning("a message may have arrived and is not repeated: %s", type(cause).__name__)
                    return None
            pause = next(pauses)
        await asyncio.sleep(pause)
