"""What the bot takes back."""

from __future__ import annotations

from bot.localchat.arguments import Arguments, whole_number
from bot.localchat.conversation import Conversation
from bot.localchat.methods import method
from bot.localchat.refusals import bad_request

MAX_MESSAGES = 100


@method("deleteMessage")
async def delete_message(conversation: Conversation, arguments: Arguments) -> bool:
    arguments.chat()
    number = arguments.number("message_id")
    if not number:
        raise bad_request("message identifier is not specified")
    if not _delete(conversation, [number]):
        raise bad_request("message to delete not found")
    return True


@method("deleteMessages")
async def delete_messages(conversation: Conversation, arguments: Arguments) -> bool:
    """Those that are not there are passed over, as Telegram does."""
    arguments.chat()
    numbers = arguments.listed("message_ids") or []
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > MAX_MESSAGES:
        raise bad_request("too many messages to delete")
    _delete(conversation, [whole_number(number) for number in numbers])
    return True


def _delete(conversation: Conversation, numbers: list[int]) -> list[int]:
    with conversation.history.transaction():
        deleted = conversation.history.delete_messages(numbers)
    if deleted:
        conversation.feed.publish("deleted", message_ids=deleted)
    return deleted
