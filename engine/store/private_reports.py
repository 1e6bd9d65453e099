"""Reports that may be shared, and what was spent on them: in the store, and once more in a file beside it.

The file is why an older copy of the database that is put back does not bring spent budget back with it. It holds one
line per report, a number of chance and what it cost, and nothing else.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from engine.errors import StoreError
from engine.phrases import Phrase
from engine.privacy.budget import Budget, Spend
from engine.store.sends import NOT_GOT


@dataclass(frozen=True)
class StoredReport:
    """`released` as `engine.privacy.release.packed` made it; `asked` what the same report is known again by."""

    id: int
    epsilon: float
    data_version: str
    asked: Mapping[str, Any]
    released: Mapping[str, Any]
    for_whom: str
    who: str
    at: datetime


_LINE = re.compile(r"^([0-9a-f]{32}) ([0-9]+\.[0-9]+)\n", re.M)
_COLUMNS = "id, epsilon, data_version, asked, released, for_whom, who, at"


def add(
    db: Database,
    beside: Path,
    spend: str,
    *,
    demo: bool,
    data_version: str,
    asked: Mapping[str, Any],
    released: Mapping[str, Any],
    epsilon: float,
    for_whom: str,
    who: str,
    at: datetime,
) -> StoredReport:
    """Store figures and what they cost, in one row. Call in a transaction, before anybody sees them.

    `spend` is a number of chance. The file beside is written first: what fails later has been spent, and not told.
    """
    if not demo:
        _append(beside, spend, epsilon)
    cursor = db.conn.execute(
        "INSERT INTO private_reports (spend, epsilon, demo, data_version, asked, released, for_whom, who, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            spend,
            epsilon,
            int(demo),
            data_version,
            json.dumps(asked),
            json.dumps(released),
            for_whom,
            who,
            at.isoformat(),
        ],
    )
    return StoredReport(int(cursor.lastrowid or 0), epsilon, data_version, asked, released, for_whom, who, at)


def every(db: Database, *, demo: bool) -> list[StoredReport]:
    """All reports of the shop's own customers, or of the made-up ones; the newest first."""
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM private_reports WHERE demo = ? ORDER BY id DESC", [int(demo)])
    return [_stored(row) for row in rows]


def by_id(db: Database, id_: int) -> StoredReport | None:
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM private_reports WHERE id = ?", [str(id_)]).fetchone()
    return None if row is None else _stored(row)


def hand_out(db: Database, id_: int, *, for_whom: str, who: str, at: datetime) -> None:
    """Note that a report was passed on once more. Call in a transaction."""
    db.conn.execute(
        "INSERT INTO private_report_copies (report_id, for_whom, who, at) VALUES (?, ?, ?, ?)",
        [id_, for_whom, who, at.isoformat()],
    )


def handed_out(db: Database) -> dict[int, list[tuple[datetime, str]]]:
    """By report when it was passed on once more and for whom, the earliest first."""
    result: dict[int, list[tuple[datetime, str]]] = {}
    for id_, at, whom in db.conn.execute("SELECT report_id, at, for_whom FROM private_report_copies ORDER BY id"):
        result.setdefault(id_, []).append((datetime.fromisoformat(at), whom))
    return result


def budget(db: Database, beside: Path, *, demo: bool) -> Budget:
    """What was spent, by the store and by the file beside it together."""
    rows = db.conn.execute(
        "SELECT id, spend, epsilon, at, for_whom, who FROM private_reports WHERE demo = ? ORDER BY id", [int(demo)]
    ).fetchall()
    known = {spend for _, spend, *_ in rows}
    noted = {} if demo else _noted(beside)
    spends = tuple(
        Spend(id_, epsilon, datetime.fromisoformat(at), whom, who) for id_, _, epsilon, at, whom, who in rows
    )
    return Budget(spends, sum(epsilon for spend, epsilon in noted.items() if spend not in known))


def carry(restored: Database, before: Database, at: datetime) -> None:
    """What was told since a backup stays told after it is put back: reports, what they cost, and who has them.

    Call in a transaction on `restored`.
    """
    facts = "spend, epsilon, demo, data_version, asked, released, for_whom, who, at"
    known = {spend: id_ for id_, spend in restored.conn.execute("SELECT id, spend FROM private_reports")}
    taken, ids = set(known.values()), {}
    for id_, spend, *others in before.conn.execute(f"SELECT id, {facts} FROM private_reports ORDER BY id"):
        if spend not in known:
            cursor = restored.conn.execute(
                f"INSERT INTO private_reports (id, {facts}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [None if id_ in taken else id_, spend, *others],
            )
            known[spend] = int(cursor.lastrowid or 0)
            taken.add(known[spend])
        ids[id_] = known[spend]
    copies = "report_id, for_whom, who, at"
    there = set(restored.conn.execute(f"SELECT {copies} FROM private_report_copies"))
    for id_, *others in before.conn.execute(f"SELECT {copies} FROM private_report_copies ORDER BY id"):
        if (ids[id_], *others) not in there:
            restored.conn.execute(
                f"INSERT INTO private_report_copies ({copies}) VALUES (?, ?, ?, ?)", [ids[id_], *others]
            )


def version_of(db: Database, data_version: int) -> str:
    """Of all that a report tells of: what came in, the outcomes that were told, and who was forgotten since."""
    told, forgotten = db.conn.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM tallies), (SELECT count(*) FROM trail WHERE deed = 'forgotten')"
    ).fetchone()
    return f"{data_version}.{told}.{forgotten}"


def newest_campaigns(db: Database, most: int) -> list[tuple[int, str]]:
    """Id and goal of the approved campaigns of which outcomes are known, the newest first."""
    return db.conn.execute(
        "SELECT id, goal FROM campaigns c WHERE status = 'approved' AND EXISTS (SELECT 1 FROM variants v "
        "JOIN tallies t ON t.variant_id = v.id WHERE v.campaign_id = c.id) ORDER BY id DESC LIMIT ?",
        [most],
    ).fetchall()


def campaign_counts(db: Database, campaign_id: int) -> list[tuple[str, int, int]]:
    """Label, buyers and people of whom the outcome is known, by label, every person once.

    Where outcomes were told as counts alone, they are those of the newest report.
    """
    labels = [
        row[0] for row in db.conn.execute("SELECT label FROM variants WHERE campaign_id = ? ORDER BY id", [campaign_id])
    ]
    for table in ("outcomes", "bought"):
        rows = db.conn.execute(
            "SELECT label, sum(won), count(*) FROM (SELECT min(v.label) AS label, max(o.converted) AS won "
            f"FROM {table} o JOIN sends s ON s.campaign_id = o.campaign_id AND s.customer_id = o.customer_id "
            "JOIN variants v ON v.id = s.variant_id JOIN customers u ON u.id = o.customer_id "
            f"WHERE o.campaign_id = ? AND NOT {NOT_GOT} GROUP BY coalesce(u.merged_into, u.id)) GROUP BY label",
            [campaign_id],
        ).fetchall()
        if rows:
            break
    else:
        rows = db.conn.execute(
            "SELECT v.label, t.conversions, t.sends FROM variants v JOIN tallies t ON t.variant_id = v.id "
            "WHERE v.campaign_id = ? AND t.id = (SELECT max(id) FROM tallies WHERE variant_id = v.id)",
            [campaign_id],
        ).fetchall()
    found = {label: (int(won), int(n)) for label, won, n in rows}
    return [(label, *found.get(label, (0, 0))) for label in labels]


def _stored(row: tuple[Any, ...]) -> StoredReport:
    id_, epsilon, version, asked, released, for_whom, who, at = row
    return StoredReport(
        id_, epsilon, version, json.loads(asked), json.loads(released), for_whom, who, datetime.fromisoformat(at)
    )


def _append(beside: Path, spend: str, epsilon: float) -> None:
    """Add a line, on the disk when this returns. Raises StoreError."""
    try:
        handle = os.open(beside, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            # begins a line of its own, whatever a failing power has left of the one before
            file.write(f"\n{spend} {epsilon!r}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unusable(beside) from error


def _noted(beside: Path) -> dict[str, float]:
    """What the file says. A line that was cut short counts as nothing: nothing was told for it."""
    try:
        text = beside.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unusable(beside) from error
    return {spend: float(epsilon) for spend, epsilon in _LINE.findall(text)}


def _unusable(beside: Path) -> StoreError:
    return StoreError(Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(beside)))
