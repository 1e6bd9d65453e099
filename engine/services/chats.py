"""Who may talk to the bot, in which language, and what the chat is in the middle of."""

from __future__ import annotations

from engine import store
from engine.shop import Shop
from engine.store import chats, trail
from engine.store.chats import Chat


def paired_chat(shop: Shop, chat_id: int, user_id: int) -> Chat | None:
    """The chat of the owner or of a helper; None for anybody else."""
    with shop.open() as db:
        return chats.of_user(db, chat_id, user_id)


def owners_chats(shop: Shop) -> tuple[Chat, ...]:
    """Where the owner is to be told what comes up by itself."""
    with shop.open() as db:
        return tuple(chat for chat in chats.every(db) if chat.role == chats.OWNER)


def has_owner(shop: Shop) -> bool:
    with shop.open() as db:
        return chats.any_owner(db)


def pair_owner(shop: Shop, chat_id: int, user_id: int) -> None:
    """From now on this user is the owner, in this chat, and nobody else is."""
    with shop.open() as db, store.transaction(db):
        if chats.of_user(db, chat_id, user_id) is None:
            chats.pair(db, chat_id, user_id, shop.now())
            trail.add(
                db, at=shop.now(), who=f"user {user_id}", deed="paired", subject=f"chat {chat_id}", cause=shop.cause
            )


def set_language(shop: Shop, user_id: int, language: str | None) -> None:
    """Speak this language with this user; None follows their own."""
    with shop.open() as db, store.transaction(db):
        chats.speak(db, user_id, language)


def set_awaited(shop: Shop, chat_id: int, command: str | None) -> None:
    """The next free text or file in this chat completes `command`; None: it stands for itself."""
    with shop.open() as db, store.transaction(db):
        chats.await_(db, chat_id, command)
