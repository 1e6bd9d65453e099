"""Rounds of pooling with other shops: this shop's keys, the files of each round, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

Kind = Literal["join", "submission"]


@dataclass(frozen=True, repr=False)
class Pool:
    """A round as it is stored; it holds secrets, so it is never shown as it is."""

    id: int
    round: str
    invitation: bytes
    organised: bool
    at: str
    name: str | None
    exchange: bytes | None
    p: bytes | None
    q: bytes | None
    joined: bytes | None
    roster: bytes | None
    roster_hash: str | None
    submitted: bytes | None
    counts: str | None
    number: int
    summed: bytes | None
    result: bytes | None
    totals: str | None
    used: bool


@dataclass(frozen=True)
class File:
    """What another shop sent; `hash` tells its content from others."""

    key: str
    number: int
    hash: str
    content: bytes


@dataclass(frozen=True)
class FinishedVersion:
    """A version of a campaign that is over, with the whole template and what was told of it last."""

    campaign: int
    goal: str
    channel: str
    language: str
    template: str
    source: str
    conversions: int
    sends: int


_COLUMNS = ", ".join(field.name for field in fields(Pool))
_CHANGED = frozenset(field.name for field in fields(Pool)) - {"id", "round", "invitation", "organised", "at"}


def signing_key(db: Database) -> bytes | None:
    row = db.conn.execute("SELECT signing FROM pool_identity").fetchone()
    return None if row is None else bytes(row[0])


def keep_signing_key(db: Database, signing: bytes, at: datetime) -> None:
    """Call in a transaction."""
    db.conn.execute("INSERT INTO pool_identity (id, signing, at) VALUES (1, ?, ?)", [signing, at.isoformat()])


def add(db: Database, round_: str, invitation: bytes, *, organised: bool, at: datetime) -> int:
    """A new round; its id. Call in a transaction."""
    cursor = db.conn.execute(
        "INSERT INTO pools (round, invitation, organised, at) VALUES (?, ?, ?, ?)",
        [round_, invitation, int(organised), at.isoformat()],
    )
    return int(cursor.lastrowid or 0)


def every(db: Database) -> list[Pool]:
    """The newest first."""
    return [_pool(row) for row in db.conn.execute(f"SELECT {_COLUMNS} FROM pools ORDER BY id DESC")]


def by_id(db: Database, id_: int) -> Pool | None:
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM pools WHERE id = ?", [id_]).fetchone()
    return None if row is None else _pool(row)


def by_round(db: Database, round_: str) -> Pool | None:
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM pools WHERE round = ?", [round_]).fetchone()
    return None if row is None else _pool(row)


def change(db: Database, id_: int, **columns: bytes | str | int | None) -> None:
    """Set these columns. Call in a transaction."""
    unknown = set(columns) - _CHANGED
    if unknown:
        raise ValueError(f"no columns to change: {sorted(unknown)}")
    names = ", ".join(f"{name} = ?" for name in columns)
    db.conn.execute(f"UPDATE pools SET {names} WHERE id = ?", [*columns.values(), id_])


def files(db: Database, id_: int, kind: Kind, roster_hash: str = "") -> list[File]:
    """The newest of each shop, in the order of their keys."""
    rows = db.conn.execute(
        "SELECT key, number, hash, content FROM pool_files WHERE pool_id = ? AND kind = ? AND roster_hash = ? "
        "ORDER BY key",
        [id_, kind, roster_hash],
    )
    return [File(*row) for row in rows]


def put_file(db: Database, id_: int, kind: Kind, file: File, at: datetime, roster_hash: str = "") -> None:
    """In place of an earlier one of the same shop. Call in a transaction."""
    db.conn.execute(
        "INSERT OR REPLACE INTO pool_files (pool_id, kind, roster_hash, key, number, hash, content, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [id_, kind, roster_hash, file.key, file.number, file.hash, file.content, at.isoformat()],
    )


def drop_submissions(db: Database, id_: int) -> None:
    """What the shops handed in, once it is no longer needed. Call in a transaction."""
    db.conn.execute("DELETE FROM pool_files WHERE pool_id = ? AND kind = 'submission'", [id_])


def forget(db: Database, id_: int) -> None:
    """The round with its keys, files and result. Call in a transaction."""
    db.conn.execute("DELETE FROM pool_files WHERE pool_id = ?", [id_])
    db.conn.execute("DELETE FROM pools WHERE id = ?", [id_])


def finished_versions(db: Database, before: datetime) -> list[FinishedVersion]:
    """Of approved campaigns that were decided before and have nobody waiting, with the outcome told last."""
    rows = db.conn.execute(
        "SELECT c.id, c.goal, c.channel, c.language, v.template, v.source, t.conversions, t.sends "
        "FROM tallies t JOIN variants v ON v.id = t.variant_id JOIN campaigns c ON c.id = v.campaign_id "
        "WHERE t.id = (SELECT max(id) FROM tallies WHERE variant_id = v.id) AND c.status = 'approved' "
        "AND c.decided_at <= ? AND NOT EXISTS (SELECT 1 FROM reserves r WHERE r.campaign_id = c.id) "
        "ORDER BY c.id, v.id",
        [before.isoformat()],
    )
    return [FinishedVersion(*row) for row in rows]


def _pool(row: tuple[object, ...]) -> Pool:
    named = dict(zip((field.name for field in fields(Pool)), row, strict=True))
    return Pool(**{**named, "organised": bool(named["organised"]), "used": bool(named["used"])})  # type: ignore[arg-type]
