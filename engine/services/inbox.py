"""Nothing that was said to the bot is lost: an update is stored before it is handled, and handled once."""

from __future__ import annotations

from concurrent.futures import Future

from engine import store
from engine.shop import Shop
from engine.store import inbox
from engine.store.grouped import GroupedWrites
from engine.store.inbox import Waiting


class Inbox:
    """The inbox of a bot that runs: what many chats write at a time goes to the disk together.

    Each method gives a Future that is done once it is on the disk; it raises StoreError if it is not.
    """

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._writes = GroupedWrites(shop.open, store.transaction)
        self._delivered: dict[int, int] = {}  # of what is under way

    def receive(self, update_id: int, chat_id: int | None, payload: str) -> Future[bool]:
        """Store an update before anything is done with it; False if it has been received before."""
        at = self.shop.now()
        return self._writes.ask(lambda db: inbox.receive(db, update_id, chat_id, payload, at))

    def begin(self, update_id: int) -> Future[Waiting | None]:
        """Count one more attempt at an update, before it is made; None if the update is done."""
        return self._writes.ask(lambda db: self._begun(update_id, inbox.begin(db, update_id)))

    def delivered(self, update_id: int) -> int:
        """How many messages of the answer to an update that is under way went out, before a restart or just now."""
        return self._delivered.get(update_id, 0)

    def note_delivered(self, update_id: int, parts: int) -> Future[None]:
        """So many parts of the answer went out: a repetition goes on behind them."""
        self._delivered[update_id] = parts
        return self._writes.ask(lambda db: inbox.note_delivered(db, update_id, parts))

    def leave(self, update_id: int) -> Future[None]:
        """The bot is to end before the update is done: it is handled again, and this attempt does not count."""
        self._delivered.pop(update_id, None)
        return self._writes.ask(lambda db: inbox.leave(db, update_id))

    def finish(self, update_id: int, *, failed: bool = False) -> Future[None]:
        self._delivered.pop(update_id, None)
        state, at = "failed" if failed else "done", self.shop.now()
        return self._writes.ask(lambda db: inbox.finish(db, update_id, state, at))

    def close(self) -> None:
        self._writes.close()

    def _begun(self, update_id: int, waiting: Waiting | None) -> Waiting | None:
        if waiting is not None and waiting.delivered:
            self._delivered[update_id] = waiting.delivered
        return waiting


def waiting_updates(shop: Shop) -> list[Waiting]:
    """What was received and is not done, oldest first."""
    with shop.open() as db:
        return inbox.waiting(db)
