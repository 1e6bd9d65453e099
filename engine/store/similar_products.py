"""Products that are like a product: bought by the same people, or alike in what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from engine.phrases import Phrase
from engine.store.orders import Product
from engine.store.recommendations import PRODUCT_COLUMNS, InForce, product_of
from engine.store.wordings import reasons

TOGETHER: Final = "together"
ALIKE: Final = "alike"


@dataclass(frozen=True)
class SimilarProduct:
    """`n_common` of those who bought one bought the other; `reason` says in what they are alike."""

    product: Product
    how: str
    rank: int
    similarity: float
    n_common: int | None
    reason: Phrase | None


def of_product(db: Database, lists: InForce, product_id: int) -> list[SimilarProduct]:
    """By how, the nearest first; empty for a product that the fit does not know or that has no likes."""
    rows = db.conn.execute(
        f"SELECT s.how, s.rank, s.similarity, s.n_common, s.reason, {PRODUCT_COLUMNS} FROM similar_products s "
        "JOIN products p ON p.id = s.other_id WHERE s.run_id = ? AND s.product_id = ? ORDER BY s.how DESC, s.rank",
        [lists.fit.id, product_id],
    ).fetchall()
    said = iter(list(reasons(db, (row[4] for row in rows if row[4] is not None))))
    return [
        SimilarProduct(product_of(*product), how, rank, similarity, common, None if reason is None else next(said))
        for how, rank, similarity, common, reason, *product in rows
    ]
