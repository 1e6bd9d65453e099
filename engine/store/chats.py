"""Who may talk, in which language, and what a chat is in the middle of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

OWNER, HELPER = "owner", "helper"
_COLUMNS = "chat_id, user_id, role, language, state, name, since"


@dataclass(frozen=True)
class Chat:
    """One paired chat. `role`: `owner` or `helper`; `awaits`: the command that the next free text or file completes."""

    chat_id: int
    user_id: int
    role: str
    language: str | None
    awaits: str | None
    name: str
    since: datetime


def of_user(db: Database, chat_id: int, user_id: int) -> Chat | None:
    """The chat if this user is paired in it."""
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM chats WHERE chat_id = ? AND user_id = ?", [chat_id, user_id]
    ).fetchone()
    return None if row is None else _chat(row)


def own_of(db: Database, user_id: int) -> Chat | None:
    """The user's own chat with the bot, from wherever they ask."""
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM chats WHERE user_id = ?", [user_id]).fetchone()
    return None if row is None else _chat(row)


def every(db: Database) -> list[Chat]:
    """The owner's first, then in the order in which they came."""
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM chats ORDER BY role <> 'owner', since, chat_id")
    return [_chat(row) for row in rows]


def _chat(row: tuple[Any, ...]) -> Chat:
    chat_id, user_id, role, language, state, name, since = row
    return Chat(chat_id, user_id, role, language, json.loads(state).get("awaits"), name, datetime.fromisoformat(since))


def any_owner(db: Database) -> bool:
    return bool(db.conn.execute("SELECT EXISTS (SELECT 1 FROM chats WHERE role = 'owner')").fetchone()[0])


def is_owner(db: Database, user_id: int) -> bool:
    """Whether this user is the owner, in whichever chat."""
    row = db.conn.execute("SELECT 1 FROM chats WHERE user_id = ? AND role = ?", [user_id, OWNER]).fetchone()
    return row is not None


def has_role(db: Database, user_id: int) -> bool:
    """Whether this user is let in, as the owner or as a helper."""
    return db.conn.execute("SELECT 1 FROM chats WHERE user_id = ?", [user_id]).fetchone() is not None


def pair(db: Database, chat_id: int, user_id: int, at: datetime, name: str = "") -> None:
    """Make this user in this chat the owner, and let nobody else in."""
    db.conn.execute("DELETE FROM chats WHERE chat_id <> ? OR user_id <> ? OR role <> ?", [chat_id, user_id, OWNER])
    _add(db, chat_id, user_id, OWNER, at, name)


def let_in(db: Database, chat_id: int, user_id: int, at: datetime, name: str) -> None:
    """Make this user in this chat a helper."""
    _add(db, chat_id, user_id, HELPER, at, name)


def remove(db: Database, user_id: int) -> bool:
    """This helper is let in no more; False if there is none."""
    return bool(db.conn.execute("DELETE FROM chats WHERE user_id = ? AND role = ?", [user_id, HELPER]).rowcount)


def _add(db: Database, chat_id: int, user_id: int, role: str, at: datetime, name: str) -> None:
    db.conn.execute(
        "INSERT INTO chats (chat_id, user_id, role, since, name) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [chat_id, user_id, role, at.isoformat(), name],
    )


def speak(db: Database, user_id: int, language: str | None) -> None:
    db.conn.execute("UPDATE chats SET language = ? WHERE user_id = ?", [language, user_id])


def await_(db: Database, chat_id: int, command: str | None) -> None:
    db.conn.execute("UPDATE chats SET state = ? WHERE chat_id = ?", [json.dumps({"awaits": command}), chat_id])
