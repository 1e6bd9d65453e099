"""A Reply on its way into the chat, message by message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.replies import CAPTION_LIMIT, Buttons, File, Lines, Picture, Reply, Text, messages
from engine import Language

logger = logging.getLogger(__name__)

# seconds between tries while Telegram cannot be reached
PAUSES = (1, 2, 4, 8, 16, 32, 60)


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
    for text in texts[:-1]:
        yield Outgoing(text)
    yield Outgoing(texts[-1], buttons)


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
    try:
        await bot.edit_message_text(
            message.html,
            chat_id,
            message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(message.buttons, language),
        )
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
    with suppress(BadRequest, TimedOut):
        await bot.edit_message_reply_markup(chat_id, message_id, reply_markup=keyboard(text.buttons, language))


async def patiently(send: Callable[[], Awaitable[None]]) -> None:
    """Send, and try again while Telegram cannot be reached.

    What timed out may have arrived, so it is not repeated.
    """
    for pause in (*PAUSES, None):
        try:
            await send()
        except TimedOut:
            logger.warning("a message timed out; it may have arrived and is not repeated")
        except BadRequest:
            raise
        except NetworkError as error:
            unreachable = isinstance(error.__cause__, httpx.ConnectError) or error.__cause__ is None
            if pause is None or not unreachable:
                raise
            await asyncio.sleep(pause)
            continue
        return
