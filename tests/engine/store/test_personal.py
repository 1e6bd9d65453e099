"""Every table says what becomes of its rows when somebody is forgotten."""

from __future__ import annotations

from engine.shop import Shop
from engine.store.personal import EMPTIED, IMPERSONAL, PERSONAL, SEARCHED

REFERRED = ("customers", "identities")
CALLED = ("customer_id", "identity_id", "person_id")


def test_each_table_is_declared_once(shop: Shop) -> None:
    with shop.open() as db:
        tables = {name for (name,) in db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    declared = [*PERSONAL, *SEARCHED, *EMPTIED, *IMPERSONAL]
    assert sorted(tables - set(declared)) == [], (
        "say in store/personal.py what becomes of them when somebody is forgotten"
    )
    assert sorted(set(declared) - tables) == []
    assert len(declared) == len(set(declared))


def test_a_table_that_refers_to_people_is_personal(shop: Shop) -> None:
    with shop.open() as db:
        tables = [name for (name,) in db.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            refers = {row[3] for row in db.conn.execute(f"PRAGMA foreign_key_list({table})") if row[2] in REFERRED} | {
                row[1] for row in db.conn.execute(f"PRAGMA table_info({table})") if row[1] in CALLED
            }
            assert not refers or table in PERSONAL, f"{table} refers to people by {sorted(refers)}"


def test_what_is_searched_is_text(shop: Shop) -> None:
    with shop.open() as db:
        for table, columns in SEARCHED.items():
            kinds = {row[1]: row[2] for row in db.conn.execute(f"PRAGMA table_info({table})")}
            assert {kinds.get(column) for column in columns} == {"TEXT"}, table
        for table, held in PERSONAL.items():
            names = {row[1] for row in db.conn.execute(f"PRAGMA table_info({table})")}
            assert set(held.hidden) <= names, table
