"""Who wants no message that goes by what is known of them. A wish is taken back, never removed.

It is recorded with every identity of the customer, so that whoever they are counted as later, it holds for them.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
from sqlite_utils import Database

from engine.store.incoming import Ids
from engine.store.regrouping import adopt

_HOLDS = "FROM plain_only p JOIN identities i ON i.id = p.identity_id WHERE p.taken_back_at IS NULL"


def everybody(db: Database) -> Ids:
    """The customers of whom it holds, in ascending order."""
    rows = db.conn.execute(f"SELECT DISTINCT i.customer_id {_HOLDS} ORDER BY 1")
    return np.array([id_ for (id_,) in rows], dtype=np.int64)


def holds(db: Database, customer: int) -> bool:
    return db.conn.execute(f"SELECT 1 {_HOLDS} AND i.customer_id = ?", [customer]).fetchone() is not None


def add(db: Database, customer: int, *, who: str, cause: str | None, at: datetime) -> bool:
    """Store that the customer wishes so; False if that holds already. Call in a transaction."""
    adopt(db)
    before = holds(db, customer)
    db.conn.execute(
        "INSERT OR IGNORE INTO plain_only (identity_id, who, cause, at) SELECT id, ?, ?, ? FROM identities "
        "WHERE customer_id = ?",
        [who, cause, at.isoformat(), customer],
    )
    return not before


def take_back(db: Database, customer: int, *, who: str, at: datetime) -> bool:
    """It holds no longer; False if it did not. Call in a transaction."""
    cursor = db.conn.execute(
        "UPDATE plain_only SET taken_back_at = ?, taken_back_by = ? WHERE taken_back_at IS NULL "
        "AND identity_id IN (SELECT id FROM identities WHERE customer_id = ?)",
        [at.isoformat(), who, customer],
    )
    return cursor.rowcount > 0
