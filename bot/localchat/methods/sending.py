"""What the bot says: text, pictures, documents, albums."""

from __future__ import annotations

import secrets

from bot.localchat.arguments import Arguments, whole_number
from bot.localchat.conversation import Conversation
from bot.localchat.keyboards import inline_keyboard
from bot.localchat.media import described_medium, medium
from bot.localchat.methods import method
from bot.localchat.refusals import Json, bad_request
from bot.localchat.writing import caption, message_text

ALBUM = range(2, 11)


@method("sendMessage")
async def send_message(conversation: Conversation, arguments: Arguments) -> Json:
    arguments.chat()
    content = message_text(arguments)
    return conversation.bot_says(content, **_frame(conversation, arguments))[0]


@method("sendPhoto")
async def send_photo(conversation: Conversation, arguments: Arguments) -> Json:
    return await _send_file(conversation, arguments, "photo")


@method("sendDocument")
async def send_document(conversation: Conversation, arguments: Arguments) -> Json:
    return await _send_file(conversation, arguments, "document")


@method("sendMediaGroup")
async def send_media_group(conversation: Conversation, arguments: Arguments) -> list[Json]:
    arguments.chat()
    given = arguments.listed("media") or []
    if len(given) not in ALBUM:
        raise bad_request("there are no messages to send" if not given else "an album must include 2-10 items")
    contents = [await described_medium(conversation, arguments, one) for one in given]
    if len({"photo" in content for content in contents}) > 1:
        raise bad_request("documents can't be mixed with other media types")
    frame = {**_frame(conversation, arguments), "media_group_id": str(secrets.randbits(53))}
    return conversation.bot_says(*contents, **frame)


async def _send_file(conversation: Conversation, arguments: Arguments, kind: str) -> Json:
    arguments.chat()
    words, frame = caption(arguments), _frame(conversation, arguments)
    return conversation.bot_says({**await medium(conversation, arguments, kind, kind), **words}, **frame)[0]


def _frame(conversation: Conversation, arguments: Arguments) -> Json:
    """The keyboard under a message and the message that it answers."""
    frame: Json = {"reply_markup": inline_keyboard(arguments)}
    given = arguments.mapped("reply_parameters") or {"message_id": arguments.number("reply_to_message_id")}
    number = whole_number(given.get("message_id"))
    answered = conversation.history.message(number) if number else None
    if answered is not None:
        frame["reply_to_message"] = {name: value for name, value in answered.items() if name != "reply_to_message"}
    elif number and not (given.get("allow_sending_without_reply") or arguments.flag("allow_sending_without_reply")):
        raise bad_request("message to be replied not found")
    if arguments.flag("protect_content"):
        frame["has_protected_content"] = True
    return frame
