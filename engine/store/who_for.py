"""Who for a product: the customers who are most likely to want it, as a run and its updates say."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlite_utils import Database

from engine.phrases import Phrase
from engine.store.customers import Customer
from engine.store.recommendations import NEWEST, InForce
from engine.store.wordings import reasons

_CUSTOMER = ", ".join(f"k.{field.name}" for field in fields(Customer))


@dataclass(frozen=True)
class Wanting:
    """One customer and why they may want the product; `again`: they had bought it before."""

    customer: Customer
    again: bool
    score: float
    ranker: str
    reason: Phrase


def wanting(db: Database, lists: InForce, product_id: int) -> list[Wanting]:
    """All that are kept of a product, who wants it most first."""
    rows = db.conn.execute(
        f"{NEWEST} SELECT w.again, w.score, w.ranker, w.reason, {_CUSTOMER} FROM who_for_products w "
        "JOIN customers k ON k.id = w.customer_id LEFT JOIN newest n ON n.customer_id = w.customer_id "
        "WHERE w.product_id = :product AND w.run_id IN (SELECT value FROM json_each(:runs)) "
        "AND w.run_id = coalesce(n.run_id, :fit) AND k.merged_into IS NULL ORDER BY w.score DESC, w.customer_id",
        {"runs": lists.ids, "fit": lists.fit.id, "product": product_id},
    ).fetchall()
    said = reasons(db, (row[3] for row in rows))
    return [
        Wanting(Customer(*who), bool(again), score, ranker, reason)
        for (again, score, ranker, _, *who), reason in zip(rows, said, strict=True)
    ]
