"""How the bot gets a file that was sent to it."""

from __future__ import annotations

from bot.localchat.arguments import Arguments
from bot.localchat.conversation import Conversation
from bot.localchat.methods import method
from bot.localchat.refusals import Json, bad_request
from bot.localchat.uploads import MAX_DOWNLOAD


@method("getFile")
async def get_file(conversation: Conversation, arguments: Arguments) -> Json:
    file = conversation.history.file(arguments.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {"file_id": file.id, "file_unique_id": file.content, "file_size": file.size, "file_path": file.path}
