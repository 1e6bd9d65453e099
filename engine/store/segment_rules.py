"""The rules that the owner writes, with every version, and which run holds the people of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from engine.store import runs
from engine.store import segments as stored
from engine.store.segments import SegmentRun

KIND = "rules"  # of a run


@dataclass(frozen=True)
class OwnerRule:
    """A version of a rule; `rule` is as its owner wrote it, None where it was given up."""

    id: int
    name: str
    version: int
    rule: str | None
    at: datetime
    cause: str | None


_COLUMNS = "id, name, version, rule, at, cause"
_NEWEST = (
    f"SELECT {_COLUMNS} FROM owner_rules r WHERE version = "
    "(SELECT max(version) FROM owner_rules WHERE folded = r.folded)"
)


def in_force(db: Database) -> list[OwnerRule]:
    """The newest version of each rule that was not given up, the oldest rule first."""
    rows = db.conn.execute(
        f"{_NEWEST} AND rule IS NOT NULL ORDER BY (SELECT min(id) FROM owner_rules WHERE folded = r.folded)"
    )
    return [_rule(*row) for row in rows]


def newest(db: Database, folded: str) -> OwnerRule | None:
    """The newest version of this name, also where it was given up."""
    row = db.conn.execute(f"{_NEWEST} AND folded = ?", [folded]).fetchone()
    return None if row is None else _rule(*row)


def versions(db: Database, folded: str) -> list[OwnerRule]:
    """All versions, the newest first."""
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM owner_rules WHERE folded = ? ORDER BY version DESC", [folded])
    return [_rule(*row) for row in rows]


def add(
    db: Database, *, name: str, folded: str, rule: str | None, who: str, cause: str | None, at: datetime
) -> OwnerRule:
    """Store a new version. Call in a transaction."""
    before = len(versions(db, folded))
    cursor = db.conn.execute(
        "INSERT INTO owner_rules (name, folded, version, rule, who, cause, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [name, folded, before + 1, rule, who, cause, at.isoformat()],
    )
    return OwnerRule(int(cursor.lastrowid or 0), name, before + 1, rule, at, cause)


def keep(db: Database, run_id: int, rule_id: int) -> None:
    """Store that a run holds the people of this version of a rule. Call in the transaction of the run."""
    db.conn.execute("INSERT INTO rule_segments (run_id, rule_id) VALUES (?, ?)", [run_id, rule_id])


def latest_people(db: Database, rule_id: int) -> SegmentRun | None:
    """The newest run of this version; None where nobody has looked at it yet."""
    row = db.conn.execute("SELECT max(run_id) FROM rule_segments WHERE rule_id = ?", [rule_id]).fetchone()
    run = None if row[0] is None else runs.by_id(db, row[0])
    return None if run is None else stored.of_run(db, run)


def of_run(db: Database, run_id: int) -> OwnerRule | None:
    """The newest version of the rule whose people a run holds; None for other runs."""
    row = db.conn.execute(
        "SELECT r.folded FROM rule_segments s JOIN owner_rules r ON r.id = s.rule_id WHERE s.run_id = ?", [run_id]
    ).fetchone()
    return None if row is None else newest(db, row[0])


def _rule(id_: int, name: str, version: int, rule: str | None, at: str, cause: str | None) -> OwnerRule:
    return OwnerRule(id_, name, version, rule, datetime.fromisoformat(at), cause)
