"""Orders, lines and products, as the other rooms read them. Imports write them: `store/imports.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
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


@dataclass(frozen=True)
class PastOrder:
    """An order with the names of what was in it, each once, in the order of its lines."""

    key: str
    at: datetime
    revenue: float
    products: tuple[Name, ...]


def orders(db: Database) -> pd.DataFrame:
    """One row per order of a known customer: customer, order, at, revenue, quantity; by time."""
    frame = pd.read_sql_query(
        f"SELECT customer_id AS {c.CUSTOMER}, id AS 'order', at AS {c.AT}, revenue AS {c.REVENUE}, "
        f"quantity AS {c.QUANTITY} FROM orders WHERE customer_id IS NOT NULL ORDER BY at, id",
        db.conn,
    )
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def sums(db: Database) -> pd.DataFrame:
    """One row per customer with an order, by customer: first_at, last_at, frequency, monetary, quantity."""
    rows = db.conn.execute(
        "SELECT customer_id, min(at), max(at), count(*), sum(revenue), sum(quantity) "
        "FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id"
    ).fetchall()
    # column by column: read_sql_query takes three times as long for as many rows
    customers, first, last, n, money, quantity = zip(*rows, strict=True) if rows else ((),) * 6
    return pd.DataFrame(
        {
            c.FIRST_AT: _times(first),
            c.LAST_AT: _times(last),
            c.FREQUENCY: np.array(n, dtype=np.int64),
            c.MONETARY: np.array(money, dtype=np.float64),
            c.QUANTITY: np.array(quantity, dtype=np.float64),
        },
        index=pd.Index(np.array(customers, dtype=np.int64), name=c.CUSTOMER),
    )


def _times(texts: Sequence[str]) -> pd.DatetimeIndex:
    """Times as imports write them (YYYY-MM-DDTHH:MM:SS); slower where one has another form."""
    try:
        return pd.DatetimeIndex(np.array(texts, dtype="datetime64[s]").astype("datetime64[us]"))
    except (TypeError, ValueError):
        return pd.to_datetime(list(texts), format="ISO8601")


def moments(db: Database) -> pd.DataFrame:
    """One row per order of a known customer: customer, at; in no order."""
    frame = pd.read_sql_query(
        f"SELECT customer_id AS {c.CUSTOMER}, at AS {c.AT} FROM orders WHERE customer_id IS NOT NULL", db.conn
    )
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def orders_of(db: Database, customer_id: int) -> list[tuple[datetime, float, float]]:
    """When one customer ordered, for how much money, how many pieces; by time."""
    rows = db.conn.execute(
        "SELECT at, revenue, quantity FROM orders WHERE customer_id = ? ORDER BY at, id", [customer_id]
    )
    return [(datetime.fromisoformat(at), revenue, quantity) for at, revenue, quantity in rows]


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


def purchases(db: Database) -> pd.DataFrame:
    """One row per line of a known customer's order: customer, product, order, at; in no order."""
    rows = db.conn.execute(
        "SELECT id, customer_id, at FROM orders WHERE customer_id IS NOT NULL ORDER BY id"
    ).fetchall()
    ids, customers, at = zip(*rows, strict=True) if rows else ((),) * 3
    # orders and lines apart: millions of lines share their order's customer and time
    lines = np.fromiter(
        db.conn.execute("SELECT order_id, product_id FROM lines"),
        np.dtype([("order", np.int64), ("product", np.int64)]),
    )
    known = np.array(ids, dtype=np.int64)
    lines = lines[np.isin(lines["order"], known)]
    of_order = np.searchsorted(known, lines["order"])
    return pd.DataFrame(
        {
            c.CUSTOMER: np.array(customers, dtype=np.int64)[of_order],
            c.PRODUCT: lines["product"],
            c.ORDER: lines["order"],
            c.AT: _times(at)[of_order],
        }
    )


def n_products_bought(db: Database) -> pd.Series:
    """How many different products each customer has bought, indexed by customer."""
    frame = pd.read_sql_query(
        f"SELECT o.customer_id AS {c.CUSTOMER}, count(DISTINCT l.product_id) AS {c.N_PRODUCTS} "
        "FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.customer_id IS NOT NULL GROUP BY o.customer_id",
        db.conn,
    )
    return frame.set_index(c.CUSTOMER)[c.N_PRODUCTS]


def n_products_bought_by(db: Database, customer_id: int) -> int:
    """How many different products one customer has bought."""
    (n,) = db.conn.execute(
        "SELECT count(DISTINCT l.product_id) FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.customer_id = ?",
        [customer_id],
    ).fetchone()
    return int(n)


def last_of(db: Database, customer_id: int, n: int) -> list[PastOrder]:
    """The newest `n` orders of a customer, the newest first."""
    rows = db.conn.execute(
        "SELECT id, key, at, revenue FROM orders WHERE customer_id = ? ORDER BY at DESC, id DESC LIMIT ?",
        [customer_id, n],
    )
    return [
        PastOrder(key, datetime.fromisoformat(at), revenue, _names(db, id_))
        for id_, key, at, revenue in rows.fetchall()
    ]


def _names(db: Database, order_id: int) -> tuple[Name, ...]:
    rows = db.conn.execute(
        "SELECT p.name, p.name_en, p.name_zh FROM lines l JOIN products p ON p.id = l.product_id "
        "WHERE l.order_id = ? GROUP BY p.id ORDER BY min(l.line)",
        [order_id],
    )
    return tuple(Name(en or name, zh or name) for name, en, zh in rows)


def returned_by(db: Database, customer_id: int) -> tuple[int, float]:
    """How many returns of a customer are on record, and the money they gave back (positive)."""
    n, money = db.conn.execute(
        "SELECT count(*), coalesce(sum(abs(value)), 0) FROM events WHERE customer_id = ? AND kind = 'return'",
        [customer_id],
    ).fetchone()
    return int(n), float(money)


def returns(db: Database) -> pd.DataFrame:
    """One row per return of what is among the orders in full: customer, at, revenue (what was given back); by time."""
    frame = pd.read_sql_query(
        f"SELECT customer_id AS {c.CUSTOMER}, at AS {c.AT}, abs(value) AS {c.REVENUE} FROM events "
        "WHERE kind = 'return' AND NOT of_sale AND value IS NOT NULL AND customer_id IS NOT NULL ORDER BY at, id",
        db.conn,
        dtype={c.REVENUE: "float64"},
    )
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def products(db: Database) -> dict[int, Product]:
    rows = db.conn.execute("SELECT id, key, name, name_en, name_zh, category, price FROM products ORDER BY id")
    return {
        id_: Product(id_, key, Name(en or name, zh or name), category, price)
        for id_, key, name, en, zh, category, price in rows
    }


def catalogue(db: Database) -> pd.DataFrame:
    """What is known of each product, indexed by its id: product_key, category, description (None), price, cost, stock
    (NaN), launched, added (datetime64, NaT; added in UTC), attributes (texts by name, None).
    """
    frame = pd.read_sql_query(
        f"SELECT id AS {c.PRODUCT}, key AS {c.PRODUCT_KEY}, category AS {c.CATEGORY}, "
        f"description AS {c.DESCRIPTION}, price AS {c.PRICE}, cost AS {c.COST}, stock AS {c.STOCK}, "
        f"launched AS {c.LAUNCHED}, added_at AS {c.ADDED} FROM products ORDER BY id",
        db.conn,
        index_col=c.PRODUCT,
    )
    attributes: dict[int, dict[str, str]] = {}
    for id_, name, value in db.conn.execute("SELECT product_id, name, value FROM product_attributes"):
        attributes.setdefault(id_, {})[name] = value
    added = pd.to_datetime(frame[c.ADDED], format="ISO8601", utc=True)
    texts = {of: frame[of].astype(object).where(frame[of].notna(), None) for of in (c.CATEGORY, c.DESCRIPTION)}
    return frame.astype(dict.fromkeys((c.PRICE, c.COST, c.STOCK), "float64")).assign(
        **texts,
        **{
            c.LAUNCHED: pd.to_datetime(frame[c.LAUNCHED], format="ISO8601"),
            c.ADDED: added.dt.tz_localize(None),
            c.ATTRIBUTES: pd.Series([attributes.get(id_) for id_ in frame.index], frame.index, dtype=object),
        },
    )


def n_buyers(db: Database) -> int:
    """How many customers have an order."""
    (n,) = db.conn.execute("SELECT count(DISTINCT customer_id) FROM orders").fetchone()
    return int(n)


def last_order_at(db: Database) -> pd.Timestamp | None:
    """The time of the newest order; None in a store without orders."""
    (at,) = db.conn.execute("SELECT max(at) FROM orders").fetchone()
    return None if at is None else pd.Timestamp(at)


def bought_by(db: Database, before: pd.Timestamp) -> tuple[int, pd.Timestamp | None]:
    """How many known customers have ordered before that time, and when the first of these orders was."""
    n, first = db.conn.execute(
        "SELECT count(DISTINCT customer_id), min(at) FROM orders WHERE customer_id IS NOT NULL AND at < ?",
        [before.isoformat()],
    ).fetchone()
    return int(n), None if first is None else pd.Timestamp(first)


def data_version(db: Database) -> int:
    """Grows with each import and each change of who is whom: a result of the same version is still true."""
    (version,) = db.conn.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM imports) + "
        "(SELECT count(*) FROM trail WHERE deed IN ('made one', 'made two'))"
    ).fetchone()
    return int(version)
