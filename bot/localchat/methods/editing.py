"""What the bot changes in what it said."""

from __future__ import annotations

from bot.localchat.arguments import Arguments
from bot.localchat.conversation import Conversation
from bot.localchat.keyboards import inline_keyboard
from bot.localchat.media import described_medium
from bot.localchat.methods import method
from bot.localchat.refusals import Json, bad_request
from bot.localchat.writing import caption, message_text

TEXT = ("text", "entities")
CAPTION = ("caption", "caption_entities")
MEDIA = ("photo", "document", *CAPTION)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@method("editMessageText")
async def edit_message_text(conversation: Conversation, arguments: Arguments) -> Json:
    message = _message_to_edit(conversation, arguments)
    content = message_text(arguments)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _edit(conversation, arguments, message, TEXT, content)


@method("editMessageCaption")
async def edit_message_caption(conversation: Conversation, arguments: Arguments) -> Json:
    message = _message_to_edit(conversation, arguments)
    content = caption(arguments)
    if "text" in message:
        raise bad_request("there is no caption in the message to edit")
    return _edit(conversation, arguments, message, CAPTION, content)


@method("editMessageMedia")
async def edit_message_media(conversation: Conversation, arguments: Arguments) -> Json:
    _message_to_edit(conversation, arguments)
    content = await described_medium(conversation, arguments, arguments.mapped("media"))
    # The message is read again: it may have changed while the file was written
    message = _message_to_edit(conversation, arguments)
    return _edit(conversation, arguments, message, (*MEDIA, *TEXT), content)


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(conversation: Conversation, arguments: Arguments) -> Json:
    message = _message_to_edit(conversation, arguments)
    return _edit(conversation, arguments, message, (), {})


def _message_to_edit(conversation: Conversation, arguments: Arguments) -> Json:
    arguments.chat()
    number = arguments.number("message_id")
    if not number:
        raise bad_request("message identifier is not specified")
    message = conversation.history.message(number)
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != conversation.bot["id"]:
        raise bad_request("message can't be edited")
    return message


def _edit(
    conversation: Conversation, arguments: Arguments, message: Json, fields: tuple[str, ...], content: Json
) -> Json:
    """Puts `content` in the place of `fields`; a keyboard that is not given again goes."""
    keyboard = inline_keyboard(arguments)
    kept = {name: value for name, value in message.items() if name not in {*fields, "reply_markup"}}
    edited = {**kept, **content, **({"reply_markup": keyboard} if keyboard else {})}
    if edited == message:
        raise bad_request(NOT_MODIFIED)
    return conversation.bot_edits(edited)
