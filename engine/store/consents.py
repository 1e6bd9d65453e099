"""Who may be written to: every word on it is kept, none is ever changed.

A word is recorded with the identity under whose key it was said. Of a customer of several identities the stricter
one holds: who has withdrawn under one key is not written to under another.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlite_utils import Database

from engine.store.incoming import NOBODY, Facts, Ids, by_field, insert
from engine.store.regrouping import adopt

ANY: Final = "any"
GRANTED: Final = "granted"
WITHDRAWN: Final = "withdrawn"

# what was said without a key was said by the customer's own identity; a merged customer's words are the other's
_WORDS = (
    "SELECT coalesce(u.merged_into, u.id), coalesce(n.identity_id, i.id, 0), n.channel, n.state "
    "FROM consents n JOIN customers u ON u.id = n.customer_id LEFT JOIN identities i ON i.home_id = u.id"
)

_OF_ONE = "AND n.customer_id IN (SELECT id FROM customers WHERE id = ?3 OR merged_into = ?3)"


@dataclass(frozen=True)
class Consent:
    """One word on being written to, and where it is recorded."""

    channel: str  # any, or the name of a channel
    state: str  # granted or withdrawn
    how: str
    at: str


def states(db: Database, channel: str | None = None, customer: int | None = None) -> dict[int, str]:
    """What holds for each customer on `channel`, or by the words on all: granted or withdrawn. Absent: no word.

    A "text" is sent by hand and may well go out by e-mail, so the word on e-mails holds for it too.
    Of one identity the newest word on the channel or on any holds, of several the stricter. A customer that was
    merged into another has the other's. With a `customer`, who is merged into none, only theirs is looked up.
    """
    newest: dict[tuple[int, int], str] = {}
    also = "email" if channel == "text" else channel
    for person, identity, _, state in db.conn.execute(
        f"{_WORDS} WHERE (?1 IS NULL OR n.channel IN ('any', ?1, ?2)) {'' if customer is None else _OF_ONE} "
        "ORDER BY n.id",
        [channel, also] if customer is None else [channel, also, customer],
    ):
        newest[person, identity] = state
    result: dict[int, str] = {}
    for (person, _), state in newest.items():
        if result.get(person) != WITHDRAWN:
            result[person] = state
    if customer is not None:
        return result
    merged = db.conn.execute("SELECT id, merged_into FROM customers WHERE merged_into IS NOT NULL")
    return result | {id_: result[into] for id_, into in merged if into in result}


def of_customer(db: Database, customer_id: int) -> list[Consent]:
    """Every word of one customer, the newest first."""
    rows = db.conn.execute(
        "SELECT channel, state, how, at FROM consents WHERE customer_id = ?1 OR customer_id IN "
        "(SELECT id FROM customers WHERE merged_into = ?1) ORDER BY id DESC",
        [customer_id],
    )
    return [Consent(*row) for row in rows]


def say(db: Database, customer: int, state: str, *, channel: str, how: str, at: datetime) -> None:
    """The owner tells what a customer has said. Call in a transaction."""
    adopt(db)
    db.conn.execute(
        "INSERT INTO consents (customer_id, identity_id, channel, state, how, at) "
        "SELECT customer_id, id, ?, ?, ?, ? FROM identities WHERE customer_id = ?",
        [channel, state, how, at.isoformat(), customer],
    )


def say_of_many(db: Database, customers: Sequence[int], state: str, *, channel: str, how: str, at: datetime) -> None:
    """The owner tells what each of them has said. Call in a transaction."""
    adopt(db)
    db.conn.execute(
        "INSERT INTO consents (customer_id, identity_id, channel, state, how, at) "
        "SELECT customer_id, id, ?, ?, ?, ? FROM identities WHERE customer_id IN (SELECT value FROM json_each(?))",
        [channel, state, how, at.isoformat(), json.dumps(list(customers))],
    )


def put(
    db: Database,
    customers: Ids,
    identities: Ids,
    states: Sequence[Any],
    *,
    hows: Sequence[str],
    at: datetime,
    channel: str = ANY,
) -> set[int]:
    """Add what a file says of each identity's consent where it is news; whose withdrawn one it would grant.

    A file never grants what a customer has withdrawn, under whichever key: an older export would subscribe them
    again. A withdrawal of any channel covers each; one of a single channel stands against a yes to any.
    """
    newest: dict[tuple[int, str], str] = {}
    stands: dict[tuple[int, int, str], str] = {}
    for customer, identity, of_channel, state in db.conn.execute(f"{_WORDS} ORDER BY n.id"):
        newest[identity, of_channel] = state
        stands[customer, identity, of_channel] = state
    covered = {
        customer
        for (customer, _, of_channel), state in stands.items()
        if state == WITHDRAWN and (ANY in (channel, of_channel) or of_channel == channel)
    }
    kept = set()
    rows: list[Facts] = []
    for customer, identity, state, how in zip(customers.tolist(), identities.tolist(), states, hows, strict=True):
        if customer == NOBODY or state is None:
            continue
        if state == GRANTED and customer in covered:
            kept.add(customer)
        elif newest.get((identity, channel)) != state:
            rows.append((customer, identity, channel, state, how, at.isoformat()))
    insert(db, "consents", by_field(["customer_id", "identity_id", "channel", "state", "how", "at"], rows))
    return kept
