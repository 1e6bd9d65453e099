"""Making one customer of several identities, or several of one: what each key's files told goes where the key goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from engine import columns as c
from engine.intake.same_person import STRENGTH
from engine.intake.words import is_masked

ABOUT: Final = [
    c.NAME,
    c.EMAIL,
    c.PHONE,
    c.GENDER,
    c.BIRTH_YEAR,
    c.CITY,
    c.REGION,
    c.COUNTRY,
    c.JOINED,
    c.INTERESTS,
]
# what is told of a customer under one identity
_TOLD: Final = ("orders", "events", "consents", "answers")
_ABOUT = ", ".join(ABOUT)


def adopt(db: Database) -> None:
    """Every customer has an identity, also one that came in another way than by an import."""
    # one who is merged into themselves stands for somebody who was forgotten
    without = (
        "FROM customers u WHERE u.merged_into IS NOT u.id "
        "AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.home_id = u.id)"
    )
    if not db.conn.execute(f"SELECT EXISTS (SELECT 1 {without})").fetchone()[0]:
        return
    (first,) = db.conn.execute("SELECT coalesce(max(id), 0) FROM identities").fetchone()
    db.conn.execute(
        f"INSERT INTO identities (customer_id, home_id, kind, scope, value, label, {_ABOUT}, import_id, told_by) "
        "SELECT coalesce(u.merged_into, u.id), u.id, "
        "CASE key WHEN email THEN 'email' WHEN phone THEN 'phone' ELSE 'id' END, '', key, "
        "CASE WHEN EXISTS (SELECT 1 FROM identities l WHERE l.label = u.key) THEN key || ' (' || u.id || ')' "
        f"ELSE key END, {_ABOUT}, import_id, import_id {without} ORDER BY u.id"
    )
    db.conn.execute(
        "INSERT OR IGNORE INTO identity_keys (identity_id, kind, value, import_id) "
        "SELECT id, 'email', email, import_id FROM identities WHERE id > :first AND email <> value "
        "AND email NOT LIKE '%*%' "
        "UNION SELECT id, 'phone', phone, import_id FROM identities WHERE id > :first AND phone <> value "
        "AND phone NOT LIKE '%*%'",
        {"first": first},
    )


def regroup(db: Database, groups: Sequence[Iterable[int]], at: datetime) -> dict[int, int]:
    """Make each of the groups of identities one customer, with all that was told under them; whose each is then.

    The groups together are whole customers. A group keeps the customer that its strongest identity brought in; the
    others that it brought in are merged into it. Call in a transaction.
    """
    if not groups:
        return {}
    ids = [id_ for group in groups for id_ in group]
    were = {id_: _customer(db, id_) for id_ in ids}
    before = sorted(set(were.values()))
    said_of_all = {customer: _withdrawn_of_all(db, customer) for customer in before}
    for table in _TOLD:
        for customer in before:
            _name_tellers(db, table, "AND customer_id = ?", customer)
    # keys are one of a kind, and are about to change hands
    _mark(db, [*before, *_homes(db, ids)])
    now: dict[int, int] = {}
    for group in groups:
        members = _members(db, group)
        home = next((member.home for member in members if member.home is not None), None)
        if home is None:
            home = _new_customer(db, members[0])
        for member in members:
            now[member.id] = home
            db.conn.execute("UPDATE identities SET customer_id = ? WHERE id = ?", [home, member.id])
            if member.home is not None:
                db.conn.execute("UPDATE customers SET merged_into = nullif(?, id) WHERE id = ?", [home, member.home])
        _describe(db, home, members)
    for table in _TOLD:
        db.conn.executemany(
            f"UPDATE {table} SET customer_id = (SELECT i.customer_id FROM identities i WHERE i.id = identity_id) "
            "WHERE customer_id = ?",
            ([customer] for customer in before),
        )
    _withdraw_for_all(db, said_of_all, were, now, at)
    return now


class _Member:
    """An identity of a group."""

    def __init__(self, row: Sequence[Any]) -> None:
        self.id, self.home, self.kind, self.label, self.import_id, told_by, *about = row
        self.rank = (STRENGTH[self.kind], self.id)
        self.newest = (told_by or 0, -self.rank[0], -self.id)
        self.about = about


def _members(db: Database, ids: Iterable[int]) -> list[_Member]:
    """The strongest first."""
    sql = f"SELECT id, home_id, kind, label, import_id, told_by, {_ABOUT} FROM identities WHERE id = ?"
    return sorted((_Member(db.conn.execute(sql, [id_]).fetchone()) for id_ in ids), key=lambda member: member.rank)


def _customer(db: Database, identity: int) -> int:
    return int(db.conn.execute("SELECT customer_id FROM identities WHERE id = ?", [identity]).fetchone()[0])


def _homes(db: Database, ids: Iterable[int]) -> list[int]:
    found = (db.conn.execute("SELECT home_id FROM identities WHERE id = ?", [id_]).fetchone()[0] for id_ in ids)
    return [home for home in found if home is not None]


def _mark(db: Database, customers: Iterable[int]) -> None:
    # no file can hold such a key: it begins with a sign that counts as a space
    db.conn.executemany("UPDATE customers SET key = char(31) || id WHERE id = ?", ([id_] for id_ in customers))


def _new_customer(db: Database, founder: _Member) -> int:
    cursor = db.conn.execute("INSERT INTO customers (key, import_id) VALUES (char(31), ?)", [founder.import_id])
    home = int(cursor.lastrowid or 0)
    db.conn.execute("UPDATE identities SET home_id = ? WHERE id = ?", [home, founder.id])
    founder.home = home
    return home


def _describe(db: Database, customer: int, members: Sequence[_Member]) -> None:
    """The customer is called by the strongest key, and is what was told last."""
    told: list[Any] = [None] * len(ABOUT)
    for member in sorted(members, key=lambda one: one.newest):
        told = [old if new is None or _hides(new, old) else new for old, new in zip(told, member.about, strict=True)]
    sets = ", ".join(f"{field} = ?" for field in ABOUT)
    db.conn.execute(f"UPDATE customers SET key = ?, {sets} WHERE id = ?", [members[0].label, *told, customer])


def _hides(new: Any, old: Any) -> bool:
    """Whether a part of what is told is masked, and what was told before is whole."""
    return isinstance(new, str) and is_masked(new) and old is not None and not is_masked(str(old))


def name_tellers(db: Database) -> None:
    """What was told of customers without an identity was told by their own, before they get another."""
    only_one = "AND (SELECT count(*) FROM identities i WHERE i.customer_id = consents.customer_id) = 1"
    for table in _TOLD:
        # who is several and unsubscribes under none of the keys does so for all
        _name_tellers(db, table, only_one if table == "consents" else "AND customer_id IS NOT NULL")


def _name_tellers(db: Database, table: str, which: str, *customer: int) -> None:
    db.conn.execute(
        f"UPDATE OR REPLACE {table} "
        f"SET identity_id = (SELECT i.id FROM identities i WHERE i.home_id = {table}.customer_id) "
        f"WHERE coalesce(identity_id, 0) = 0 {which}",
        customer,
    )


def _withdrawn_of_all(db: Database, customer: int) -> list[tuple[str, str]]:
    """Channel and place of each withdrawal by somebody who is several identities and used none of their keys."""
    rows = db.conn.execute(
        "SELECT channel, how, state FROM consents WHERE customer_id = ?1 AND identity_id IS NULL "
        "AND (SELECT count(*) FROM identities WHERE customer_id = ?1) > 1 ORDER BY id",
        [customer],
    )
    newest = {channel: (how, state) for channel, how, state in rows}
    return [(channel, how) for channel, (how, state) in newest.items() if state == "withdrawn"]


def _withdraw_for_all(
    db: Database,
    said: dict[int, list[tuple[str, str]]],
    were: dict[int, int],
    now: dict[int, int],
    at: datetime,
) -> None:
    """Who was one of two when they unsubscribed cannot be told: after parting, neither is written to."""
    for customer, words in said.items():
        others = {now[id_] for id_, was in were.items() if was == customer} - {customer}
        for channel, how in words:
            for other in sorted(others):
                db.conn.execute(
                    "INSERT INTO consents (customer_id, identity_id, channel, state, how, at) "
                    "SELECT ?1, (SELECT id FROM identities WHERE home_id = ?1), ?2, 'withdrawn', ?3, ?4 "
                    "WHERE NOT EXISTS (SELECT 1 FROM consents WHERE customer_id = ?1 AND channel = ?2 "
                    "AND state = 'withdrawn' AND how = ?3)",
                    [other, channel, how, at.isoformat()],
                )
