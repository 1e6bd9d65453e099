"""The side that the bot talks to: the Bot API's methods, and the download of files."""

from __future__ import annotations

import asyncio
import hmac
from http import HTTPStatus

from bot.localchat.arguments import arguments_of
from bot.localchat.conversation import Conversation
from bot.localchat.faults import Dropped, Faults
from bot.localchat.guard import Guarded
from bot.localchat.methods import methods
from bot.localchat.refusals import Json, Refused
from bot.localchat.uploads import MAX_DOWNLOAD

UNAUTHORIZED = Refused("Unauthorized", HTTPStatus.UNAUTHORIZED)
NOT_FOUND = Refused("Not Found", HTTPStatus.NOT_FOUND)


class BotSide(Guarded):
    """A request of the bot's, which shows its token in the address."""

    def initialize(self, conversation: Conversation, faults: Faults, token: str) -> None:
        self.conversation = conversation
        self.faults = faults
        self.token = token

    def knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.token.encode())

    def refuse(self, refused: Refused) -> None:
        self.set_status(refused.code)
        self.finish(refused.answer())


class MethodCall(BotSide):
    """`/bot<token>/<method>`"""

    work: asyncio.Task[Json] | None = None

    async def get(self, token: str, name: str) -> None:
        if not self.knows(token):
            self.refuse(UNAUTHORIZED)
            return
        fault = self.faults.next(name)
        if isinstance(fault, Refused):
            self.refuse(fault)
            return
        if isinstance(fault, Dropped) and not fault.acted:
            self._drop()
            return
        self.work = asyncio.create_task(self._answer(name.lower()))
        try:
            answer = await self.work
        except asyncio.CancelledError:
            self._drop()
            return
        if fault is not None:
            self._drop()
            return
        self.set_status(answer.get("error_code", HTTPStatus.OK))
        self.finish(answer)

    post = get

    def on_connection_close(self) -> None:
        """A poller that is gone waits no more; whatever else was asked for is carried out."""
        if self.work is not None and self.request.path.lower().endswith("/getupdates"):
            self.work.cancel()

    async def _answer(self, name: str) -> Json:
        method = methods().get(name)
        if method is None:
            return NOT_FOUND.answer()
        try:
            return {"ok": True, "result": await method(self.conversation, arguments_of(self.request))}
        except Refused as refused:
            return refused.answer()

    def _drop(self) -> None:
        self.detach().close()


class FileDownload(BotSide):
    """`/file/bot<token>/<path>`"""

    async def get(self, token: str, path: str) -> None:
        if not self.knows(token):
            self.refuse(UNAUTHORIZED)
            return
        file = self.conversation.history.file_at(path)
        if file is None or file.size > MAX_DOWNLOAD:
            self.refuse(NOT_FOUND)
            return
        self.set_header("Content-Type", "application/octet-stream")
        self.finish(await self.conversation.files.content(file))
