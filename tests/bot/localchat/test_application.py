"""A real application of the bot's library, by polling and by webhook, needs nothing but the two addresses."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes

from bot.localchat import LocalChat
from tests.bot.localchat.conftest import Person


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    await update.message.reply_text(f"hello {context.args}", reply_markup=keys)


async def go(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer()
    await update.callback_query.edit_message_text("gone")


async def last_text(person: Person, expected: str) -> dict[str, Any]:
    """The last message, once its text is `expected`."""
    for _ in range(100):
        message = (await person.sees())[-1]
        if message["text"] == expected:
            return message
        await asyncio.sleep(0.03)
    raise AssertionError(f"the last message is {message['text']!r}")


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_command_and_a_button_are_answered(chat: LocalChat, person: Person, way: str) -> None:
    builder = ApplicationBuilder().token(chat.token).base_url(chat.base_url).base_file_url(chat.base_file_url)
    application = builder.build()
    application.add_handlers([CommandHandler("start", start), CallbackQueryHandler(go)])
    updater = application.updater
    assert updater is not None
    async with application:
        await application.start()
        if way == "polling":
            await updater.start_polling()
        else:
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            address = f"http://127.0.0.1:{port}/hook"
            await updater.start_webhook(
                "127.0.0.1", port, "/hook", webhook_url=address, secret_token="s3cret", drop_pending_updates=True
            )
        await person.says("/start ABC 字")
        message = await last_text(person, "hello ['ABC', '字']")
        await person.presses(message["message_id"], "go")
        await last_text(person, "gone")
        await updater.stop()
        await application.stop()
