"""When repeat purchases are due, as a run and its updates say."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from sqlite_utils import Database

from engine.store.customers import Customer
from engine.store.orders import Product
from engine.store.recommendations import NEWEST, PRODUCT_COLUMNS, InForce, product_of

_CUSTOMER = ", ".join(f"k.{field.name}" for field in fields(Customer))
_N_CUSTOMER = len(fields(Customer))


@dataclass(frozen=True)
class DuePurchase:
    """The next purchase of a product by a customer, who bought it on `n_days` days, on `last` for the last time.

    It comes likely between `low` and `high`. `own`: the gap is the customer's own; else that of all who buy it.
    """

    customer: Customer
    product: Product
    n_days: int
    last: date
    gap_days: float
    due: date
    low: date
    high: date
    own: bool


def expected(db: Database, lists: InForce, *, until: date, on: date) -> list[DuePurchase]:
    """Those due by the day `until` that may still come as usual on the day `on`, the surest habits first.

    That is by how many times it was bought, then by how long it has been due, the shortest first.
    """
    return _some(db, lists, "d.due <= :until AND d.high >= :on", {"until": until.isoformat(), "on": on.isoformat()})


def of_customer(db: Database, lists: InForce, customer_id: int) -> list[DuePurchase]:
    """All of one customer."""
    return _some(db, lists, "d.customer_id = :customer", {"customer": customer_id})


def _some(db: Database, lists: InForce, which: str, facts: dict[str, str | int]) -> list[DuePurchase]:
    rows = db.conn.execute(
        f"{NEWEST} SELECT d.n_days, d.last, d.gap_days, d.due, d.low, d.high, d.own, {_CUSTOMER}, {PRODUCT_COLUMNS} "
        "FROM due_purchases d JOIN customers k ON k.id = d.customer_id JOIN products p ON p.id = d.product_id "
        "LEFT JOIN newest n ON n.customer_id = d.customer_id "
        "WHERE d.run_id IN (SELECT value FROM json_each(:runs)) AND d.run_id = coalesce(n.run_id, :fit) "
        f"AND k.merged_into IS NULL AND {which} ORDER BY d.n_days DESC, d.due DESC, d.customer_id, d.product_id",
        {"runs": lists.ids, "fit": lists.fit.id, **facts},
    )
    return [_due(*row) for row in rows]


def _due(n_days: int, last: str, gap: float, due: str, low: str, high: str, own: int, *rest: object) -> DuePurchase:
    who, what = rest[:_N_CUSTOMER], rest[_N_CUSTOMER:]
    return DuePurchase(
        Customer(*who),  # type: ignore[arg-type]
        product_of(*what),  # type: ignore[arg-type]
        n_days,
        date.fromisoformat(last),
        gap,
        date.fromisoformat(due),
        date.fromisoformat(low),
        date.fromisoformat(high),
        bool(own),
    )
