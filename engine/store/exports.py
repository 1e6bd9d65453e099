"""The whole shop as tables that a file can hold: what imports have brought, ready to be imported again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from engine.intake.product_attributes import joined

NO_PRODUCTS = "No recommendations"  # as `engine.recommend.wishes` reads it

Rows = Iterator[tuple[Any, ...]]

_NEWEST_CONSENT = """
    SELECT customer_id, channel, state FROM consents c
    WHERE id = (SELECT max(id) FROM consents WHERE customer_id = c.customer_id AND channel = c.channel)"""


def customers(db: Database) -> Rows:
    """key, name, e-mail, phone, gender, year of birth, city, region, country, joined, interests, consent (granted or
    withdrawn; one that is withdrawn on any channel is withdrawn)."""
    return db.conn.execute(
        "SELECT key, name, email, phone, gender, birth_year, city, region, country, joined, interests, "
        f"(SELECT max(state) FROM ({_NEWEST_CONSENT}) WHERE customer_id = customers.id) FROM customers "
        "WHERE merged_into IS NULL ORDER BY id"
    )


def products(db: Database) -> Rows:
    """key, name, Chinese name, English name, category, price, stock, description, cost, launch date, attributes."""
    attributes: dict[int, list[tuple[str, str]]] = {}
    for id_, name, value in db.conn.execute("SELECT product_id, name, value FROM product_attributes"):
        attributes.setdefault(id_, []).append((name, value))
    rows = db.conn.execute(
        "SELECT id, key, name, name_zh, name_en, category, price, stock, description, cost, launched "
        "FROM products ORDER BY id"
    )
    return ((*facts, joined(attributes.get(id_, ())) or None) for id_, *facts in rows)


def answers(db: Database) -> Rows:
    """customer's key, what is asked, the newest answer; the wish for no product among them, as a file tells it."""
    return db.conn.execute(
        "SELECT * FROM (SELECT c.key, a.name, x.value FROM answers x JOIN customers c ON c.id = x.customer_id "
        "JOIN attributes a ON a.id = x.attribute_id WHERE NOT EXISTS (SELECT 1 FROM answers y "
        "WHERE y.customer_id = x.customer_id AND y.attribute_id = x.attribute_id AND "
        "(coalesce(y.import_id, 0), y.identity_id) > (coalesce(x.import_id, 0), x.identity_id)) ORDER BY c.id, a.id) "
        "UNION ALL SELECT DISTINCT c.key, :wish, 'yes' FROM refusals r JOIN identities i ON i.id = r.identity_id "
        "JOIN customers c ON c.id = i.customer_id WHERE r.product_id IS NULL AND r.taken_back_at IS NULL",
        {"wish": NO_PRODUCTS},
    )


def events(db: Database) -> Rows:
    """customer's key, what, when, product's key, product's name, quantity, value, place."""
    return db.conn.execute(
        "SELECT c.key, e.kind, e.at, p.key, p.name, e.quantity, e.value, e.place FROM events e "
        "JOIN customers c ON c.id = e.customer_id LEFT JOIN products p ON p.id = e.product_id "
        "WHERE e.kind <> 'return' ORDER BY e.id"
    )


def order_lines(db: Database) -> Rows:
    """order's key, time, customer's key, product's key, product's name, quantity, price, whether it was given back."""
    return db.conn.execute(
        "SELECT o.key, o.at, c.key, p.key, p.name, l.quantity, l.price, 0 FROM lines l "
        "JOIN orders o ON o.id = l.order_id JOIN products p ON p.id = l.product_id "
        "LEFT JOIN customers c ON c.id = o.customer_id "
        "UNION ALL "
        "SELECT coalesce(e.order_key, ''), e.at, c.key, p.key, p.name, e.quantity, "
        "iif(e.quantity > 0, e.value / e.quantity, e.value), 1 FROM events e "
        "JOIN customers c ON c.id = e.customer_id LEFT JOIN products p ON p.id = e.product_id WHERE e.kind = 'return'"
    )


def order_totals(db: Database) -> Rows:
    """Of orders whose products are not known: key, time, customer's key, quantity, money."""
    return db.conn.execute(
        "SELECT o.key, o.at, c.key, o.quantity, o.revenue FROM orders o "
        "LEFT JOIN customers c ON c.id = o.customer_id WHERE o.n_lines = 0 ORDER BY o.id"
    )
