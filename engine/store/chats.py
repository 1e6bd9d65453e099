"""Who may talk, in which language, and what a chat is in the middle of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

OWNER, HELPER = "owner", "helper"


@dataclass(frozen=True)
class Chat:
    """One paired chat. `role`: `owner` or `helper`; `awaits`: the command that the next free text or file completes."""

    chat_id: int
    user_id: int
    role: str
    language: str | None
    awaits: str | None


def of_user(db: Database, chat_id: int, user_id: int) -> Chat | None:
    """The chat if this user is paired in it."""
    row = db.conn.execute(
        "SELECT chat_id, user_id, role, language, state FROM chats WHERE chat_id = ? AND user_id = ?",
        [chat_id, user_id],
    ).fetchone()
    if row is None:
        return None
    return _chat(row)


def every(db: Database) -> list[Chat]:
    """The owner's first, then in the order in which they came."""
    rows = db.conn.execute(
        "SELECT chat_id, user_id, role, language, state FROM chats ORDER BY role <> 'owner', since, chat_id"
    )
    return [_chat(row) for row in rows]


def _chat(row: tuple[Any, ...]) -> Chat:
    chat_id, user_id, role, language, state = row
    return Chat(chat_id, user_id, role, language, json.loads(state).get("awaits"))


def any_owner(db: Database) -> bool:
    return bool(db.conn.execute("SELECT EXISTS (SELECT 1 FROM chats WHERE role = 'owner')").fetchone()[0])


def is_owner(db: Database, user_id: int) -> bool:
    """Whether this user is the owner, in whichever chat."""
    row = db.conn.execute("SELECT 1 FROM chats WHERE user_id = ? AND role = ?", [user_id, OWNER]).fetchone()
    return row is not None


def pair(db: Database, chat_id: int, user_id: int, at: datetime) -> None:
    """Make this user in this chat the owner, and nobody else."""
    db.conn.execute("DELETE FROM chats WHERE chat_id <> ? OR user_id <> ?", [chat_id, user_id])
    db.conn.execute(
        "INSERT INTO chats (chat_id, user_id, role, since) VALUES (?, ?, 'owner', ?) ON CONFLICT DO NOTHING",
        [chat_id, user_id, at.isoformat()],
    )


def speak(db: Database, chat_id: int, language: str | None) -> None:
    db.conn.execute("UPDATE chats SET language = ? WHERE chat_id = ?", [language, chat_id])


def await_(db: Database, chat_id: int, command: str | None) -> None:
    db.conn.execute("UPDATE chats SET state = ? WHERE chat_id = ?", [json.dumps({"awaits": command}), chat_id])
