"""Taking people out of every table (`store/personal.py`), and out of the file's empty space.

What a campaign of the past has shown stays true: a message that went out stays as a message to nobody, under a number
of its own in each campaign, so that nobody can tell which messages went to one person. Such a nobody is a customer
merged into itself, which no list of customers has in it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlite_utils import Database

from engine.privacy.traces import Traces, folded
from engine.store import consents, kept
from engine.store.deliveries import PLANNED
from engine.store.incoming import next_id
from engine.store.personal import EMPTIED, PERSONAL, ROWS_OF_CSV, SEARCHED
from engine.store.suppressions import Forgotten, Key

_FEWEST_DIGITS, _FEWEST_LETTERS = 8, 6  # of an order's number that is looked for in texts
_OF_CAMPAIGNS: Final = ("sends", "holdouts", "exclusions", "outcomes", "bought", "deliveries")
_NEVER_OUT: Final = "campaign_id IN (SELECT id FROM campaigns WHERE status <> 'approved')"
# of a campaign that was told of without a word on deliveries all messages count as gone out
_WENT_OUT: Final = f"""(
    EXISTS (SELECT 1 FROM deliveries d WHERE d.campaign_id = sends.campaign_id
        AND d.customer_id = sends.customer_id AND d.state <> '{PLANNED}')
    OR (NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.campaign_id = sends.campaign_id)
        AND EXISTS (SELECT 1 FROM tallies t JOIN variants v ON v.id = t.variant_id
            WHERE v.campaign_id = sends.campaign_id)))"""


@contextmanager
def listed(db: Database, customers: Iterable[int]) -> Iterator[None]:
    """`temp.persons` and `temp.person_keys`: these people, all customers merged into them, and their identities."""
    kept.spoil(db.conn)
    for table in ("persons", "person_keys"):
        db.conn.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY, person INTEGER NOT NULL)")
        db.conn.execute(f"DELETE FROM temp.{table}")
    asked = json.dumps(list(customers))
    db.conn.execute(
        "INSERT INTO temp.persons SELECT u.id, coalesce(u.merged_into, u.id) FROM customers u WHERE "
        "u.merged_into IS NOT u.id AND coalesce(u.merged_into, u.id) IN (SELECT coalesce(v.merged_into, v.id) "
        "FROM customers v WHERE v.id IN (SELECT value FROM json_each(?)))",
        [asked],
    )
    db.conn.execute(
        "INSERT INTO temp.person_keys SELECT i.id, coalesce(p.person, h.person) FROM identities i "
        "LEFT JOIN temp.persons p ON p.id = i.customer_id LEFT JOIN temp.persons h ON h.id = i.home_id "
        "WHERE coalesce(p.person, h.person) IS NOT NULL"
    )
    try:
        yield
    finally:
        for table in ("persons", "person_keys"):
            db.conn.execute(f"DELETE FROM temp.{table}")


def counts(db: Database) -> dict[str, int]:
    """How many rows of each table are of those `listed`; none of a table without any."""
    found = {
        table: int(db.conn.execute(f"SELECT count(*) FROM {table} WHERE {held.where}").fetchone()[0])
        for table, held in PERSONAL.items()
    }
    return {table: n for table, n in found.items() if n}


def sums(db: Database) -> tuple[int, float, int]:
    """The orders of those `listed`, their money, and how many messages went out to them."""
    n, money = db.conn.execute(
        f"SELECT count(*), coalesce(sum(revenue), 0) FROM orders WHERE {PERSONAL['orders'].where}"
    ).fetchone()
    (sent,) = db.conn.execute(
        f"SELECT count(*) FROM sends WHERE {PERSONAL['sends'].where} AND NOT {_NEVER_OUT} AND {_WENT_OUT}"
    ).fetchone()
    return int(n), float(money), int(sent)


def unsubscribed(db: Database) -> list[int]:
    """Who has withdrawn a consent, on any channel."""
    return [id_ for id_, state in consents.states(db).items() if state == consents.WITHDRAWN]


def keys(db: Database) -> dict[int, set[Key]]:
    """By person, all keys that any file has told of those `listed`: kind, scope, value."""
    found: dict[int, set[Key]] = {}
    for person, *key in db.conn.execute(
        "SELECT p.person, i.kind, i.scope, i.value FROM identities i JOIN temp.person_keys p ON p.id = i.id "
        "UNION SELECT p.person, k.kind, '', k.value FROM identity_keys k "
        "JOIN temp.person_keys p ON p.id = k.identity_id "
        "UNION SELECT p.person, 'email', '', u.email FROM customers u JOIN temp.persons p ON p.id = u.id "
        "WHERE u.email LIKE '%@%' AND u.email NOT LIKE '%*%' "
        "UNION SELECT p.person, 'phone', '', u.phone FROM customers u JOIN temp.persons p ON p.id = u.id "
        "WHERE u.phone <> '' AND u.phone NOT LIKE '%*%' "
        "UNION SELECT p.person, 'id', '', u.key FROM customers u JOIN temp.persons p ON p.id = u.id "
        "WHERE unicode(u.key) > 31 AND u.key IS NOT u.email AND u.key IS NOT u.phone "
        "AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.customer_id = u.id)"
    ):
        kind, scope, value = key
        found.setdefault(person, set()).add((kind, scope, value))
    return found


def traces(db: Database) -> Traces:
    """All that names those `listed`: names, e-mails, phones and numbers of today and of before."""
    values: list[str | None] = []
    for (*told,) in db.conn.execute(
        "SELECT key, name, email, phone FROM customers WHERE id IN (SELECT id FROM temp.persons) AND unicode(key) > 31 "
        "UNION SELECT value, name, email, phone FROM identities WHERE id IN (SELECT id FROM temp.person_keys) "
        "UNION SELECT label, NULL, NULL, NULL FROM identities WHERE id IN (SELECT id FROM temp.person_keys) "
        "UNION SELECT value, NULL, NULL, NULL FROM identity_keys "
        "WHERE identity_id IN (SELECT id FROM temp.person_keys) "
        "UNION SELECT d.address, NULL, NULL, NULL FROM deliveries d WHERE d.campaign_id IN (SELECT id FROM campaigns) "
        "AND d.customer_id IN (SELECT id FROM temp.persons)"
    ):
        values += told
    orders = db.conn.execute(f"SELECT key FROM orders WHERE {PERSONAL['orders'].where}")
    values += [key for (key,) in orders if _is_distinctive(key)]
    return Traces.of(values)


def _is_distinctive(order: str) -> bool:
    """Whether an order's number is unlikely to stand for something else in a text."""
    whole = folded(order)
    return len(whole) >= _FEWEST_DIGITS if whole.isdigit() else len(whole) >= _FEWEST_LETTERS


def remove(db: Database, known: Forgotten, found: Traces) -> None:
    """Take those `listed` out of all tables. Call in a bulk transaction: references are looked after here."""
    _search(db, found)
    _forget_oddities(db)
    for table in EMPTIED:
        db.conn.execute(f"DELETE FROM {table}")
    _leave_campaigns(db)
    _leave_returns(db, known)
    _leave_orders(db, known)
    for table, held in PERSONAL.items():
        if table not in ("lines", "orders"):
            db.conn.execute(f"DELETE FROM {table} WHERE {held.where}")


def _search(db: Database, found: Traces) -> None:
    """Take the person out of texts that may name them."""

    def named(text: str | None) -> bool:
        return text is not None and found.in_csv(text)

    def without(text: str | None) -> str | None:
        return None if text is None else str(found.without(text))

    with _functions(db, {"named": named, "without": without}):
        for table, columns in SEARCHED.items():
            for column in columns:
                if table in ROWS_OF_CSV:
                    db.conn.execute(f"UPDATE {table} SET {column} = '' WHERE {column} <> '' AND named({column})")
                else:
                    db.conn.execute(
                        f"UPDATE {table} SET {column} = without({column}) "
                        f"WHERE {column} NOT IN ('', '{{}}') AND without({column}) IS NOT {column}"
                    )


def _forget_oddities(db: Database) -> None:
    """What was told of single customers that fit no group."""
    gone = {str(id_) for (id_,) in db.conn.execute("SELECT id FROM temp.persons")}
    for segment, text in db.conn.execute("SELECT segment_id, facts FROM segment_facts").fetchall():
        facts = json.loads(text)
        unusual: Mapping[str, Any] = facts.get("unusual") or {}
        if gone.isdisjoint(unusual):
            continue
        facts["unusual"] = {id_: what for id_, what in unusual.items() if id_ not in gone}
        db.conn.execute(
            "UPDATE segment_facts SET facts = ? WHERE segment_id = ?", [json.dumps(facts, ensure_ascii=False), segment]
        )


def _leave_campaigns(db: Database) -> None:
    """Of campaigns that went out, messages, outcomes and counts stay, as those of nobody; what waits to go out goes."""
    db.conn.execute(f"DELETE FROM sends WHERE {PERSONAL['sends'].where} AND NOT {_WENT_OUT}")
    db.conn.execute(f"DELETE FROM deliveries WHERE {PERSONAL['deliveries'].where} AND state = '{PLANNED}'")
    for table in _OF_CAMPAIGNS:
        db.conn.execute(f"DELETE FROM {table} WHERE {_NEVER_OUT} AND {PERSONAL[table].where}")
    within = " UNION ".join(
        f"SELECT campaign_id, customer_id FROM {table} WHERE {PERSONAL[table].where}" for table in _OF_CAMPAIGNS
    )
    places = db.conn.execute(f"SELECT campaign_id, customer_id FROM ({within}) ORDER BY random()").fetchall()
    nobodies = _nobodies(db, len(places))
    moved = [(nobody, campaign, customer) for nobody, (campaign, customer) in zip(nobodies, places, strict=True)]
    db.conn.execute(
        f"UPDATE sends SET text = '', subject = NULL, preheader = NULL, html = NULL, title = NULL, product_id = NULL "
        f"WHERE {PERSONAL['sends'].where}"
    )
    db.conn.execute(
        f"UPDATE deliveries SET reason = NULL, address = NULL, token = NULL WHERE {PERSONAL['deliveries'].where}"
    )
    for table in _OF_CAMPAIGNS:
        db.conn.executemany(f"UPDATE {table} SET customer_id = ? WHERE campaign_id = ? AND customer_id = ?", moved)


def _leave_returns(db: Database, known: Forgotten) -> None:
    """The money that went back stays known, each person's as that of a nobody; all else that they did goes."""
    where = PERSONAL["events"].where
    people = [
        row[0] for row in db.conn.execute(f"SELECT DISTINCT customer_id FROM events WHERE kind = 'return' AND {where}")
    ]
    with _functions(db, {"order_of_nobody": _order(known)}):
        db.conn.executemany(
            "UPDATE events SET customer_id = ?, identity_id = NULL, place = NULL, "
            "order_key = order_of_nobody(order_key) WHERE customer_id = ? AND kind = 'return'",
            zip(_nobodies(db, len(people)), people, strict=True),
        )


def _leave_orders(db: Database, known: Forgotten) -> None:
    """Orders stay, as of nobody and under a number that stands for theirs: the shop's sums are of them."""
    db.conn.execute(f"DELETE FROM order_places WHERE {PERSONAL['order_places'].where}")
    with _functions(db, {"order_of_nobody": _order(known)}):
        db.conn.execute(
            "UPDATE orders SET customer_id = NULL, identity_id = NULL, key = order_of_nobody(key) "
            f"WHERE {PERSONAL['orders'].where}"
        )


def _order(known: Forgotten) -> Callable[[str | None], str | None]:
    return lambda key: None if key is None else known.order(key)


def _nobodies(db: Database, n: int) -> Sequence[int]:
    """The ids of `n` new customers who stand for somebody who is forgotten."""
    first = next_id(db, "customers")
    ids = range(first, first + n)
    db.conn.executemany(
        "INSERT INTO customers (id, key, merged_into) VALUES (?1, char(31) || ?1, ?1)", ((id_,) for id_ in ids)
    )
    return ids


@contextmanager
def _functions(db: Database, functions: Mapping[str, Callable[[Any], Any]]) -> Iterator[None]:
    connection: sqlite3.Connection = db.conn
    kept.spoil(connection)
    for name, function in functions.items():
        connection.create_function(name, 1, function, deterministic=True)
    yield
    for name in functions:
        connection.create_function(name, 1, None)


def wipe(db: Database, *, seconds: float) -> bool:
    """Rewrite the file without its empty space, and empty the write-ahead file; False while another program reads it.

    Raises what SQLite does where the disk has no room for a copy.
    """
    kept.spoil(db.conn)
    db.conn.execute("PRAGMA secure_delete = ON")
    db.conn.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    db.conn.execute("VACUUM")
    busy, _, _ = db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def found_again(db: Database, known: Forgotten) -> list[int]:
    """Customers whom `known` says to be forgotten, as after an older copy was put back."""
    if not known:
        return []
    told: dict[int, list[tuple[str, str]]] = {}
    for identity, kind, value in db.conn.execute("SELECT identity_id, kind, value FROM identity_keys"):
        told.setdefault(identity, []).append((kind, value))
    rows = db.conn.execute("SELECT id, customer_id, kind, scope, value FROM identities")
    return sorted(
        {
            customer
            for identity, customer, kind, scope, value in rows
            if known.is_one(kind, scope, value, [(kind, value), *told.get(identity, ())])
        }
    )
