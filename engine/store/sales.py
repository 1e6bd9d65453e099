"""What was sold, of known customers and of nobody: sums for a look at the whole shop, and all of it for its check."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlite_utils import Database

from engine import columns as c
from engine.phrases import Name

N_ORDERS = "n_orders"


def n_orders(db: Database) -> int:
    return int(db.conn.execute("SELECT count(*) FROM orders").fetchone()[0])


def n_products(db: Database) -> int:
    return int(db.conn.execute("SELECT count(*) FROM products").fetchone()[0])


def has_consents(db: Database) -> bool:
    return bool(db.conn.execute("SELECT EXISTS (SELECT 1 FROM consents)").fetchone()[0])


def by_day(db: Database) -> pd.DataFrame:
    """One row per day with an order: at (the day), n_orders, revenue; by day."""
    frame = pd.read_sql_query(
        f"SELECT substr(at, 1, 10) AS {c.AT}, count(*) AS {N_ORDERS}, sum(revenue) AS {c.REVENUE} FROM orders "
        "GROUP BY 1 ORDER BY 1",
        db.conn,
    )
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def by_hour(db: Database) -> tuple[NDArray[np.int64], int, int]:
    """Orders by hour of the day, 24 of them; how many are at midnight to the second, and how many at a full hour."""
    rows = db.conn.execute(
        "SELECT CAST(substr(at, 12, 2) AS INTEGER), count(*), total(substr(at, 15) = '00:00') FROM orders GROUP BY 1"
    ).fetchall()
    result, full = np.zeros((2, 24), dtype=np.int64)
    for hour, n, n_full in rows:
        result[hour], full[hour] = n, n_full
    return result, int(full[0]), int(full.sum())


def by_product(db: Database) -> list[tuple[Name, float, float]]:
    """Name, pieces and money of each product that was sold, the most money first."""
    rows = db.conn.execute(
        "SELECT p.name, p.name_en, p.name_zh, sold.pieces, sold.money FROM "
        "(SELECT product_id, sum(quantity) AS pieces, sum(quantity * price) AS money FROM lines GROUP BY 1) sold "
        "JOIN products p ON p.id = sold.product_id ORDER BY sold.money DESC, p.id"
    )
    return [(Name(en or name, zh or name), pieces, money) for name, en, zh, pieces, money in rows]


def by_place(db: Database) -> list[tuple[str, int, float]]:
    """Place, orders and money: the places of the order, or else that of its customer; the most money first."""
    return db.conn.execute(
        "SELECT coalesce(p.place, nullif(k.region, ''), nullif(k.country, '')) AS whereto, count(*), "
        "sum(o.revenue * coalesce(p.share, 1)) FROM orders o LEFT JOIN order_places p ON p.order_id = o.id "
        "LEFT JOIN customers k ON k.id = o.customer_id "
        "GROUP BY whereto HAVING whereto IS NOT NULL ORDER BY 3 DESC, 1"
    ).fetchall()


def without_customer(db: Database) -> tuple[int, float]:
    """How many orders have no customer, and their money."""
    n, money = db.conn.execute(
        "SELECT count(*), coalesce(sum(revenue), 0) FROM orders WHERE customer_id IS NULL"
    ).fetchone()
    return int(n), float(money)


def returned(db: Database) -> float:
    """The money of all returns that are known of customers."""
    (money,) = db.conn.execute("SELECT coalesce(sum(abs(value)), 0) FROM events WHERE kind = 'return'").fetchone()
    return float(money)


def all_orders(db: Database) -> pd.DataFrame:
    """Every order: order (id), order_key, customer (id, -1 for nobody), at, revenue, quantity; by id."""
    frame = pd.read_sql_query(
        f"SELECT id AS 'order', key AS {c.ORDER_KEY}, coalesce(customer_id, -1) AS {c.CUSTOMER}, at AS {c.AT}, "
        f"revenue AS {c.REVENUE}, quantity AS {c.QUANTITY} FROM orders ORDER BY id",
        db.conn,
    )
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def all_lines(db: Database) -> pd.DataFrame:
    """Every line: order, product (ids), quantity, price; by order."""
    return pd.read_sql_query(
        f"SELECT order_id AS 'order', product_id AS {c.PRODUCT}, quantity AS {c.QUANTITY}, price AS {c.PRICE} "
        "FROM lines ORDER BY order_id, line",
        db.conn,
    )


def all_goods(db: Database) -> pd.DataFrame:
    """Every product: product (id), product_key and its names; by id."""
    return pd.read_sql_query(
        f"SELECT id AS {c.PRODUCT}, key AS {c.PRODUCT_KEY}, name AS {c.PRODUCT_NAME}, name_zh AS {c.PRODUCT_NAME_ZH}, "
        f"name_en AS {c.PRODUCT_NAME_EN} FROM products ORDER BY id",
        db.conn,
        dtype=object,
    )


def all_people(db: Database) -> pd.DataFrame:
    """Every customer: customer (id), customer_key, name, birth_year, joined, and revenue, the money that went
    back of what is among the orders; by id."""
    rows = db.conn.execute(
        "SELECT k.id, k.key, k.name, k.birth_year, k.joined, coalesce(gone.money, 0) FROM customers k LEFT JOIN "
        "(SELECT customer_id, sum(abs(value)) AS money FROM events WHERE kind = 'return' AND NOT of_sale "
        "GROUP BY customer_id) gone "
        "ON gone.customer_id = k.id WHERE k.merged_into IS NULL ORDER BY k.id"
    ).fetchall()
    fields = [c.CUSTOMER, c.CUSTOMER_KEY, c.NAME, c.BIRTH_YEAR, c.JOINED, c.REVENUE]
    return pd.DataFrame(rows, columns=fields, dtype=object)
