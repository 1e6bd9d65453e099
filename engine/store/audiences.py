"""Audiences: people whom a use case has picked, kept as a segment that a campaign can be drafted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from engine.phrases import Phrase
from engine.store import segments
from engine.store.segments import StoredSegment

RECOMMENDED: Final = "recommendation audience"  # a kind: people whom a run of recommendations names


def same_or_new(
    db: Database,
    *,
    kind: str,
    key: str,
    name: Phrase,
    sentence: Phrase,
    members: Sequence[int],
    shares: tuple[float, float],
    settings: Mapping[str, Any],
    seed: int,
    data_version: int,
    at: datetime,
    cause: str | None,
) -> StoredSegment:
    """The segment of this key with just these members: the newest if it is so, else a new one. Call in a transaction.

    `kind` says how they were picked; `shares` are of the customers and of the revenue.
    """
    row = db.conn.execute(
        "SELECT s.id FROM segments s JOIN runs r ON r.id = s.run_id WHERE r.kind = ? AND s.key = ? "
        "ORDER BY s.id DESC LIMIT 1",
        [kind, key],
    ).fetchone()
    if row is not None and segments.members(db, row[0]) == sorted(members):
        known = segments.by_id(db, row[0])
        assert known is not None
        return known
    segment = StoredSegment(0, 0, key, name, sentence, (), {}, len(members), *shares)
    saved = segments.save(
        db,
        [segment],
        ((member, key) for member in members),
        method=key,
        settings=dict(settings),
        seed=seed,
        data_version=data_version,
        quality={},
        at=at,
        cause=cause,
        kind=kind,
    )
    return saved.segments[0]
