"""A picture or a document of a call, as the fields of a message."""

from __future__ import annotations

from typing import Any

from bot.localchat.arguments import ATTACHED, Arguments
from bot.localchat.conversation import Conversation
from bot.localchat.refusals import Json, bad_request
from bot.localchat.uploads import check_outgoing, document, photo
from bot.localchat.writing import caption

KINDS = ("photo", "document")


async def medium(conversation: Conversation, arguments: Arguments, kind: str, argument: str) -> Json:
    """The field `photo` or `document`, from a new file or one that was sent before. Raises Refused as Telegram does."""
    upload = arguments.upload(argument)
    if upload is not None:
        check_outgoing(upload)
        if kind == "photo":
            return {"photo": await conversation.files.keep_photo(upload)}
        return {"document": await conversation.files.keep_document(upload)}
    known = arguments.text(argument)
    if not known or known.startswith(ATTACHED):
        raise bad_request(f"there is no {kind} in the request")
    file = conversation.files.again(known, f"{kind}s")
    return {kind: photo(file) if kind == "photo" else document(file)}


async def described_medium(conversation: Conversation, arguments: Arguments, given: Any) -> Json:
    """The fields that an `InputMedia` stands for: the file, and its caption."""
    if not isinstance(given, dict) or given.get("type") not in KINDS:
        raise bad_request("can't parse InputMedia: unsupported type specified; here it is photo or document")
    inner = arguments.within(given)
    words = caption(inner)
    return {**await medium(conversation, inner, given["type"], "media"), **words}
