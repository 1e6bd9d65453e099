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
    kind: str  # segments, recommendations, forecasts
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
) -> Run:
    """Store a run; the same. Call in the transaction that stores its results."""
    cursor = db.conn.execute(
        "INSERT INTO runs (kind, method, settings, seed, data_version, quality, cause, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [kind, method, json.dumps(settings), seed, data_version, json.dumps(quality), cause, at.isoformat()],
    )
    return Run(int(cursor.lastrowid or 0), kind, method, settings, seed, data_version, quality, at)


_COLUMNS = "id, kind, method, settings, seed, data_version, quality, at"


def latest(db: Database, kind: str) -> Run | None:
    return _run(
        db.conn.execute(f"SELECT {_COLUMNS} FROM runs WHERE kind = ? ORDER BY id DESC LIMIT 1", [kind]).fetchone()
    )


def latest_with(db: Database, kind: str, setting: str, value: int | str) -> Run | None:
    """The newest run of its kind that had this setting."""
    return _run(
        db.conn.execute(
            f"SELECT {_COLUMNS} FROM runs WHERE kind = ? AND json_extract(settings, '$.' || ?) = ? "
            "ORDER BY id DESC LIMIT 1",
            [kind, setting, value],
        ).fetchone()
    )


def _run(row: Any) -> Run | None:
    if row is None:
        return None
    id_, kind, method, settings, seed, version, quality, at = row
    return Run(id_, kind, method, json.loads(settings), seed, version, json.loads(quality), datetime.fromisoformat(at))


def made_for(db: Database, run_id: int, cause: str | None) -> bool:
    """Whether this run was made for this cause; never for none."""
    row = db.conn.execute("SELECT 1 FROM runs WHERE id = ? AND cause = ?", [run_id, cause]).fetchone()
    return row is not None


def every(db: Database, kind: str) -> list[Run]:
    """All runs of a kind, the newest first."""
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM runs WHERE kind = ? ORDER BY id DESC", [kind]).fetchall()
    return [run for row in rows if (run := _run(row)) is not None]


def by_id(db: Database, id_: int) -> Run | None:
    return _run(db.conn.execute(f"SELECT {_COLUMNS} FROM runs WHERE id = ?", [id_]).fetchone())
