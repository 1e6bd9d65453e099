"""The shops of a bot that many founders share, and who belongs to which; in the house's store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from engine.store.chats import OWNER


@dataclass(frozen=True)
class StoredShop:
    """`last_used`: when one of its members last wrote; `n_members`: the owner and the helpers."""

    name: str
    since: datetime
    closed: bool
    n_members: int
    has_owner: bool
    last_used: datetime | None


@dataclass(frozen=True)
class Member:
    user_id: int
    shop: str
    role: str


def guests_changed(db: Database) -> int:
    """How often it has changed who is let in; in the store of a single shop, too."""
    return int(db.conn.execute("SELECT n FROM guests_changed").fetchone()[0])


def every(db: Database) -> list[StoredShop]:
    """By name."""
    rows = db.conn.execute(
        "SELECT s.name, s.since, s.closed_at IS NOT NULL, count(DISTINCT m.user_id), coalesce(max(m.role = ?), 0), "
        "(SELECT max(i.received_at) FROM inbox i WHERE i.chat_id IN "
        "(SELECT chat_id FROM members WHERE shop = s.name UNION SELECT chat_id FROM shop_groups WHERE shop = s.name)) "
        "FROM shops s LEFT JOIN members m ON m.shop = s.name GROUP BY s.name ORDER BY s.name",
        [OWNER],
    )
    return [
        StoredShop(
            name, datetime.fromisoformat(since), bool(closed), n, bool(owned), last and datetime.fromisoformat(last)
        )
        for name, since, closed, n, owned, last in rows
    ]


def open_names(db: Database) -> list[str]:
    """Of the shops that have an owner, by name."""
    rows = db.conn.execute(
        "SELECT s.name FROM shops s WHERE s.closed_at IS NULL "
        "AND EXISTS (SELECT 1 FROM members m WHERE m.shop = s.name AND m.role = ?) ORDER BY s.name",
        [OWNER],
    )
    return [str(name) for (name,) in rows]


def add(db: Database, name: str, at: datetime) -> None:
    """Add a shop, or open one again that was closed."""
    db.conn.execute(
        "INSERT INTO shops (name, since) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET closed_at = NULL",
        [name, at.isoformat()],
    )


def close(db: Database, name: str, at: datetime) -> None:
    """Nobody of this shop is let in any more."""
    let_nobody_in(db, name)
    db.conn.execute("DELETE FROM pairing_codes WHERE shop = ?", [name])
    db.conn.execute("UPDATE shops SET closed_at = ? WHERE name = ?", [at.isoformat(), name])


def remove(db: Database, name: str) -> None:
    db.conn.execute("DELETE FROM shops WHERE name = ?", [name])


def members(db: Database) -> list[Member]:
    return [Member(*row) for row in db.conn.execute("SELECT user_id, shop, role FROM members")]


def groups(db: Database) -> dict[int, str]:
    """The shop of each group that is allowed."""
    return dict(db.conn.execute("SELECT chat_id, shop FROM shop_groups").fetchall())


def let_in(db: Database, name: str, chat_id: int, user_id: int, role: str, at: datetime) -> None:
    db.conn.execute(
        "INSERT INTO members (user_id, chat_id, shop, role, since) VALUES (?, ?, ?, ?, ?) ON CONFLICT (user_id) "
        "DO UPDATE SET chat_id = excluded.chat_id, shop = excluded.shop, role = excluded.role",
        [user_id, chat_id, name, role, at.isoformat()],
    )


def let_nobody_in(db: Database, name: str) -> None:
    db.conn.execute("DELETE FROM members WHERE shop = ?", [name])
    db.conn.execute("DELETE FROM shop_groups WHERE shop = ?", [name])


def remove_helper(db: Database, name: str, user_id: int) -> None:
    db.conn.execute("DELETE FROM members WHERE shop = ? AND user_id = ? AND role <> ?", [name, user_id, OWNER])


def allow_group(db: Database, name: str, chat_id: int) -> bool:
    """False if it is another shop's."""
    db.conn.execute("INSERT INTO shop_groups (chat_id, shop) VALUES (?, ?) ON CONFLICT DO NOTHING", [chat_id, name])
    return groups(db)[chat_id] == name


def forbid_group(db: Database, name: str, chat_id: int) -> None:
    db.conn.execute("DELETE FROM shop_groups WHERE shop = ? AND chat_id = ?", [name, chat_id])
