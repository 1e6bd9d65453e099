"""Pairs of identities that are one person, may be, or are two: what the rules found, and what was said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from engine.intake.resolution import MAYBE, ONE, TWO
from engine.intake.same_person import STRENGTH
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
    """The two are two people from now on, each with what was told under their keys. Call in a transaction.

    If others still make one person of them, those pairs part that prove least.
    """
    adopt(db)
    _say(db, pair.id, TWO, who, at)
    if pair.a.customer != pair.b.customer:
        return
    everyone = _identities(db, pair.a.customer)
    way = _ways(db, pair.a.identity, everyone)
    while pair.b.identity in way:
        weakest = max(way[pair.b.identity], key=lambda link: (STRENGTH[link[0]], link[1]))
        _say(db, weakest[1], TWO, who, at)
        way = _ways(db, pair.a.identity, everyone)
    regroup(db, [sorted(way), sorted(set(everyone) - set(way))], at)


def _say(db: Database, id_: int, state: str, who: str, at: datetime) -> None:
    db.conn.execute("UPDATE pairs SET state = ?, who = ?, at = ? WHERE id = ?", [state, who, at.isoformat(), id_])


def _identities(db: Database, customer: int) -> list[int]:
    rows = db.conn.execute("SELECT id FROM identities WHERE customer_id = ? ORDER BY id", [customer])
    return [id_ for (id_,) in rows]


def _ways(db: Database, identity: int, among: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    """Which of the identities are one person with this one, and by which pairs (kind of key, pair)."""
    rest, todo = set(among), [identity]
    ways: dict[int, list[tuple[str, int]]] = {identity: []}
    while todo:
        id_ = todo.pop()
        for pair, kind, a, b in db.conn.execute(
            "SELECT id, kind, a, b FROM pairs WHERE state = 'one' AND (a = ?1 OR b = ?1)", [id_]
        ).fetchall():
            other = b if a == id_ else a
            if other in rest and other not in ways:
                ways[other] = [*ways[id_], (kind, pair)]
                todo.append(other)
    return ways


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
