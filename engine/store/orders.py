"""Orders, lines and products, as the other rooms read them. Imports write them: `store/imports.py`."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.phrases import Name


@dataclass(frozen=True)
class Product:
    """`id` is the store's, `key` what the shop's own system calls it."""

    id: int
    key: str
    name: Name
    category: str | None
    price: float | None


def orders(db: Database) -> pd.DataFrame:
    """One row per order of a known customer: customer, order, at, revenue, quantity; by time."""
    frame = pd.read_sql_query(
        f"SELECT customer_id AS {c.CUSTOMER}, id AS 'order', at AS {c.AT}, revenue AS {c.REVENUE}, "
        f"quantity AS {c.QUANTITY} FROM orders WHERE customer_id IS NOT NULL ORDER BY at, id",
        db.conn,
    )
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def interactions(db: Database) -> pd.DataFrame:
    """One row per order and product of a known customer: customer, product, order, at, quantity, revenue; by time."""
    frame = pd.read_sql_query(
        f"SELECT o.customer_id AS {c.CUSTOMER}, l.product_id AS {c.PRODUCT}, o.id AS 'order', o.at AS {c.AT}, "
        f"sum(l.quantity) AS {c.QUANTITY}, sum(l.quantity * l.price) AS {c.REVENUE} "
        "FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.customer_id IS NOT NULL "
        "GROUP BY o.id, l.product_id ORDER BY o.at, o.id, l.product_id",
        db.conn,
    )
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def n_products_bought(db: Database) -> pd.Series:
    """How many different products each customer has bought, indexed by customer."""
    frame = pd.read_sql_query(
        f"SELECT o.customer_id AS {c.CUSTOMER}, count(DISTINCT l.product_id) AS {c.N_PRODUCTS} "
        "FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.customer_id IS NOT NULL GROUP BY o.customer_id",
        db.conn,
    )
    return frame.set_index(c.CUSTOMER)[c.N_PRODUCTS]


def products(db: Database) -> dict[int, Product]:
    rows = db.conn.execute("SELECT id, key, name, name_en, name_zh, category, price FROM products ORDER BY id")
    return {
        id_: Product(id_, key, Name(en or name, zh or name), category, price)
        for id_, key, name, en, zh, category, price in rows
    }


def last_order_at(db: Database) -> pd.Timestamp | None:
    """The time of the newest order; None in a store without orders."""
    (at,) = db.conn.execute("SELECT max(at) FROM orders").fetchone()
    return None if at is None else pd.Timestamp(at)


def data_version(db: Database) -> int:
    """Grows with each import: a result computed at the same version is still true."""
    return int(db.conn.execute("SELECT coalesce(max(id), 0) FROM imports").fetchone()[0])
