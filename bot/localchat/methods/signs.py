"""Small signs of the bot: typing, a draft that grows, a reaction, the answer to a button."""

from __future__ import annotations

import time
from typing import Any

from bot.localchat.arguments import Arguments
from bot.localchat.conversation import Conversation
from bot.localchat.methods import method
from bot.localchat.refusals import bad_request
from bot.localchat.writing import message_text

ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "record_audio",
    "upload_audio", "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
MAX_ANSWER = 200
# Telegram forgets a pressed button after about a quarter of an hour
ANSWER_SECONDS = 15 * 60
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@method("sendChatAction")
async def send_chat_action(conversation: Conversation, arguments: Arguments) -> bool:
    arguments.chat()
    action = arguments.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    conversation.feed.publish("action", action=action)
    return True


@method("sendMessageDraft")
async def send_message_draft(conversation: Conversation, arguments: Arguments) -> bool:
    arguments.chat()
    draft = arguments.number("draft_id")
    if not draft:
        raise bad_request("draft_id must be non-zero")
    conversation.feed.publish("draft", draft_id=draft, **message_text(arguments, may_be_empty=True))
    return True


@method("setMessageReaction")
async def set_message_reaction(conversation: Conversation, arguments: Arguments) -> bool:
    arguments.chat()
    given = arguments.listed("reaction") or []
    if len(given) > 1 or not all(map(_is_reaction, given)):
        raise bad_request("REACTION_INVALID")
    number = arguments.number("message_id")
    if not conversation.history.react(number, given):
        raise bad_request("message to react not found")
    conversation.show_again(number)
    return True


@method("answerCallbackQuery")
async def answer_callback_query(conversation: Conversation, arguments: Arguments) -> bool:
    press = conversation.history.press(arguments.number("callback_query_id"))
    if press is None or time.time() - press.at > ANSWER_SECONDS:
        raise bad_request(TOO_OLD)
    text = arguments.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    alert, url = arguments.flag("show_alert"), arguments.text("url")
    conversation.feed.publish("answer", key=press.key, text=text, show_alert=alert, url=url)
    return True


def _is_reaction(given: Any) -> bool:
    """Whether it is an emoji that a bot may react with."""
    from telegram.constants import ReactionEmoji

    if not isinstance(given, dict) or given.get("type") != "emoji":
        return False
    return given.get("emoji") in {emoji.value for emoji in ReactionEmoji}
