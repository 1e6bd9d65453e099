"""Nothing that was said to the bot is lost: an update is stored before it is handled, and handled once."""

from __future__ import annotations

from engine import store
from engine.shop import Shop
from engine.store import inbox
from engine.store.inbox import Waiting


def receive_update(shop: Shop, update_id: int, chat_id: int | None, payload: str) -> bool:
    """Store an update before anything is done with it; False if it has been received before."""
    with shop.open() as db, store.transaction(db):
        return inbox.receive(db, update_id, chat_id, payload, shop.now())


def waiting_updates(shop: Shop) -> list[Waiting]:
    """What was received and is not done, oldest first."""
    with shop.open() as db:
        return inbox.waiting(db)


def begin_update(shop: Shop, update_id: int) -> Waiting | None:
    """Count one more attempt at an update, before it is made; None if the update is done."""
    with shop.open() as db, store.transaction(db):
        return inbox.begin(db, update_id)


def leave_update(shop: Shop, update_id: int) -> None:
    """The bot is to end before the update is done: it is handled again, and this attempt does not count."""
    with shop.open() as db, store.transaction(db):
        inbox.leave(db, update_id)


def delivered_parts(shop: Shop, update_id: int) -> int:
    """How many messages of the answer to this update went out, before a restart or just now."""
    with shop.open() as db:
        return inbox.delivered(db, update_id)


def note_delivered(shop: Shop, update_id: int, parts: int) -> None:
    """So many parts of the answer went out: a repetition goes on behind them."""
    with shop.open() as db, store.transaction(db):
        inbox.note_delivered(db, update_id, parts)


def finish_update(shop: Shop, update_id: int, *, failed: bool = False) -> None:
    with shop.open() as db, store.transaction(db):
        inbox.finish(db, update_id, "failed" if failed else "done", shop.now())
