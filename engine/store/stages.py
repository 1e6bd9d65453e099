"""Where customers stand: the stage of each in each run, and its history as that run works it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.store import runs, transaction
from engine.store.cells import cells
from engine.store.runs import Run

KIND: Final = "lifecycle"
AUDIENCE: Final = "lifecycle audience"  # runs whose one segment is a group of a run of KIND
WAS, WAS_WARNED = "was", "was_warned"
_FACTS = (
    *(c.STAGE, c.WARNED, c.PURCHASE_DAYS, c.RECENCY_DAYS, c.P_NONE),
    *(c.SIGN, c.SIGN_DAYS, c.VISITS, c.MONETARY, WAS, WAS_WARNED),
)
_WHO = "coalesce(u.merged_into, u.id)"  # a person may have become one with another since


@dataclass(frozen=True)
class StageChange:
    """As of `day` the customer was in `stage` for the first time, or anew."""

    day: date
    stage: str
    warned: bool


@dataclass(frozen=True)
class StoredStanding:
    """One customer in one run; missing values are None."""

    stage: str
    warned: bool
    purchase_days: int
    recency_days: int | None
    p_none: float | None
    sign: str | None
    sign_days: int | None
    visits: int
    monetary: float
    was: str
    was_warned: bool


def save(
    db: Database,
    standings: pd.DataFrame,
    changes: pd.DataFrame,
    counts: pd.DataFrame,
    *,
    method: str,
    settings: Mapping[str, Any],
    seed: int,
    data_version: int,
    quality: Mapping[str, Any],
    at: datetime,
    cause: str | None,
) -> Run:
    """Store a run, or nothing.

    `standings` is by customer, with the columns of `engine.lifecycle.stages.standing`, MONETARY, WAS and WAS_WARNED;
    `changes` and `counts` are those of `engine.lifecycle.history.History`.
    """
    with transaction(db):
        run = runs.add(
            db,
            kind=KIND,
            method=method,
            settings=settings,
            seed=seed,
            data_version=data_version,
            quality=quality,
            at=at,
            cause=cause,
        )
        db.conn.executemany(
            f"INSERT INTO standings (run_id, customer_id, {', '.join(_FACTS)}) "
            f"VALUES ({run.id}, ?{', ?' * len(_FACTS)})",
            zip(standings.index.tolist(), *(cells(_whole(standings[fact])) for fact in _FACTS), strict=True),
        )
        db.conn.executemany(
            f"INSERT INTO stage_changes (run_id, customer_id, day, stage, warned) VALUES ({run.id}, ?, ?, ?, ?)",
            zip(changes[c.CUSTOMER].tolist(), _days(changes), *_marks(changes), strict=True),
        )
        db.conn.executemany(
            f"INSERT INTO stage_counts (run_id, day, stage, n, n_warned) VALUES ({run.id}, ?, ?, ?, ?)",
            zip(_days(counts), counts[c.STAGE], counts["n"].tolist(), counts["n_warned"].tolist(), strict=True),
        )
    return run


def latest_run(db: Database) -> Run | None:
    return runs.latest(db, KIND)


def standings(db: Database, run_id: int) -> pd.DataFrame:
    """One row per person of a run, by customer: STAGE … VISITS, MONETARY, WAS, WAS_WARNED."""
    frame = pd.read_sql_query(
        f"SELECT {_WHO} AS {c.CUSTOMER}, {', '.join(f's.{fact}' for fact in _FACTS)} "
        "FROM standings s JOIN customers u ON u.id = s.customer_id WHERE s.run_id = ? ORDER BY 1, s.customer_id",
        db.conn,
        params=[run_id],
        dtype={c.RECENCY_DAYS: "float64", c.SIGN_DAYS: "float64", c.P_NONE: "float64"},
    )
    whole = frame.astype({c.WARNED: bool, WAS_WARNED: bool})
    return whole.drop_duplicates(c.CUSTOMER).set_index(c.CUSTOMER)


def counts(db: Database, run_id: int) -> pd.DataFrame:
    """How many were in each stage at each day: day (ISO 8601), STAGE, n, n_warned; by day."""
    return pd.read_sql_query(
        f"SELECT day, stage AS {c.STAGE}, n, n_warned FROM stage_counts WHERE run_id = ? ORDER BY day",
        db.conn,
        params=[run_id],
    )


def of_customer(db: Database, run_id: int, customer_id: int) -> tuple[StoredStanding, tuple[StageChange, ...]] | None:
    """Where a customer stands in a run and how they came there, the earliest first; None if the run knows nobody so."""
    row = db.conn.execute(
        f"SELECT {', '.join(_FACTS)} FROM standings WHERE run_id = ? AND customer_id = ?", [run_id, customer_id]
    ).fetchone()
    if row is None:
        return None
    stage, warned, purchases, recency, chance, sign, sign_days, visits, money, was, was_warned = row
    changes = db.conn.execute(
        "SELECT day, stage, warned FROM stage_changes WHERE run_id = ? AND customer_id = ? ORDER BY day",
        [run_id, customer_id],
    )
    return (
        StoredStanding(
            stage, bool(warned), purchases, recency, chance, sign, sign_days, visits, money, was, bool(was_warned)
        ),
        tuple(StageChange(date.fromisoformat(day), at, bool(mark)) for day, at, mark in changes),
    )


def audience(db: Database, run_id: int, key: str) -> int | None:
    """The segment that was made of a run's group, if one was."""
    row = db.conn.execute(
        "SELECT s.id FROM segments s JOIN runs r ON r.id = s.run_id "
        "WHERE r.kind = ? AND r.method = ? AND json_extract(r.settings, '$.of') = ? ORDER BY s.id LIMIT 1",
        [AUDIENCE, key, run_id],
    ).fetchone()
    return None if row is None else int(row[0])


def _whole(column: pd.Series) -> pd.Series:
    """Days as whole numbers, which are floats in a frame where some are missing."""
    return column.astype("Int64") if column.name in (c.RECENCY_DAYS, c.SIGN_DAYS) else column


def _days(frame: pd.DataFrame) -> list[str]:
    days: list[str] = frame[c.AT].dt.strftime("%Y-%m-%d").tolist()
    return days


def _marks(frame: pd.DataFrame) -> Iterable[list[Any]]:
    return frame[c.STAGE].astype(str).tolist(), frame[c.WARNED].astype("int64").tolist()
