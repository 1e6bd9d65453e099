"""What the owner has set of who may be written to, how often and when. Every word is kept; the newest one holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True)
class Setting:
    """One word of the owner's. `value` is None where Zhike's own holds again."""

    channel: str
    country: str
    name: str
    value: Any
    who: str
    at: datetime


_COLUMNS = "channel, country, name, value, who, at"


def add(
    db: Database,
    *,
    channel: str,
    country: str,
    name: str,
    value: Any,
    who: str,
    cause: str | None,
    at: datetime,
) -> None:
    """Call in a transaction."""
    text = None if value is None else json.dumps(value)
    db.conn.execute(
        "INSERT INTO contact_rules (channel, country, name, value, who, cause, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [channel, country, name, text, who, cause, at.isoformat()],
    )


def in_force(db: Database) -> Mapping[tuple[str, str, str], Any]:
    """The newest value by channel, country and name; a name of which Zhike's own holds is not in it."""
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM contact_rules ORDER BY id")
    newest = {(one.channel, one.country, one.name): one.value for one in map(_setting, rows)}
    return {key: value for key, value in newest.items() if value is not None}


def history(db: Database, n: int) -> list[Setting]:
    """The newest `n` words, the newest first."""
    return [
        _setting(row) for row in db.conn.execute(f"SELECT {_COLUMNS} FROM contact_rules ORDER BY id DESC LIMIT ?", [n])
    ]


def _setting(row: tuple[str, str, str, str | None, str, str]) -> Setting:
    channel, country, name, value, who, at = row
    return Setting(
        channel, country, name, None if value is None else json.loads(value), who, datetime.fromisoformat(at)
    )
