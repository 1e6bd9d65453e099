"""What became of each send: planned, handed over, delivered, refused, unknown or withheld.

It is written that a message is handed over before it is, and what came of it after. So of what was handed over when
a process died it is not known whether it arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from engine.phrases import Phrase, from_json, to_json
from engine.store.campaigns import MESSAGES, Message

PLANNED: Final = "planned"
HANDED: Final = "handed over"
DELIVERED: Final = "delivered"
REFUSED: Final = "refused"
UNKNOWN: Final = "unknown"
WITHHELD: Final = "withheld"

SMTP: Final = "smtp"
HAND: Final = "hand"
LIST: Final = "list:"  # before the name of a layout


@dataclass(frozen=True)
class Delivery:
    customer: int
    way: str
    state: str
    address: str | None
    token: str | None
    attempts: int
    reason: Phrase | None
    at: datetime


_COLUMNS = "customer_id, way, state, address, token, attempts, reason, at"


def plan(db: Database, campaign: int, way: str, at: datetime) -> None:
    """Every send of the campaign of which nothing is known is to go this way. Call in a transaction."""
    db.conn.execute(
        "INSERT INTO deliveries (campaign_id, customer_id, way, state, at) "
        "SELECT s.campaign_id, s.customer_id, ?, ?, ? FROM sends s JOIN customers u ON u.id = s.customer_id "
        "WHERE s.campaign_id = ? AND u.merged_into IS NOT u.id AND NOT EXISTS (SELECT 1 FROM deliveries d "
        "WHERE d.campaign_id = s.campaign_id AND d.customer_id = s.customer_id)",
        [way, PLANNED, at.isoformat(), campaign],
    )
    db.conn.execute("UPDATE deliveries SET way = ? WHERE campaign_id = ? AND state = ?", [way, campaign, PLANNED])


def put(
    db: Database,
    campaign: int,
    customer: int,
    state: str,
    at: datetime,
    *,
    reason: Phrase | None = None,
    address: str | None = None,
    token: str | None = None,
    attempt: bool = False,
) -> None:
    """What became of a planned send. An address or token that was known stays."""
    db.conn.execute(
        "UPDATE deliveries SET state = ?, reason = ?, address = coalesce(?, address), token = coalesce(?, token), "
        "attempts = attempts + ?, at = ? WHERE campaign_id = ? AND customer_id = ?",
        [
            state,
            None if reason is None else to_json(reason),
            address,
            token,
            int(attempt),
            at.isoformat(),
            campaign,
            customer,
        ],
    )


def hand_over_list(db: Database, campaign: int, customers: Iterable[int], layout: str, at: datetime) -> None:
    """These people's messages stand in a list that was written; a list before keeps its time. Call in a transaction."""
    db.conn.executemany(
        "INSERT INTO deliveries (campaign_id, customer_id, way, state, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (campaign_id, customer_id) DO UPDATE SET way = excluded.way, state = excluded.state, "
        "reason = NULL, at = iif(way LIKE 'list:%' AND state = 'handed over', at, excluded.at)",
        ((campaign, customer, LIST + layout, HANDED, at.isoformat()) for customer in customers),
    )


def reported(db: Database, campaign: int, customers: Iterable[int], at: datetime) -> None:
    """A report says that these were sent the message: who was not known to be was, at `at`. Call in a transaction."""
    db.conn.executemany(
        "INSERT INTO deliveries (campaign_id, customer_id, way, state, at) VALUES (?, ?, 'list:report', ?, ?) "
        "ON CONFLICT (campaign_id, customer_id) DO NOTHING",
        ((campaign, customer, HANDED, at.isoformat()) for customer in customers),
    )


def bounce(db: Database, campaign: int, customers: Iterable[int], reason: Phrase, at: datetime) -> None:
    """A report says that these people's messages came back. Call in a transaction."""
    db.conn.executemany(
        "INSERT INTO deliveries (campaign_id, customer_id, way, state, reason, at) "
        "VALUES (?, ?, 'list:report', ?, ?, ?) "
        "ON CONFLICT (campaign_id, customer_id) DO UPDATE SET state = excluded.state, reason = excluded.reason",
        ((campaign, customer, REFUSED, to_json(reason), at.isoformat()) for customer in customers),
    )


def take_back_lists(db: Database, campaign: int, from_position: int = 0) -> int:
    """What stands in lists only, from this message on, is to be sent again; how many. Call in a transaction."""
    return db.conn.execute(
        "DELETE FROM deliveries WHERE campaign_id = ?1 AND way LIKE 'list:%' AND state = ?2 AND customer_id IN "
        "(SELECT customer_id FROM sends WHERE campaign_id = ?1 AND position >= ?3)",
        [campaign, HANDED, from_position],
    ).rowcount


def n_in_lists(db: Database, campaign: int) -> int:
    """How many messages stand in lists only."""
    (n,) = db.conn.execute(
        "SELECT count(*) FROM deliveries WHERE campaign_id = ? AND way LIKE 'list:%' AND state = ?", [campaign, HANDED]
    ).fetchone()
    return int(n)


def strand(db: Database, campaign: int, reason: Phrase, at: datetime) -> int:
    """Of what was being sent by a process that is no more it is not known whether it arrived; how many."""
    return db.conn.execute(
        "UPDATE deliveries SET state = ?, reason = ?, at = ? WHERE campaign_id = ? AND way = ? AND state = ?",
        [UNKNOWN, to_json(reason), at.isoformat(), campaign, SMTP, HANDED],
    ).rowcount


def move(db: Database, campaign: int, before: str, after: str, at: datetime) -> int:
    """Every delivery of the campaign in the state `before` is in `after` now; how many."""
    return db.conn.execute(
        "UPDATE deliveries SET state = ?, reason = NULL, attempts = 0, at = ? WHERE campaign_id = ? AND state = ?",
        [after, at.isoformat(), campaign, before],
    ).rowcount


def states(db: Database, campaign: int) -> dict[int, Delivery]:
    """By customer; who is not in it has not been handed over in any way."""
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM deliveries WHERE campaign_id = ?", [campaign])
    found = map(_delivery, rows)
    return {delivery.customer: delivery for delivery in found}


def of(db: Database, campaign: int, customer: int) -> Delivery | None:
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM deliveries WHERE campaign_id = ? AND customer_id = ?", [campaign, customer]
    ).fetchone()
    return None if row is None else _delivery(row)


def counts(db: Database, campaign: int) -> dict[tuple[str, str], int]:
    """How many, by way and state."""
    rows = db.conn.execute(
        "SELECT way, state, count(*) FROM deliveries WHERE campaign_id = ? GROUP BY way, state ORDER BY way, state",
        [campaign],
    )
    return {(way, state): n for way, state, n in rows}


def reasons(db: Database, campaign: int, state: str) -> list[tuple[Phrase, int]]:
    """Why deliveries are in this state, the most common reason first."""
    rows = db.conn.execute(
        "SELECT reason, count(*) AS n FROM deliveries WHERE campaign_id = ? AND state = ? AND reason IS NOT NULL "
        "GROUP BY reason ORDER BY n DESC, reason",
        [campaign, state],
    )
    return [(from_json(reason), n) for reason, n in rows]


def waiting(db: Database, campaign: int, state: str = PLANNED) -> list[int]:
    """Customers whose message is in this state, the fewest attempts first, then in the order of assignment."""
    rows = db.conn.execute(
        "SELECT d.customer_id FROM deliveries d JOIN sends s USING (campaign_id, customer_id) "
        "WHERE d.campaign_id = ? AND d.state = ? ORDER BY d.attempts, s.position",
        [campaign, state],
    )
    return [customer for (customer,) in rows]


def not_got(db: Database, campaign: int) -> set[int]:
    """Whose message was refused, skipped or withheld: nothing can have come of it."""
    rows = db.conn.execute(
        "SELECT customer_id FROM deliveries WHERE campaign_id = ? AND state IN (?, ?)", [campaign, REFUSED, WITHHELD]
    )
    return {customer for (customer,) in rows}


def addresses(db: Database, campaign: int) -> set[str]:
    """Where messages of the campaign have gone or may have, folded."""
    rows = db.conn.execute(
        "SELECT lower(address) FROM deliveries WHERE campaign_id = ? AND address IS NOT NULL AND state IN (?, ?, ?)",
        [campaign, HANDED, DELIVERED, UNKNOWN],
    )
    return {address for (address,) in rows}


def message_at(db: Database, campaign: int, position: int) -> Message | None:
    """The message with this number in the order of assignment."""
    row = db.conn.execute(f"{MESSAGES} AND s.position = ?", [campaign, position]).fetchone()
    return None if row is None else Message(*row)


def by_token(db: Database, token: str) -> tuple[int, int] | None:
    """Campaign and customer of the message that has this token."""
    row = db.conn.execute("SELECT campaign_id, customer_id FROM deliveries WHERE token = ?", [token]).fetchone()
    return None if row is None else (row[0], row[1])


def sent_since(db: Database, since: datetime, channel: str | None, but: int | None) -> Mapping[int, int]:
    """By customer, how many messages of approved campaigns on `channel` (None: on any) they got or are to get after
    `since`, those of the campaign `but` left out. A message that was refused or withheld is none.
    """
    rows = db.conn.execute(
        "SELECT coalesce(u.merged_into, u.id), count(*) FROM campaigns c JOIN sends s ON s.campaign_id = c.id "
        "JOIN customers u ON u.id = s.customer_id LEFT JOIN deliveries d ON d.campaign_id = s.campaign_id "
        "AND d.customer_id = s.customer_id WHERE c.status = 'approved' AND c.id IS NOT ?1 "
        "AND (?2 IS NULL OR c.channel = ?2) AND coalesce(d.at, c.decided_at) > ?3 "
        "AND coalesce(d.state, '') NOT IN (?4, ?5) GROUP BY 1",
        [but, channel, since.isoformat(), REFUSED, WITHHELD],
    )
    return dict(rows.fetchall())


def _delivery(row: tuple[int, str, str, str | None, str | None, int, str | None, str]) -> Delivery:
    customer, way, state, address, token, attempts, reason, at = row
    why = None if reason is None else from_json(reason)
    return Delivery(customer, way, state, address, token, attempts, why, datetime.fromisoformat(at))
