"""A database of before identities: its customers' keys become identities, and nothing else changes."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from engine import Shop, check_store, count_as_two, customer_card, same_people
from engine.store import consents, orders
from engine.store.migrations import migrations
from tests.engine.services.test_imports import put, rows


def old_shop(shop: Shop) -> None:
    """As the steps m001 to m004 and the imports of their time left it."""
    connection = sqlite3.connect(shop.path, isolation_level=None)
    db = Database(connection)
    migrations.apply(db, stop_before="m005_who_is_who")
    assert "identity_id" not in {column.name for column in db["orders"].columns}
    connection.executescript(
        """
        INSERT INTO imports (id, name, sha256, kind, receipt, at)
            VALUES (3, 'old.csv', 'x', 'orders', '{}', '2026-01-01T00:00:00+00:00');
        INSERT INTO trail (at, who, deed, subject) VALUES ('2026-01-01T00:00:00+00:00', 'owner', 'imported', '3');
        INSERT INTO customers (id, key, name, email, phone, city, import_id) VALUES
            (1, '17', 'Ann', 'ann@x.org', '13800138000', 'Leeds', 3),
            (2, 'bob@x.org', 'Bob', 'bob@x.org', NULL, NULL, 3),
            (5, '13900139000', NULL, NULL, '13900139000', NULL, 3),
            (6, 'Eve Fox', 'Eve Fox', NULL, NULL, 'York', 3);
        INSERT INTO consents (customer_id, channel, state, how, at) VALUES
            (1, 'any', 'granted', 'old', '2026'), (2, 'any', 'withdrawn', 'old', '2026');
        INSERT INTO orders (key, customer_id, at, revenue, quantity, n_lines, import_id) VALUES
            ('a', 1, '2025-05-01T00:00:00', 10, 1, 0, 3), ('b', 2, '2025-05-01T00:00:00', 20, 1, 0, 3),
            ('c', 5, '2025-05-01T00:00:00', 30, 1, 0, 3), ('d', NULL, '2025-05-01T00:00:00', 40, 1, 0, 3);
        INSERT INTO events (customer_id, kind, at, value) VALUES (2, 'return', '2025-05-01T00:00:00', 5);
        """
    )
    connection.close()


def test_its_keys_become_identities(shop: Shop) -> None:
    old_shop(shop)
    assert rows(shop, "SELECT customer_id, home_id, kind, scope, value, label FROM identities") == [
        (1, 1, "id", "", "17", "17"),
        (2, 2, "email", "", "bob@x.org", "bob@x.org"),
        (5, 5, "phone", "", "13900139000", "13900139000"),
        (6, 6, "id", "", "Eve Fox", "Eve Fox"),
    ]
    keys = "SELECT i.label, k.kind, k.value FROM identity_keys k JOIN identities i ON i.id = k.identity_id"
    assert set(rows(shop, keys)) == {
        ("17", "email", "ann@x.org"),
        ("17", "phone", "13800138000"),
    }
    assert check_store(shop).faults == ()
    with shop.open() as db:
        assert orders.data_version(db) == 3
        assert consents.states(db, "text") == {1: "granted", 2: "withdrawn"}


def test_where_its_orders_went_is_kept(shop: Shop) -> None:
    old_shop(shop)
    connection = sqlite3.connect(shop.path, isolation_level=None)
    migrations.apply(Database(connection), stop_before="m010_orders_that_went_to_several_places")
    connection.execute("INSERT INTO order_places (order_id, place) SELECT id, 'Kent' FROM orders WHERE key = 'd'")
    connection.close()
    assert rows(shop, "SELECT o.key, p.place, p.share FROM order_places p JOIN orders o ON o.id = p.order_id") == [
        ("d", "Kent", 1.0)
    ]


def test_its_customers_are_known_to_new_files_and_part_again(shop: Shop) -> None:
    old_shop(shop)
    made = put(
        shop,
        "customer id,email,phone,customer name,city,consent",
        "17,,13700137000,Ann,Hull,",
        "9,bob@x.org,,,Bath,yes",
        ",,13900139000,,,",
    )
    assert made.known_by == {"id": 1, "email": 1, "phone": 1}
    assert rows(shop, "SELECT id, key, phone, city FROM customers ORDER BY id") == [
        (1, "17", "13700137000", "Hull"),
        (2, "9", None, "Bath"),
        (5, "13900139000", "13900139000", None),
        (6, "Eve Fox", None, "York"),
    ]
    assert customer_card(shop, "13800138000").customer.key == "17"
    assert customer_card(shop, "bob@x.org").consent == "withdrawn"
    (pair,) = same_people(shop).merged
    count_as_two(shop, pair.id)
    card = customer_card(shop, "9")
    assert (card.consent, card.behaviour, card.n_returns) == (None, None, 0)
    assert rows(shop, "SELECT u.key, o.key FROM orders o JOIN customers u ON u.id = o.customer_id ORDER BY 2") == [
        ("17", "a"),
        ("bob@x.org", "b"),
        ("13900139000", "c"),
    ]
    with shop.open() as db:
        assert consents.states(db, "text")[2] == "withdrawn"
    assert check_store(shop).faults == ()
    made = put(shop, "customer name,order id,date,total", "Eve Fox,e,2025-06-01,5")
    assert made.known_by == {"name": 1}
