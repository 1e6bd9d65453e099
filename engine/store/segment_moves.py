"""Which segments go on from one run to the next, and how many people went where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.segments.matching import Flow, Match
from engine.store import runs
from engine.store.runs import Run
from engine.store.segments import KIND, StoredSegment

_SEGMENT = "segment"


@dataclass(frozen=True)
class Comparison:
    """`before` is the run with which a run was compared; flows are between ids of segments, None for outside."""

    before: int
    matches: Mapping[int, int]
    flows: tuple[tuple[int | None, int | None, int], ...]


def earlier(db: Database) -> list[Run]:
    """All runs of segments, the newest first."""
    return runs.every(db, KIND)


def members(db: Database, run_id: int, segments: Iterable[StoredSegment]) -> pd.Series:
    """The key of each customer's segment, by customer; who turned out to be another counts once, as that one."""
    rows = pd.read_sql_query(
        f"SELECT coalesce(u.merged_into, u.id) AS {c.CUSTOMER}, m.segment_id AS {_SEGMENT} FROM memberships m "
        "JOIN customers u ON u.id = m.customer_id WHERE m.run_id = ? ORDER BY u.merged_into IS NOT NULL, u.id",
        db.conn,
        params=[run_id],
    ).drop_duplicates(c.CUSTOMER)
    keys = {segment.id: segment.key for segment in segments}
    return rows.set_index(c.CUSTOMER)[_SEGMENT].map(keys).astype(object)


def save(
    db: Database,
    run_id: int,
    before: int,
    *,
    old_ids: Mapping[str, int],
    new_ids: Mapping[str, int],
    matches: Mapping[str, Match],
    flows: Sequence[Flow],
) -> None:
    """Store how a run compares with an earlier one; ids by key. Call in the transaction of the run."""
    db.conn.execute("INSERT INTO run_predecessors (run_id, before_id) VALUES (?, ?)", [run_id, before])
    db.conn.executemany(
        "INSERT INTO segment_predecessors (segment_id, before_id, overlap) VALUES (?, ?, ?)",
        [(new_ids[key], old_ids[match.before], match.overlap) for key, match in matches.items()],
    )
    db.conn.executemany(
        "INSERT INTO segment_flows (run_id, before_id, now_id, n) VALUES (?, ?, ?, ?)",
        [
            (
                run_id,
                None if flow.before is None else old_ids[flow.before],
                None if flow.now is None else new_ids[flow.now],
                flow.n,
            )
            for flow in flows
        ],
    )


def of_run(db: Database, run_id: int) -> Comparison | None:
    """With what the run was compared, the largest flows first; None if there was nothing."""
    row = db.conn.execute("SELECT before_id FROM run_predecessors WHERE run_id = ?", [run_id]).fetchone()
    if row is None:
        return None
    matches = db.conn.execute(
        "SELECT p.segment_id, p.before_id FROM segment_predecessors p JOIN segments s ON s.id = p.segment_id "
        "WHERE s.run_id = ?",
        [run_id],
    )
    flows = db.conn.execute(
        "SELECT before_id, now_id, n FROM segment_flows WHERE run_id = ? ORDER BY n DESC, rowid", [run_id]
    )
    return Comparison(row[0], dict(matches.fetchall()), tuple((old, new, n) for old, new, n in flows))
