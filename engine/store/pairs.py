"""Pairs of identities that are one person, may be, or are two: what the rules found, and what was said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from engine.intake.resolution import MAYBE, ONE, TWO
from engine.store.regrouping import adopt, regroup


@dataclass(frozen=True)
class Side:
    """One of a pair: what its files told under its key, and the orders that they told."""

    identity: int
    customer: int
    key: str
    name: str | None
    email: str | None
    phone: str | None
    n_orders: int
    revenue: float


@dataclass(frozen=True)
class StoredPair:
    """Two identities and the key that they share; `state` is one, maybe or two, `who` has said so, None the rules."""

    id: int
    state: str
    kind: str
    value: str
    who: str | None
    a: Side
    b: Side


# what is told of somebody who was taken for one person with the other long ago is no question any more
_SHOWN = {
    ONE: "p.state = 'one'",
    MAYBE: "p.state = 'maybe' AND a.customer_id <> b.customer_id",
    TWO: "p.state = 'two'",
}
# a phone proves least, so its pairs are the ones to look at first
_ORDER = "p.kind = 'email', p.id DESC"


def count(db: Database, state: str) -> int:
    sql = f"SELECT count(*) FROM pairs p {_JOINED} WHERE {_SHOWN[state]}"
    return int(db.conn.execute(sql).fetchone()[0])


def some(db: Database, state: str, n: int, offset: int = 0) -> list[StoredPair]:
    """`n` of the pairs in this state after the first `offset`, the most doubtful first."""
    sql = f"{_PAIRS} WHERE {_SHOWN[state]} ORDER BY {_ORDER} LIMIT ? OFFSET ?"
    return [_pair(*row) for row in db.conn.execute(sql, [n, offset])]


def by_id(db: Database, id_: int) -> StoredPair | None:
    # as text: SQLite takes no number beyond 64 bits, which somebody may yet ask for
    row = db.conn.execute(f"{_PAIRS} WHERE p.id = ?", [str(id_)]).fetchone()
    return None if row is None else _pair(*row)


def between(db: Database, a: int, b: int) -> StoredPair | None:
    """A pair of two customers of which it was said that they are two people."""
    row = db.conn.execute(
        f"{_PAIRS} WHERE p.state = 'two' AND ((a.customer_id = ?1 AND b.customer_id = ?2) "
        "OR (a.customer_id = ?2 AND b.customer_id = ?1)) ORDER BY p.id LIMIT 1",
        [a, b],
    ).fetchone()
    return None if row is None else _pair(*row)


def make_one(db: Database, pair: StoredPair, *, who: str, at: datetime) -> None:
    """The two are one person from now on. Call in a transaction."""
    adopt(db)
    _say(db, pair.id, ONE, who, at)
    if pair.a.customer != pair.b.customer:
        regroup(db, [[*_identities(db, pair.a.customer), *_identities(db, pair.b.customer)]], at)


def make_two(db: Database, pair: StoredPair, *, who: str, at: datetime) -> None:
    """The two are two people from now on, each with what was told under their keys. Call in a transaction."""
    adopt(db)
    _say(db, pair.id, TWO, who, at)
    if pair.a.customer == pair.b.customer:
        everyone = _identities(db, pair.a.customer)
        first = _joined_to(db, pair.a.identity, everyone)
        if pair.b.identity not in first:
            regroup(db, [sorted(first), sorted(set(everyone) - first)], at)


def _say(db: Database, id_: int, state: str, who: str, at: datetime) -> None:
    db.conn.execute("UPDATE pairs SET state = ?, who = ?, at = ? WHERE id = ?", [state, who, at.isoformat(), id_])


def _identities(db: Database, customer: int) -> list[int]:
    rows = db.conn.execute("SELECT id FROM identities WHERE customer_id = ? ORDER BY id", [customer])
    return [id_ for (id_,) in rows]


def _joined_to(db: Database, identity: int, among: Iterable[int]) -> set[int]:
    """Which of the identities are still one person with this one, pair by pair."""
    rest, found, todo = set(among), {identity}, [identity]
    while todo:
        id_ = todo.pop()
        for a, b in db.conn.execute("SELECT a, b FROM pairs WHERE state = 'one' AND ?1 IN (a, b)", [id_]).fetchall():
            other = b if a == id_ else a
            if other in rest and other not in found:
                found.add(other)
                todo.append(other)
    return found


_JOINED = "JOIN identities a ON a.id = p.a JOIN identities b ON b.id = p.b"


def _side(alias: str) -> str:
    # an order that names no identity was told by its customer's own
    orders = (
        f"FROM orders o WHERE o.customer_id = {alias}.customer_id "
        f"AND coalesce(o.identity_id, CASE {alias}.home_id WHEN o.customer_id THEN {alias}.id END) = {alias}.id"
    )
    return (
        f"{alias}.id, {alias}.customer_id, {alias}.label, {alias}.name, {alias}.email, {alias}.phone, "
        f"(SELECT count(*) {orders}), (SELECT coalesce(sum(o.revenue), 0.0) {orders})"
    )


_PAIRS = f"SELECT p.id, p.state, p.kind, p.value, p.who, {_side('a')}, {_side('b')} FROM pairs p {_JOINED}"


def _pair(id_: int, state: str, kind: str, value: str, who: str | None, *sides: Any) -> StoredPair:
    half = len(sides) // 2
    return StoredPair(id_, state, kind, value, who, Side(*sides[:half]), Side(*sides[half:]))
