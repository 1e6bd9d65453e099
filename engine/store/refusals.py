"""What customers have said no to: one product, or any at all. A refusal is taken back, never removed.

It is recorded with every identity of the customer, so that whoever they are counted as later, it holds for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.store.incoming import Ids
from engine.store.regrouping import adopt


@dataclass(frozen=True)
class Refusal:
    """One that holds; `product` is None where the customer wants no product at all."""

    product: int | None
    who: str
    at: datetime


_HOLDS = "FROM refusals r JOIN identities i ON i.id = r.identity_id WHERE r.taken_back_at IS NULL"


def add(db: Database, customer: int, product: int | None, *, who: str, cause: str | None, at: datetime) -> bool:
    """Store that the customer wants no more of `product`, or of any if None; False if that holds already.

    Call in a transaction.
    """
    adopt(db)
    before = holds(db, customer, product)
    # somebody who was two people when they said it says it now for both
    db.conn.execute(
        "INSERT INTO refusals (identity_id, product_id, who, cause, at) "
        "SELECT i.id, ?1, ?2, ?3, ?4 FROM identities i WHERE i.customer_id = ?5 AND NOT EXISTS "
        "(SELECT 1 FROM refusals r WHERE r.identity_id = i.id AND r.product_id IS ?1 AND r.taken_back_at IS NULL) "
        "ORDER BY i.id",
        [product, who, cause, at.isoformat(), customer],
    )
    return not before


def take_back(db: Database, customer: int, product: int | None, *, who: str, cause: str | None, at: datetime) -> bool:
    """The refusal holds no longer; False if there is none. Call in a transaction."""
    cursor = db.conn.execute(
        "UPDATE refusals SET taken_back_at = ?, taken_back_by = ?, taken_back_cause = ? WHERE taken_back_at IS NULL "
        "AND product_id IS ? AND identity_id IN (SELECT id FROM identities WHERE customer_id = ?)",
        [at.isoformat(), who, cause, product, customer],
    )
    return cursor.rowcount > 0


def holds(db: Database, customer: int, product: int | None) -> bool:
    """Whether the customer has said no to this very product, or to any if None."""
    row = db.conn.execute(
        f"SELECT EXISTS (SELECT 1 {_HOLDS} AND i.customer_id = ? AND r.product_id IS ?)", [customer, product]
    ).fetchone()
    return bool(row[0])


def of_customer(db: Database, customer: int) -> list[Refusal]:
    """All that hold, the newest first, each product once."""
    rows = db.conn.execute(
        f"SELECT r.product_id, r.who, max(r.at) {_HOLDS} AND i.customer_id = ? GROUP BY r.product_id "
        "ORDER BY max(r.at) DESC, max(r.id) DESC",
        [customer],
    )
    return [Refusal(product, who, datetime.fromisoformat(at)) for product, who, at in rows]


def pairs(db: Database) -> pd.DataFrame:
    """Who does not want which product: customer, product; each once, in this order."""
    return pd.read_sql_query(
        f"SELECT DISTINCT i.customer_id AS {c.CUSTOMER}, r.product_id AS {c.PRODUCT} {_HOLDS} "
        "AND r.product_id IS NOT NULL ORDER BY 1, 2",
        db.conn,
    ).astype(np.int64)


def wanting_none(db: Database) -> Ids:
    """Who wants no product at all, in ascending order."""
    rows = db.conn.execute(f"SELECT DISTINCT i.customer_id {_HOLDS} AND r.product_id IS NULL ORDER BY 1")
    return np.array([id_ for (id_,) in rows], dtype=np.int64)
