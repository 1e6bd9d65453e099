"""Shops made up for the tests, put straight into the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from sqlite_utils import Database

from engine.phrases import Name
from engine.shop import Shop
from engine.store import meta, transaction

GOODS = {
    "T1": Name("Green tea", "绿茶"),
    "T2": Name("Black tea", "红茶"),
    "T3": Name("Oolong", "乌龙茶"),
    "P1": Name("Teapot", "茶壶"),
    "P2": Name("Cup", "茶杯"),
    "G1": Name("Gift box", "礼盒"),
}
NEWEST = date(2026, 11, 20)


@dataclass(frozen=True)
class MadeOrder:
    """An order to put into the store; `lines` are product key, quantity and price."""

    key: str
    customer: str | None
    at: datetime
    lines: tuple[tuple[str, float, float], ...]


def add_import(db: Database, name: str = "made.csv") -> int:
    """As if a file had been imported: the data have a new version. Its id."""
    cursor = db.conn.execute(
        "INSERT INTO imports (name, sha256, kind, receipt, at) "
        "VALUES (?, (SELECT count(*) FROM imports), 'orders', '{}', '2026-11-23T12:00:00+00:00')",
        [name],
    )
    return int(cursor.lastrowid or 0)


def add_customers(db: Database, customers: Iterable[Mapping[str, object]]) -> None:
    """Rows of the table customers; each has a key."""
    db.table("customers").insert_all(dict(row) for row in customers)


def add_products(db: Database, products: Mapping[str, Name]) -> None:
    db.table("products").insert_all(
        {"key": key, "name": str(name), "name_en": name.en or None, "name_zh": name.zh or None}
        for key, name in products.items()
    )


def add_orders(db: Database, orders: Iterable[MadeOrder]) -> None:
    """Orders of customers and products that are there."""
    customers = dict(db.conn.execute("SELECT key, id FROM customers").fetchall())
    products = dict(db.conn.execute("SELECT key, id FROM products").fetchall())
    for order in orders:
        revenue = sum(quantity * price for _, quantity, price in order.lines)
        quantity = sum(quantity for _, quantity, _ in order.lines)
        cursor = db.conn.execute(
            "INSERT INTO orders (key, customer_id, at, revenue, quantity, n_lines) VALUES (?, ?, ?, ?, ?, ?)",
            [
                order.key,
                None if order.customer is None else customers[order.customer],
                order.at.isoformat(),
                revenue,
                quantity,
                len(order.lines),
            ],
        )
        db.conn.executemany(
            "INSERT INTO lines (order_id, line, product_id, quantity, price) VALUES (?, ?, ?, ?, ?)",
            [
                (cursor.lastrowid, line, products[product], quantity, price)
                for line, (product, quantity, price) in enumerate(order.lines, start=1)
            ],
        )


def add_consent(db: Database, customer: str, state: str, *, channel: str = "any", how: str = "made up") -> None:
    db.conn.execute(
        "INSERT INTO consents (customer_id, channel, state, how, at) "
        "SELECT id, ?, ?, ?, '2026-11-01T00:00:00' FROM customers WHERE key = ?",
        [channel, state, how, customer],
    )


def add_return(db: Database, customer: str, value: float) -> None:
    db.conn.execute(
        "INSERT INTO events (customer_id, kind, at, quantity, value) "
        "SELECT id, 'return', '2026-11-02T00:00:00', 1, ? FROM customers WHERE key = ?",
        [value, customer],
    )


def fill(shop: Shop, *, size: int = 30, seed: int = 1) -> None:
    """A tea shop with three kinds of customers, `size` of each.

    R1, R2, … are regulars who spend big, O1, … occasional buyers of some months ago, L1, … bought once, long ago;
    N1 has never ordered. Every third customer has agreed to be written to, every tenth has withdrawn.
    """
    rng = np.random.default_rng(seed)
    keys = [f"{kind}{number}" for number in range(1, size + 1) for kind in "ROL"]
    with shop.open() as db, transaction(db):
        add_import(db)
        meta.write(db, "currency", "CNY")
        add_customers(db, ({"key": key, "name": f"Customer {key}"} for key in [*keys, "N1"]))
        add_products(db, GOODS)
        add_orders(db, (order for key in keys for order in _history(key, rng)))
        for number, key in enumerate(keys, start=1):
            if number % 3 == 0:
                add_consent(db, key, "granted")
            if number % 10 == 0:
                add_consent(db, key, "withdrawn")


def _history(key: str, rng: np.random.Generator) -> Iterable[MadeOrder]:
    """The orders of one customer, whose kind is the first letter of the key."""
    kind = key[0]
    n_orders, last, gap, price, n_lines = {
        "R": (int(rng.integers(9, 16)), int(rng.integers(0, 12)), 25, 90, 4),
        "O": (int(rng.integers(3, 5)), int(rng.integers(50, 80)), 40, 40, 2),
        "L": (1, int(rng.integers(300, 400)), 0, 15, 1),
    }[kind]
    for number in range(n_orders):
        day = NEWEST - timedelta(days=last + number * gap)
        goods = rng.choice(list(GOODS), size=n_lines, replace=False)
        lines = tuple((str(product), 1.0, round(price * float(rng.uniform(0.8, 1.2)), 2)) for product in goods)
        at = datetime(day.year, day.month, day.day, 9 + number % 8)
        yield MadeOrder(f"{key}-{number}", key, at, lines)


def gifts(customer: str, *ago: int) -> list[MadeOrder]:
    """Orders of 100 each, so many days ago."""
    return [
        MadeOrder(
            f"{customer}-{days}",
            customer,
            datetime(2026, 11, 20, 12) - timedelta(days=days),
            (("G1", 1.0, 100.0),),
        )
        for days in ago
    ]


def fill_with_leavers(shop: Shop) -> None:
    """60 customers C1, C2, … who come about every 20 days until they leave: after each order with a chance of 15 %.

    Q1 came 8 times, every 20 days, and has stayed away for 60 days since; N1 never came.
    """
    rng = np.random.default_rng(7)
    keys = [f"C{number}" for number in range(1, 61)]
    with shop.open() as db, transaction(db):
        add_import(db)
        meta.write(db, "currency", "CNY")
        add_products(db, GOODS)
        add_customers(db, ({"key": key, "name": f"Customer {key}"} for key in [*keys, "Q1", "N1"]))
        add_orders(db, gifts("Q1", *range(60, 220, 20)))
        for key in keys:
            ago = [int(rng.integers(60, 400))]
            while rng.random() > 0.15 and ago[-1] > 0:
                ago.append(ago[-1] - 1 - int(rng.exponential(20)))
            add_orders(db, gifts(key, *(days for days in ago if days >= 0)))
        add_orders(db, gifts("C1", 0))
