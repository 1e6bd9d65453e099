"""The owner's rules for what may be recommended, with every version, and what of the shop's data they go by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlite_utils import Database

from engine import columns as c


@dataclass(frozen=True)
class RulesVersion:
    """All that held from a moment on, as JSON has it; `id` 0 is what holds before anybody has said anything."""

    id: int
    rules: Mapping[str, Any]
    who: str
    at: datetime


UNSAID = RulesVersion(0, {}, "", datetime.min)
_COLUMNS = "id, rules, who, at"


def newest(db: Database) -> RulesVersion:
    """What is in force."""
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM recommendation_rules ORDER BY id DESC LIMIT 1").fetchone()
    return UNSAID if row is None else _version(*row)


def before(db: Database, id_: int) -> RulesVersion:
    """What was in force before this version."""
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM recommendation_rules WHERE id < ? ORDER BY id DESC LIMIT 1", [id_]
    ).fetchone()
    return UNSAID if row is None else _version(*row)


def versions(db: Database, n: int) -> list[RulesVersion]:
    """The newest `n`, the newest first."""
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM recommendation_rules ORDER BY id DESC LIMIT ?", [n])
    return [_version(*row) for row in rows]


def add(db: Database, rules: Mapping[str, Any], *, who: str, cause: str | None, at: datetime) -> RulesVersion:
    """Put these rules in force. Call in a transaction."""
    cursor = db.conn.execute(
        "INSERT INTO recommendation_rules (rules, who, cause, at) VALUES (?, ?, ?, ?)",
        [json.dumps(rules, ensure_ascii=False), who, cause, at.isoformat()],
    )
    return RulesVersion(int(cursor.lastrowid or 0), rules, who, at)


def goods(db: Database) -> pd.DataFrame:
    """What rules go by of each product, indexed by its id: product_key, its names, category, price, stock, cost."""
    return pd.read_sql_query(
        f"SELECT id AS {c.PRODUCT}, key AS {c.PRODUCT_KEY}, coalesce(name_en, name) AS {c.PRODUCT_NAME_EN}, "
        f"coalesce(name_zh, name) AS {c.PRODUCT_NAME_ZH}, category AS {c.CATEGORY}, price AS {c.PRICE}, "
        f"stock AS {c.STOCK}, cost AS {c.COST} FROM products ORDER BY id",
        db.conn,
        index_col=c.PRODUCT,
        dtype={c.CATEGORY: object, c.PRICE: float, c.STOCK: float, c.COST: float},
    )


def bought_since(db: Database, since: pd.Timestamp, customer: int | None = None) -> pd.DataFrame:
    """Customer, product and the last time (at) of what was bought since then, by one customer or by all."""
    return _purchases(db, "o.at >= :since", {"since": since.isoformat()}, customer)


def bought_of(db: Database, products: Iterable[int], customer: int | None = None) -> pd.DataFrame:
    """The same of some products at any time."""
    return _purchases(
        db, "l.product_id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(list(products))}, customer
    )


def bought_together(db: Database, product: int) -> dict[int, int]:
    """How many orders have each other product together with this one."""
    rows = db.conn.execute(
        "SELECT other.product_id, count(DISTINCT l.order_id) FROM lines l JOIN lines other "
        "ON other.order_id = l.order_id AND other.product_id <> l.product_id WHERE l.product_id = ? "
        "GROUP BY other.product_id",
        [product],
    )
    return dict(rows.fetchall())


def _purchases(db: Database, which: str, facts: Mapping[str, Any], customer: int | None) -> pd.DataFrame:
    whose = "o.customer_id IS NOT NULL" if customer is None else "o.customer_id = :customer"
    frame = pd.read_sql_query(
        f"SELECT o.customer_id AS {c.CUSTOMER}, l.product_id AS {c.PRODUCT}, max(o.at) AS {c.AT} "
        f"FROM orders o JOIN lines l ON l.order_id = o.id WHERE {whose} AND {which} GROUP BY 1, 2",
        db.conn,
        params={**facts, "customer": customer} if customer is not None else dict(facts),
    )
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def _version(id_: int, rules: str, who: str, at: str) -> RulesVersion:
    return RulesVersion(id_, json.loads(rules), who, datetime.fromisoformat(at))
