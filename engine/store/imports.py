"""Imports: which file brought what, and the rows that were left out. What they brought: `store/incoming.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.store import meta

DEMO = "demo"
CURRENCY = "currency"

# what a shop's own data replaces, children first; the trail, the inbox, the chats and the owner's rules stay
REPLACED = (
    "treatments",
    "matchings",
    "matching_settings",
    "bought",
    "told_reports",
    "tallies",
    "outcomes",
    "verdicts",
    "exclusions",
    "holdouts",
    "deliveries",
    "learning_plans",
    "sends",
    "reserves",
    "draws",
    "contexts",
    "waves",
    "variants",
    "campaigns",
    "standings",
    "stage_changes",
    "stage_counts",
    "recommendations",
    "wordings",
    "updated_customers",
    "who_for_products",
    "similar_products",
    "fitted_products",
    "due_purchases",
    "kept_models",
    "forecasts",
    "segment_facts",
    "segment_drawings",
    "segment_flows",
    "segment_predecessors",
    "run_predecessors",
    "rule_segments",
    "memberships",
    "segments",
    "runs",
    "pairs",
    "answers",
    "attributes",
    "events",
    "refusals",
    "plain_only",
    "lines",
    "order_places",
    "orders",
    "product_attributes",
    "products",
    "consents",
    "identity_keys",
    "identities",
    "customers",
    "rejected_rows",
    "import_headers",
    "imports",
)


@dataclass(frozen=True)
class Import:
    """One imported file; `receipt` is the text that intake made of it."""

    id: int
    receipt: str


def by_content(db: Database, sha256: str) -> Import | None:
    """The import of the file with this content; None if it was never imported."""
    return _one(db, "sha256 = ?", sha256)


def receipts(db: Database, kind: str) -> list[str]:
    """The receipts of all imports of this kind, as intake wrote them, by their age."""
    rows = db.conn.execute("SELECT receipt FROM imports WHERE kind = ? AND receipt <> '' ORDER BY id", [kind])
    return [receipt for (receipt,) in rows]


def by_id(db: Database, import_id: int) -> Import | None:
    return _one(db, "id = ?", import_id)


def _one(db: Database, condition: str, *values: object) -> Import | None:
    row = db.conn.execute(f"SELECT id, receipt FROM imports WHERE {condition}", values).fetchone()
    return None if row is None else Import(*row)


def add(db: Database, *, name: str, sha256: str, kind: str, demo: bool, cause: str | None, at: datetime) -> int:
    """The id of a new import. Call in the transaction that stores its rows; `keep_receipt` completes it."""
    cursor = db.conn.execute(
        "INSERT INTO imports (name, sha256, kind, receipt, demo, cause, at) VALUES (?, ?, ?, '', ?, ?, ?)",
        [name, sha256, kind, int(demo), cause, at.isoformat()],
    )
    return int(cursor.lastrowid or 0)


def keep_receipt(db: Database, import_id: int, receipt: str) -> None:
    db.conn.execute("UPDATE imports SET receipt = ? WHERE id = ?", [receipt, import_id])


def keep_rejected(db: Database, import_id: int, rejected: pd.DataFrame) -> None:
    """Store the rows left out (row, reason, text)."""
    rows = zip(rejected[c.ROW].tolist(), rejected[c.REASON].tolist(), rejected[c.TEXT].tolist(), strict=True)
    db.conn.executemany(
        "INSERT INTO rejected_rows (import_id, row, reason, text) VALUES (?, ?, ?, ?)",
        ((import_id, *row) for row in rows),
    )


def rejected(db: Database, import_id: int) -> Iterator[tuple[int, str, str]]:
    """Row number in the file, reason, text, by row."""
    yield from db.conn.execute(
        "SELECT row, reason, text FROM rejected_rows WHERE import_id = ? ORDER BY row", [import_id]
    )


def left_out_for(db: Database, reason: str, most: int) -> list[tuple[int, str]]:
    """Row number and text of the newest `most` rows of all files that were left out for this reason."""
    return db.conn.execute(
        "SELECT row, text FROM rejected_rows WHERE reason = ? ORDER BY import_id DESC, row LIMIT ?", [reason, most]
    ).fetchall()


def holds_demo(db: Database) -> bool:
    """Whether all that the store holds is the demo shop."""
    return meta.read(db, DEMO) == "1"


def mark_demo(db: Database) -> None:
    meta.write(db, DEMO, "1")


def currency(db: Database) -> str | None:
    """The currency of the shop's orders (ISO 4217); None if no file has named it."""
    return meta.read(db, CURRENCY)


def keep_currency(db: Database, code: str) -> None:
    meta.write(db, CURRENCY, code)


def has_any(db: Database) -> bool:
    return bool(db.conn.execute("SELECT EXISTS (SELECT 1 FROM imports)").fetchone()[0])


def remove_demo(db: Database) -> None:
    """Remove the demo shop and all that was made of it. Call in the transaction that brings the shop's own data."""
    for table in REPLACED:
        db.conn.execute(f"DELETE FROM {table}")
    meta.forget(db, DEMO)
    meta.forget(db, CURRENCY)
