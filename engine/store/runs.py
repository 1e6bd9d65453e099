"""Runs: what was computed, from which data, with which settings and seed, with which quality."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True)
class Run:
    """A result that is never overwritten: a newer run of its kind supersedes it."""

    id: int
    kind: str  # segments, recommendations
    method: str
    settings: Mapping[str, Any]
    seed: int
    data_version: int
    quality: Mapping[str, Any]
    at: datetime


def add(
    db: Database,
    *,
    kind: str,
    method: str,
    settings: Mapping[str, Any],
    seed: int,
    data_version: int,
    quality: Mapping[str, Any],
    at: datetime,
    cause: str | None,
) -> int:
    """Store a run; its id. Call in the transaction that stores its results."""
    cursor = db.conn.execute(
        "INSERT INTO runs (kind, method, settings, seed, data_version, quality, cause, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [kind, method, json.dumps(settings), seed, data_version, json.dumps(quality), cause, at.isoformat()],
    )
    return int(cursor.lastrowid or 0)


def latest(db: Database, kind: str) -> Run | None:
    row = db.conn.execute(
        "SELECT id, kind, method, settings, seed, data_version, quality, at FROM runs "
        "WHERE kind = ? ORDER BY id DESC LIMIT 1",
        [kind],
    ).fetchone()
    if row is None:
        return None
    id_, kind, method, settings, seed, version, quality, at = row
    return Run(id_, kind, method, json.loads(settings), seed, version, json.loads(quality), datetime.fromisoformat(at))


def made_for(db: Database, run_id: int, cause: str | None) -> bool:
    """Whether this run was made for this cause; never for none."""
    row = db.conn.execute("SELECT 1 FROM runs WHERE id = ? AND cause = ?", [run_id, cause]).fetchone()
    return row is not None
