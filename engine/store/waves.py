"""Waves: a part of a campaign's people gets the message first, the others wait until their owner sends on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.store.sends import MESSAGE

PRODUCT_ID, PERSON = "product_id", "person"


@dataclass(frozen=True)
class Wave:
    """`n` messages when it was approved, `from_send` before it; its first has the position `from_position`."""

    number: int
    n: int
    from_send: int
    from_position: int
    at: datetime
    who: str


def set_first_share(db: Database, campaign_id: int, share: float | None) -> None:
    """Of a draft: which share of its people the first wave is; None: all at once."""
    db.conn.execute("UPDATE campaigns SET first_share = ? WHERE id = ?", [share, campaign_id])


def hold_back(db: Database, campaign_id: int, customers: Iterable[int]) -> None:
    """These people's messages wait. Call in a transaction."""
    rows = [(campaign_id, customer) for customer in customers]
    db.conn.executemany(
        f"INSERT INTO reserves ({MESSAGE}) SELECT {MESSAGE} FROM sends WHERE campaign_id = ? AND customer_id = ?",
        rows,
    )
    db.conn.executemany("DELETE FROM sends WHERE campaign_id = ? AND customer_id = ?", rows)


def undo(db: Database, campaign_id: int) -> None:
    """All messages are as they were drafted, and there are no waves. Call in a transaction."""
    db.conn.execute(
        f"INSERT INTO sends ({MESSAGE}) SELECT {MESSAGE} FROM reserves WHERE campaign_id = ?", [campaign_id]
    )
    db.conn.execute("DELETE FROM reserves WHERE campaign_id = ?", [campaign_id])
    db.conn.execute("DELETE FROM waves WHERE campaign_id = ?", [campaign_id])


def add(db: Database, campaign_id: int, wave: Wave) -> None:
    """Call in a transaction, with the messages of the wave."""
    db.conn.execute(
        "INSERT INTO waves (campaign_id, number, n, from_send, from_position, at, who) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [campaign_id, wave.number, wave.n, wave.from_send, wave.from_position, wave.at.isoformat(), wave.who],
    )


def of(db: Database, campaign_id: int) -> list[Wave]:
    """In their order; empty for a campaign that goes out at once, or is not approved."""
    rows = db.conn.execute(
        "SELECT number, n, from_send, from_position, at, who FROM waves WHERE campaign_id = ? ORDER BY number",
        [campaign_id],
    )
    return [
        Wave(number, n, from_send, from_position, datetime.fromisoformat(at), who)
        for number, n, from_send, from_position, at, who in rows
    ]


def latest(db: Database, campaign_id: int) -> Wave | None:
    there = of(db, campaign_id)
    return there[-1] if there else None


def n_waiting(db: Database, campaign_id: int) -> int:
    return int(db.conn.execute("SELECT count(*) FROM reserves WHERE campaign_id = ?", [campaign_id]).fetchone()[0])


def all_waiting(db: Database) -> dict[int, int]:
    """By campaign, how many wait; campaigns of which nobody does are not in it."""
    return dict(db.conn.execute("SELECT campaign_id, count(*) FROM reserves GROUP BY campaign_id").fetchall())


def reserve(db: Database, campaign_id: int) -> pd.DataFrame:
    """Who waits, in the order of assignment: customer, person (whom they are counted as by now), product_id."""
    return pd.read_sql_query(
        f"SELECT r.customer_id AS {c.CUSTOMER}, coalesce(u.merged_into, u.id) AS {PERSON}, r.{PRODUCT_ID} "
        "FROM reserves r JOIN customers u ON u.id = r.customer_id WHERE r.campaign_id = ? ORDER BY r.position",
        db.conn,
        params=[campaign_id],
        dtype={PRODUCT_ID: "Int64"},
    )


def people_waiting(db: Database, campaign_id: int) -> pd.DataFrame:
    """Who waits, as `store.campaigns.people` has them: each person once, in the order of assignment."""
    return pd.read_sql_query(
        f"SELECT u.id AS {c.CUSTOMER}, u.name AS {c.NAME}, u.email AS {c.EMAIL}, u.phone AS {c.PHONE}, "
        f"u.country AS {c.COUNTRY}, max(o.at) AS {c.AT} FROM reserves r JOIN customers w ON w.id = r.customer_id "
        "JOIN customers u ON u.id = coalesce(w.merged_into, w.id) LEFT JOIN orders o ON o.customer_id = u.id "
        "WHERE r.campaign_id = ? GROUP BY u.id ORDER BY min(r.position)",
        db.conn,
        params=[campaign_id],
    )


def served(db: Database, campaign_id: int) -> set[int]:
    """The persons who have a message of the campaign already, or are held out of it."""
    return _persons(db, campaign_id, "sends", "holdouts")


def n_messages(db: Database, campaign_id: int) -> int:
    return int(db.conn.execute("SELECT count(*) FROM sends WHERE campaign_id = ?", [campaign_id]).fetchone()[0])


def n_untouched(db: Database, campaign_id: int) -> int:
    """Messages that have not gone any way yet."""
    (n,) = db.conn.execute(
        "SELECT count(*) FROM sends s LEFT JOIN deliveries d USING (campaign_id, customer_id) "
        "WHERE s.campaign_id = ? AND coalesce(d.state, 'planned') = 'planned'",
        [campaign_id],
    ).fetchone()
    return int(n)


def take(db: Database, campaign_id: int, customers: Iterable[int]) -> None:
    """These people wait no longer. Call in the transaction that puts their messages."""
    db.conn.executemany(
        "DELETE FROM reserves WHERE campaign_id = ? AND customer_id = ?",
        ((campaign_id, customer) for customer in customers),
    )


def give_up(db: Database, campaign_id: int, reason: str) -> int:
    """Nobody waits any longer, and all who did are left out for this reason; how many. Call in a transaction."""
    db.conn.execute(
        "INSERT OR IGNORE INTO exclusions (campaign_id, customer_id, reason) "
        "SELECT campaign_id, customer_id, ? FROM reserves WHERE campaign_id = ?",
        [reason, campaign_id],
    )
    return db.conn.execute("DELETE FROM reserves WHERE campaign_id = ?", [campaign_id]).rowcount


def in_earlier_lists(db: Database, campaign_id: int) -> set[int]:
    """Whose message stood in a list before the newest wave: in its list they would get it twice."""
    wave = latest(db, campaign_id)
    if wave is None:
        return set()
    rows = db.conn.execute(
        "SELECT d.customer_id FROM deliveries d JOIN sends s USING (campaign_id, customer_id) "
        "WHERE d.campaign_id = ? AND s.position < ? AND d.way LIKE 'list:%' AND d.state = 'handed over'",
        [campaign_id, wave.from_position],
    )
    return {customer for (customer,) in rows}


def in_campaign(db: Database, campaign_id: int) -> set[int]:
    """The persons who have a message of the campaign, wait, are held out, or were left out for good."""
    return _persons(db, campaign_id, "sends", "holdouts", "reserves", "exclusions")


def _persons(db: Database, campaign_id: int, *tables: str) -> set[int]:
    """Whom the customers of a campaign in these tables are counted as by now."""
    union = " UNION ".join(f"SELECT customer_id FROM {table} WHERE campaign_id = ?1" for table in tables)
    rows = db.conn.execute(
        f"SELECT coalesce(u.merged_into, u.id) FROM ({union}) s JOIN customers u ON u.id = s.customer_id", [campaign_id]
    )
    return {person for (person,) in rows}


def join(
    db: Database,
    campaign_id: int,
    waiting: Sequence[int],
    held: Sequence[int],
    picks: Mapping[int, int],
    first: int,
) -> None:
    """People who were not in the campaign wait, with positions from `first` on, or are held out.

    Which text each gets is drawn with the wave. Call in a transaction.
    """
    db.conn.executemany(
        "INSERT INTO reserves (campaign_id, customer_id, variant_id, position, propensity, product_id, text) "
        "SELECT ?1, ?2, min(id), ?3, 1.0 / count(*), ?4, '' FROM variants WHERE campaign_id = ?1",
        (
            (campaign_id, customer, position, picks.get(customer))
            for position, customer in enumerate(waiting, start=first)
        ),
    )
    db.conn.executemany(
        "INSERT INTO holdouts (campaign_id, customer_id) VALUES (?, ?)", ((campaign_id, customer) for customer in held)
    )
