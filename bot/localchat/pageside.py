"""The side that the browser talks to: the page, what happens in the chat, and what the person does there."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from bot.localchat.arguments import Arguments, Upload, arguments_of
from bot.localchat.conversation import Conversation
from bot.localchat.entities import units
from bot.localchat.entry import Entry, is_anothers
from bot.localchat.guard import Guarded
from bot.localchat.keyboards import has_button
from bot.localchat.methods.commands import offered_commands
from bot.localchat.people import language_code
from bot.localchat.refusals import Json, Refused
from bot.localchat.uploads import MEGABYTE
from bot.localchat.writing import MAX_CAPTION, pieces, typed, typed_caption

PAGE = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
MAX_UPLOAD = 60 * MEGABYTE
N_SHOWN = 100
MAX_KEY = 64
DAYS = 365  # for which a browser need not come by a new link


class PageSide(Guarded):
    """A request of the page's."""

    needs_session = True

    def initialize(self, conversation: Conversation, entry: Entry) -> None:
        self.conversation = conversation
        self.entry = entry

    def prepare(self) -> None:
        super().prepare()
        if self.needs_session and not self.entry.knows(self.get_cookie(self.cookie_name)):
            raise HTTPError(HTTPStatus.UNAUTHORIZED)

    @property
    def cookie_name(self) -> str:
        """Browsers keep the cookies of all ports of a machine together."""
        return f"zhike-{self.settings['port']}"

    def asked(self) -> tuple[Arguments, str, str]:
        """What the request brings, the language of the page, and its own key for what is done.

        Raises HTTPError (400) if the request is not well-formed.
        """
        try:
            arguments = arguments_of(self.request)
        except Refused as refused:
            raise HTTPError(HTTPStatus.BAD_REQUEST) from refused
        key = arguments.text("key")
        if self.request.method == "POST" and not 1 <= len(key) <= MAX_KEY:
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        return arguments, language_code(arguments.text("language")), key

    def say(self, contents: list[Json], language: str, key: str) -> None:
        """Says all of it in turn, once however often it is asked with this key, and answers with the numbers."""
        said = [self.conversation.user_says(content, language, f"{key}/{n}") for n, content in enumerate(contents)]
        self.finish({"ok": True, "message_ids": [message["message_id"] for message in said]})


class Enter(PageSide):
    """The link's key is given for a session."""

    needs_origin = True
    needs_session = False

    async def post(self) -> None:
        try:
            key = arguments_of(self.request).text("key")
        except Refused as refused:
            raise HTTPError(HTTPStatus.BAD_REQUEST) from refused
        context: Any = getattr(self.request.connection, "context", None)
        if context is None or await asyncio.to_thread(is_anothers, context.address[1], self.settings["port"]):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        session = self.entry.enter(key)
        if session is None:
            raise HTTPError(HTTPStatus.UNAUTHORIZED)
        self.set_cookie(self.cookie_name, session, httponly=True, samesite="Strict", expires_days=DAYS)
        self.finish({"ok": True})


class Asset(PageSide):
    """The page itself and the files that it is made of, which hold nothing of anybody's."""

    needs_session = False

    async def get(self, name: str = "") -> None:
        path = PAGE / (name or "index.html")
        if path.suffix not in TYPES or not path.is_file():
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.set_header("Content-Type", f"{TYPES[path.suffix]}; charset=utf-8")
        self.set_header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self' ws://{self.request.host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )
        self.finish(path.read_bytes())


class Events(PageSide, WebSocketHandler):
    """All that happens, from the last messages on."""

    needs_origin = True

    def check_origin(self, origin: str) -> bool:
        """`prepare` has checked it."""
        return True

    async def get(self, *args: Any, **kwargs: Any) -> None:
        await WebSocketHandler.get(self, *args, **kwargs)

    def open(self, *_: str, **__: str) -> None:
        messages = self.conversation.history.shown_messages(N_SHOWN + 1)
        bot = {name: self.conversation.bot[name] for name in ("id", "first_name", "username")}
        self.tell(
            {
                "type": "sync",
                "bot": bot,
                "messages": messages[-N_SHOWN:],
                "more": len(messages) > N_SHOWN,
                "max_upload": MAX_UPLOAD,
            }
        )
        self.conversation.feed.join(self)

    def on_message(self, message: str | bytes) -> None:
        """A page only listens here; what it does comes as a request of its own."""

    def on_close(self) -> None:
        self.conversation.feed.leave(self)

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Hangs up. The server goes away and waits for no good-bye, which would outlive its event loop."""
        connection = self.ws_connection
        super().close(code, reason)
        if connection is not None and connection.stream is not None:
            connection.stream.close()

    def tell(self, event: Json) -> None:
        try:
            written = self.write_message(json.dumps(event, ensure_ascii=False))
        except WebSocketClosedError:
            self.conversation.feed.leave(self)
            return
        written.add_done_callback(_taken_note_of)


class Earlier(PageSide):
    """The messages before those that the page shows."""

    async def get(self) -> None:
        arguments, _, _ = self.asked()
        messages = self.conversation.history.shown_messages(N_SHOWN + 1, before=arguments.number("before"))
        self.finish({"messages": messages[-N_SHOWN:], "more": len(messages) > N_SHOWN})


class Commands(PageSide):
    """The bot's commands in the page's language."""

    async def get(self) -> None:
        _, language, _ = self.asked()
        self.finish({"commands": offered_commands(self.conversation.history, language)})


class Spoken(PageSide):
    """The language that the person has chosen in the chat; null where the page goes by the browser's own."""

    async def get(self) -> None:
        self.asked()
        self.finish({"language": await asyncio.to_thread(self.conversation.spoken)})


class Send(PageSide):
    """A text that was typed. One that is too long for a message becomes several, as in Telegram's own apps."""

    needs_origin = True

    async def post(self) -> None:
        arguments, language, key = self.asked()
        texts = pieces(arguments.text("text"))
        if not texts:
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        self.say([typed(text) for text in texts], language, key)


class Attach(PageSide):
    """A file that was chosen, dropped or pasted; a picture that can be a photo is sent as one if the page says so.

    Words that are too long for a caption follow as messages.
    """

    needs_origin = True

    async def post(self) -> None:
        arguments, language, key = self.asked()
        upload = arguments.upload("file")
        if upload is None or not upload.body:
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        if len(upload.body) > MAX_UPLOAD:
            raise HTTPError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        content = await self._content(upload, arguments.text("as") == "photo")
        words = arguments.text("caption").strip()
        if units(words) > MAX_CAPTION:
            self.say([content, *map(typed, pieces(words))], language, key)
        else:
            self.say([{**content, **typed_caption(words)}], language, key)

    async def _content(self, upload: Upload, is_picture: bool) -> Json:
        if is_picture:
            try:
                return {"photo": await self.conversation.files.keep_photo(upload)}
            except Refused:
                return {"document": await self.conversation.files.keep_document(upload)}
        return {"document": await self.conversation.files.keep_document(upload)}


class PressButton(PageSide):
    """A button under a message."""

    needs_origin = True

    async def post(self) -> None:
        arguments, language, key = self.asked()
        message = self.conversation.history.message(arguments.number("message_id"))
        data = arguments.text("data")
        if message is None or not has_button(message, data):
            raise HTTPError(HTTPStatus.CONFLICT)
        self.conversation.user_presses(message, data, language, key)
        self.finish({"ok": True})


class Download(PageSide):
    """A file of the chat. Only photos have a type that a browser would show."""

    async def get(self, file_id: str) -> None:
        file = self.conversation.history.file(file_id)
        if file is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in file.name)
        named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
        self.set_header("Content-Type", file.mime if file.kind == "photos" else "application/octet-stream")
        self.set_header("Content-Disposition", named)
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.finish(await self.conversation.files.content(file))


def _taken_note_of(written: asyncio.Future[None]) -> None:
    """A page that went away while it was told something joins anew and is told all again."""
    if not written.cancelled():
        written.exception()
