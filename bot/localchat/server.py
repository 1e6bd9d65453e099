"""The local chat: a Bot API server for one bot, and a page in the browser for one person."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from tornado.httpserver import HTTPServer
from tornado.web import Application

from bot.localchat.botside import FileDownload, MethodCall
from bot.localchat.conversation import Conversation
from bot.localchat.entry import Entry
from bot.localchat.faults import Faults
from bot.localchat.pageside import Asset, Attach, Commands, Download, Earlier, Enter, Events, PressButton, Send, Spoken
from bot.localchat.people import bot_account
from bot.localchat.uploads import MEGABYTE
from engine import Key

HOST = "127.0.0.1"
# Above what the page and the bot may send, so that a file somewhat too big is refused with a sentence
MAX_BODY = 160 * MEGABYTE
PING_SECONDS = 20.0


class LocalChat:
    """Runs in the event loop of the bot that it serves. What is said survives in `folder`.

    `spoken` tells which language the person has chosen, if one, for the page to follow; `entered` hears that the link
    was used, so that there is a new one. With a `key` all of it is encrypted.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 8765,
        token: str,
        bot_name: str = "Zhike 知客",
        bot_username: str = "zhike_local_bot",
        start_parameter: str | None = None,
        spoken: Callable[[], str | None] = lambda: None,
        entered: Callable[[], None] = lambda: None,
        key: Key | None = None,
    ) -> None:
        self.folder = folder
        self.port = port
        self.token = token
        self.start_parameter = start_parameter
        self.spoken = spoken
        self.entered = entered
        self._key = key
        self.faults = Faults()
        self._bot = bot_account(token, bot_name, bot_username)
        self._server: HTTPServer | None = None
        self._conversation: Conversation | None = None
        self._entry: Entry | None = None
        self._delivering: asyncio.Task[None] | None = None

    @property
    def base_url(self) -> str:
        """What the bot's library takes; it adds the token."""
        return f"http://{HOST}:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        return f"http://{HOST}:{self.port}/file/bot"

    @property
    def url(self) -> str:
        """The page's address, with the key that lets one browser in."""
        values = {"key": self._entry.key} if self._entry is not None else {}
        if self.start_parameter:
            values["start"] = self.start_parameter
        return f"http://{HOST}:{self.port}/{'?' if values else ''}{urlencode(values)}"

    async def start(self) -> None:
        """Opens the history and listens. Raises OSError if the port is taken."""
        listening = socket.create_server((HOST, self.port))
        listening.setblocking(False)
        try:
            conversation = Conversation.opened(self.folder, self._bot, self.spoken, self._key)
        except BaseException:
            listening.close()
            raise
        self.port = listening.getsockname()[1]
        self._entry = Entry(conversation.history, self.entered)
        application = self._application(conversation, self._entry)
        self._server = HTTPServer(application, max_body_size=MAX_BODY, max_buffer_size=MAX_BODY)
        self._server.add_socket(listening)
        self._conversation = conversation
        self._delivering = asyncio.create_task(conversation.delivery.run())

    async def stop(self) -> None:
        """Ends every connection and closes the history; does nothing if it was not started."""
        if self._server is None or self._conversation is None or self._delivering is None:
            return
        self._server.stop()
        self._delivering.cancel()
        await asyncio.gather(self._delivering, return_exceptions=True)
        await self._server.close_all_connections()
        self._conversation.close()
        self._server = self._conversation = self._delivering = self._entry = None

    def _application(self, conversation: Conversation, entry: Entry) -> Application:
        page = {"conversation": conversation, "entry": entry}
        bot = {"conversation": conversation, "faults": self.faults, "token": self.token}
        return Application(
            [
                (r"/bot([^/]+)/(\w+)", MethodCall, bot),
                (r"/file/bot([^/]+)/(.+)", FileDownload, bot),
                (r"/chat/enter", Enter, page),
                (r"/chat/events", Events, page),
                (r"/chat/messages", Earlier, page),
                (r"/chat/commands", Commands, page),
                (r"/chat/language", Spoken, page),
                (r"/chat/send", Send, page),
                (r"/chat/upload", Attach, page),
                (r"/chat/press", PressButton, page),
                (r"/chat/files/([\w-]+)", Download, page),
                (r"/page/([a-z]+\.[a-z]+)", Asset, page),
                (r"/", Asset, page),
            ],
            default_handler_class=Unknown,
            default_handler_args=page,
            port=self.port,
            log_function=_silent,
            websocket_ping_interval=PING_SECONDS,
        )


class Unknown(Asset):
    """Any other address."""

    async def get(self, name: str = "") -> None:
        self.send_error(404)


def _silent(_: object) -> None:
    """Requests are not logged: their addresses hold the token."""
