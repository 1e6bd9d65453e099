"""Segments of each run, and who is in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlite_utils import Database

from engine.phrases import Phrase, from_json, to_json
from engine.store import runs, transaction
from engine.store.runs import Run

KIND = "segments"
LOOK: Final = "segments look"  # runs in a way that the owner tries out, and has not chosen


class Described(Protocol):
    """What is stored of a segment, however it was found."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> Phrase: ...
    @property
    def sentence(self) -> Phrase: ...
    @property
    def rules(self) -> tuple[Phrase, ...]: ...
    @property
    def profile(self) -> Mapping[str, float]: ...
    @property
    def size(self) -> int: ...
    @property
    def share_of_customers(self) -> float: ...
    @property
    def share_of_revenue(self) -> float: ...


@dataclass(frozen=True)
class StoredSegment:
    """A segment of a run; `key` is one of a kind within the run: the slug of its English name when it was first
    found, which it keeps from run to run.
    """

    id: int
    run_id: int
    key: str
    name: Phrase
    sentence: Phrase
    rules: tuple[Phrase, ...]
    profile: Mapping[str, float]
    size: int
    share_of_customers: float
    share_of_revenue: float


@dataclass(frozen=True)
class SegmentRun:
    """A run and its segments, in the order in which they were saved."""

    run: Run
    segments: tuple[StoredSegment, ...]


_TOLD = "key, name, sentence, rules, profile, size, share_of_customers, share_of_revenue"
_COLUMNS = f"id, run_id, {_TOLD}"


def save(
    db: Database,
    segments: Iterable[Described],
    members: Iterable[tuple[int, str]],
    *,
    method: str,
    settings: Mapping[str, Any],
    seed: int,
    data_version: int,
    quality: Mapping[str, Any],
    at: datetime,
    cause: str | None,
    kind: str = KIND,
) -> SegmentRun:
    """Store a run, its segments and each of `members`, customers with their segment's key, or nothing.

    Segments of another `kind` are no answer to who the customers are, such as those that one campaign goes to.
    """
    with transaction(db):
        run = runs.add(
            db,
            kind=kind,
            method=method,
            settings=settings,
            seed=seed,
            data_version=data_version,
            quality=quality,
            at=at,
            cause=cause,
        )
        ids = {segment.key: _add(db, run.id, segment) for segment in segments}
        db.conn.executemany(
            "INSERT INTO memberships (run_id, customer_id, segment_id) VALUES (?, ?, ?)",
            ((run.id, customer, ids[key]) for customer, key in members),
        )
    return SegmentRun(run, _of_run(db, run.id))


def of_run(db: Database, run: Run) -> SegmentRun:
    return SegmentRun(run, _of_run(db, run.id))


def latest(db: Database) -> SegmentRun | None:
    """The newest run of segments; None if there is none."""
    run = runs.latest(db, KIND)
    return None if run is None else SegmentRun(run, _of_run(db, run.id))


def latest_look(db: Database) -> SegmentRun | None:
    """The newest run that was made only to look; None if there is none."""
    run = runs.latest(db, LOOK)
    return None if run is None else SegmentRun(run, _of_run(db, run.id))


def by_id(db: Database, id_: int) -> StoredSegment | None:
    """The segment with this id, of whichever run."""
    # as text: SQLite takes no number beyond 64 bits, which somebody may yet ask for
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM segments WHERE id = ?", [str(id_)]).fetchone()
    return None if row is None else _segment(*row)


def members(db: Database, segment_id: int) -> list[int]:
    """The customers of a segment, by id."""
    rows = db.conn.execute(
        "SELECT customer_id FROM memberships WHERE segment_id = ? ORDER BY customer_id", [segment_id]
    )
    return [customer for (customer,) in rows]


def of_customer(db: Database, customer_id: int) -> StoredSegment | None:
    """The customer's segment in the newest run; None if that run does not know the customer."""
    run = runs.latest(db, KIND)
    if run is None:
        return None
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM segments WHERE id = "
        "(SELECT segment_id FROM memberships WHERE run_id = ? AND customer_id = ?)",
        [run.id, customer_id],
    ).fetchone()
    return None if row is None else _segment(*row)


def _of_run(db: Database, run_id: int) -> tuple[StoredSegment, ...]:
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM segments WHERE run_id = ? ORDER BY id", [run_id])
    return tuple(_segment(*row) for row in rows)


def _add(db: Database, run_id: int, segment: Described) -> int:
    cursor = db.conn.execute(
        f"INSERT INTO segments (run_id, {_TOLD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            run_id,
            segment.key,
            to_json(segment.name),
            to_json(segment.sentence),
            json.dumps([to_json(rule) for rule in segment.rules], ensure_ascii=False),
            json.dumps(dict(segment.profile)),
            segment.size,
            segment.share_of_customers,
            segment.share_of_revenue,
        ],
    )
    return int(cursor.lastrowid or 0)


def _segment(
    id_: int, run_id: int, key: str, name: str, sentence: str, rules: str, profile: str, *shares: Any
) -> StoredSegment:
    told = tuple(from_json(rule) for rule in json.loads(rules))
    return StoredSegment(id_, run_id, key, from_json(name), from_json(sentence), told, json.loads(profile), *shares)
