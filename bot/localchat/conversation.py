"""The one private chat: what is said in it is stored, queued for the bot and shown on every open page."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.localchat.feed import Feed
from bot.localchat.history import History, Press
from bot.localchat.people import person, private_chat
from bot.localchat.place import FILES, HISTORY
from bot.localchat.refusals import Json
from bot.localchat.updates import Updates
from bot.localchat.uploads import Files
from bot.localchat.webhook import Delivery
from engine import Key


@dataclass(frozen=True)
class Conversation:
    """What the methods of the bot and the handlers of the page act on."""

    bot: Json
    history: History
    files: Files
    updates: Updates
    delivery: Delivery
    feed: Feed
    spoken: Callable[[], str | None]

    @classmethod
    def opened(cls, folder: Path, bot: Json, spoken: Callable[[], str | None], key: Key | None = None) -> Conversation:
        """The conversation that `folder` holds, which is made if absent; `spoken`: the language chosen, if one is."""
        history = History(folder / HISTORY, key)
        updates = Updates(history)
        files = Files(folder / FILES, history)
        return cls(bot, history, files, updates, Delivery(updates, history), Feed(), spoken)

    def close(self) -> None:
        self.feed.close()
        self.history.close()

    def bot_says(self, *contents: Json, **frame: object) -> list[Json]:
        """Stores and shows messages of the bot's, all or none.

        Each of `contents` holds what one says; `frame` has the fields that all share, such as a keyboard.
        """
        shared = {name: value for name, value in frame.items() if value is not None}
        head = {"from": self.bot, "chat": private_chat(), "date": int(time.time())}
        with self.history.transaction():
            messages = [self.history.add_message({**head, **content, **shared}) for content in contents]
        for message in messages:
            self.feed.publish("message", message=message)
        return messages

    def user_says(self, content: Json, language: str, key: str) -> Json:
        """Stores a message of the person at the page, queues it for the bot and shows it; once for each `key`."""
        sent = self.history.message_with_key(key)
        if sent is not None:
            return sent
        body = {"from": person(language), "chat": private_chat(language), "date": int(time.time()), **content}
        with self.history.transaction():
            message = self.history.add_message(body, key)
            self.updates.add("message", message)
        self.feed.publish("message", message=message)
        self.updates.announce()
        return message

    def user_presses(self, message: Json, data: str, language: str, key: str) -> Press:
        """Queues the press of a button for the bot; once for each `key`."""
        known = self.history.press_with_key(key)
        if known is not None:
            return known
        with self.history.transaction():
            press = self.history.add_press(key, time.time())
            query = {
                "id": str(press.id),
                "from": person(language),
                "message": message,
                "chat_instance": str(message["chat"]["id"]),
                "data": data,
            }
            self.updates.add("callback_query", query)
        self.updates.announce()
        return press

    def bot_edits(self, message: Json) -> Json:
        """Stores and shows a changed message."""
        edited = {**message, "edit_date": int(time.time())}
        self.history.replace_message(edited)
        self.show_again(edited["message_id"])
        return edited

    def show_again(self, number: int) -> None:
        """Shows a message as it now is."""
        self.feed.publish("edited", message=self.history.shown_message(number))
