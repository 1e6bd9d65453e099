"""Campaigns: their variants, who gets which text, who is held out and who is left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.phrases import Phrase, from_json, to_json
from engine.store import sends as rows_of
from engine.store.sends import Send as Send


@dataclass(frozen=True)
class Plan:
    """What a campaign is, apart from who gets what, and what its owner is told of it.

    `segment_id` is None where the segment is no longer stored.
    """

    segment_id: int | None
    segment_key: str
    segment_name: Phrase
    goal: str
    channel: str
    language: str
    policy: str
    seed: int
    holdout_share: float
    drafted_at: datetime
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Campaign:
    """A stored plan and what was decided: `status` is draft, approved or dropped.

    `first_share` is the share of its people that gets the message first; None: all at once.
    """

    id: int
    plan: Plan
    status: str
    decided_at: datetime | None
    decided_by: str | None
    first_share: float | None = None


@dataclass(frozen=True)
class Variant:
    """`template_id` is the stored version of the template that it has; None of campaigns before there were versions."""

    label: str
    template: str
    source: str
    weight: float
    template_id: int | None = None


@dataclass(frozen=True)
class SmsParts:
    """Of how many parts the messages of a campaign are: all together, the longest, and by how many the most have."""

    total: int
    most: int
    n_most: int
    n_messages: int


@dataclass(frozen=True)
class Message:
    """A stored message with whom it is for."""

    customer: int
    customer_key: str
    name: str | None
    email: str | None
    phone: str | None
    label: str
    product: int | None
    text: str
    country: str | None = None
    subject: str | None = None
    preheader: str | None = None
    html: str | None = None
    position: int = 0


def add(
    db: Database,
    plan: Plan,
    *,
    variants: Sequence[Variant],
    sends: Iterable[Send],
    held: Iterable[int],
    excluded: Mapping[int, str],
    cause: str | None,
) -> int:
    """Store a draft with everything that belongs to it; its id. Call in a transaction."""
    cursor = db.conn.execute(
        "INSERT INTO campaigns (segment_id, segment_key, segment_name, goal, channel, language, policy, seed, "
        "holdout_share, notes, status, cause, drafted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?)",
        [
            plan.segment_id,
            plan.segment_key,
            to_json(plan.segment_name),
            plan.goal,
            plan.channel,
            plan.language,
            plan.policy,
            plan.seed,
            plan.holdout_share,
            json.dumps([to_json(note) for note in plan.notes], ensure_ascii=False),
            cause,
            plan.drafted_at.isoformat(),
        ],
    )
    id_ = int(cursor.lastrowid or 0)
    db.conn.executemany(
        "INSERT INTO variants (campaign_id, label, template, source, weight, template_id) VALUES (?, ?, ?, ?, ?, ?)",
        (
            (id_, variant.label, variant.template, variant.source, variant.weight, variant.template_id)
            for variant in variants
        ),
    )
    rows_of.put(db, id_, sends)
    db.conn.executemany(
        "INSERT INTO holdouts (campaign_id, customer_id) VALUES (?, ?)", ((id_, customer) for customer in held)
    )
    _exclude(db, id_, excluded)
    return id_


def decide(db: Database, id_: int, *, status: str, at: datetime, who: str, sms_price: float | None = None) -> None:
    """`sms_price`: what a part of an SMS costs as it is decided."""
    db.conn.execute(
        "UPDATE campaigns SET status = ?, decided_at = ?, decided_by = ?, sms_price = ? WHERE id = ?",
        [status, at.isoformat(), who, sms_price, id_],
    )


def sms_price(db: Database, id_: int) -> float | None:
    """What a part of an SMS cost when the campaign was decided on; None if nobody had said."""
    price: float | None = db.conn.execute("SELECT sms_price FROM campaigns WHERE id = ?", [id_]).fetchone()[0]
    return price


def undecide(db: Database, id_: int) -> None:
    """The campaign is a draft again."""
    db.conn.execute("UPDATE campaigns SET status = 'draft', decided_at = NULL, decided_by = NULL WHERE id = ?", [id_])


def take_out(db: Database, id_: int, excluded: Mapping[int, str]) -> None:
    """These people get no message after all; the reasons are kept. Call in a transaction."""
    db.conn.executemany(
        "DELETE FROM sends WHERE campaign_id = ? AND customer_id = ?", ((id_, customer) for customer in excluded)
    )
    _exclude(db, id_, excluded)


def by_id(db: Database, id_: int) -> Campaign | None:
    # as text: SQLite takes no number beyond 64 bits, which somebody may yet ask for
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM campaigns WHERE id = ?", [str(id_)]).fetchone()
    return None if row is None else _campaign(row)


def every(db: Database) -> list[Campaign]:
    """All campaigns, the newest first."""
    return [_campaign(row) for row in db.conn.execute(f"SELECT {_COLUMNS} FROM campaigns ORDER BY id DESC")]


def count(db: Database) -> int:
    return int(db.conn.execute("SELECT count(*) FROM campaigns").fetchone()[0])


def sizes(db: Database) -> dict[int, tuple[int, int]]:
    """By campaign: how many people get a message, and how many variants there are."""
    rows = db.conn.execute(
        "SELECT c.id, (SELECT count(*) FROM sends s WHERE s.campaign_id = c.id), "
        "(SELECT count(*) FROM variants v WHERE v.campaign_id = c.id) FROM campaigns c"
    )
    return {id_: (n_sends, n_variants) for id_, n_sends, n_variants in rows}


def variants(db: Database, id_: int) -> list[Variant]:
    rows = db.conn.execute(
        "SELECT label, template, source, weight, template_id FROM variants WHERE campaign_id = ? ORDER BY id", [id_]
    )
    return [Variant(*row) for row in rows]


def template_versions(db: Database, id_: int) -> dict[str, int]:
    """Which version of its template each variant has, by label; those that have none on record are not in it."""
    rows = db.conn.execute(
        "SELECT v.label, t.version FROM variants v JOIN templates t ON t.id = v.template_id WHERE v.campaign_id = ?",
        [id_],
    )
    return dict(rows.fetchall())


def sms_parts(db: Database, id_: int) -> SmsParts | None:
    """None for a campaign whose messages are no SMS."""
    total, most, n = db.conn.execute(
        "SELECT sum(parts), max(parts), count(*) FROM sends WHERE campaign_id = ? AND parts IS NOT NULL", [id_]
    ).fetchone()
    if not n:
        return None
    (n_most,) = db.conn.execute(
        "SELECT count(*) FROM sends WHERE campaign_id = ? AND parts = ?", [id_, most]
    ).fetchone()
    return SmsParts(total, most, n_most, n)


def n_held(db: Database, id_: int) -> int:
    return int(db.conn.execute("SELECT count(*) FROM holdouts WHERE campaign_id = ?", [id_]).fetchone()[0])


def excluded(db: Database, id_: int) -> dict[str, int]:
    """How many people are left out, by reason; the most common first."""
    rows = db.conn.execute(
        "SELECT reason, count(*) AS n FROM exclusions WHERE campaign_id = ? GROUP BY reason ORDER BY n DESC, reason",
        [id_],
    )
    return dict(rows.fetchall())


def people(db: Database, segment_id: int) -> pd.DataFrame:
    """A segment's members: customer, name, email, phone, country, at (of the last order, as text; missing without
    one); by customer.
    """
    return pd.read_sql_query(
        f"SELECT {_PERSON}, max(o.at) AS {c.AT} FROM customers u LEFT JOIN orders o ON o.customer_id = u.id "
        "WHERE u.id IN (SELECT coalesce(w.merged_into, w.id) FROM memberships m JOIN customers w "
        "ON w.id = m.customer_id WHERE m.segment_id = ?) GROUP BY u.id ORDER BY u.id",
        db.conn,
        params=[segment_id],
    )


def people_written_to(db: Database, id_: int) -> pd.DataFrame:
    """Who gets a message of the campaign, as `people` has them: each once, in the order of assignment."""
    return pd.read_sql_query(
        f"SELECT {_PERSON}, max(o.at) AS {c.AT} FROM sends s JOIN customers w ON w.id = s.customer_id "
        "JOIN customers u ON u.id = coalesce(w.merged_into, w.id) LEFT JOIN orders o ON o.customer_id = u.id "
        "WHERE s.campaign_id = ? GROUP BY u.id ORDER BY min(s.position)",
        db.conn,
        params=[id_],
    )


def countries(db: Database, id_: int) -> dict[str | None, int]:
    """How many of those who get a message are in which country, as files call it."""
    rows = db.conn.execute(
        "SELECT u.country, count(*) FROM sends s JOIN customers w ON w.id = s.customer_id "
        "JOIN customers u ON u.id = coalesce(w.merged_into, w.id) WHERE s.campaign_id = ? GROUP BY u.country",
        [id_],
    )
    return dict(rows.fetchall())


def persons(db: Database, id_: int) -> dict[int, int]:
    """Who each of those who get a message is counted as by now."""
    rows = db.conn.execute(
        "SELECT s.customer_id, coalesce(u.merged_into, u.id) FROM sends s JOIN customers u ON u.id = s.customer_id "
        "WHERE s.campaign_id = ?",
        [id_],
    )
    return dict(rows.fetchall())


def person(db: Database, customer: int) -> int:
    """Who a customer is counted as by now."""
    row = db.conn.execute("SELECT coalesce(merged_into, id) FROM customers WHERE id = ?", [customer]).fetchone()
    return int(row[0])


def n_plain(db: Database, id_: int) -> int:
    """How many get a message that goes by nothing that is known of them."""
    return int(db.conn.execute("SELECT count(*) FROM sends WHERE campaign_id = ? AND plain = 1", [id_]).fetchone()[0])


def recipients(db: Database, id_: int) -> pd.DataFrame:
    """Who gets a message: customer, label, position; by position."""
    return pd.read_sql_query(
        f"SELECT s.customer_id AS {c.CUSTOMER}, v.label, s.position FROM sends s "
        "JOIN variants v ON v.id = s.variant_id WHERE s.campaign_id = ? ORDER BY s.position",
        db.conn,
        params=[id_],
    )


def nobodies(db: Database, id_: int) -> list[int]:
    """Those who got a message and are forgotten since, merged into themselves: of it nothing is left to show."""
    rows = db.conn.execute(
        "SELECT s.customer_id FROM sends s JOIN customers u ON u.id = s.customer_id "
        "WHERE s.campaign_id = ? AND u.merged_into IS u.id",
        [id_],
    )
    return [customer for (customer,) in rows]


def doubles(db: Database, id_: int) -> list[int]:
    """Who is to get a message and is, as was found since, a person who gets one already or is held out."""
    rows = db.conn.execute(
        "SELECT s.customer_id, coalesce(u.merged_into, u.id) FROM sends s JOIN customers u ON u.id = s.customer_id "
        "WHERE s.campaign_id = ? ORDER BY s.position",
        [id_],
    ).fetchall()
    held = db.conn.execute(
        "SELECT coalesce(u.merged_into, u.id) FROM holdouts h JOIN customers u ON u.id = h.customer_id "
        "WHERE h.campaign_id = ?",
        [id_],
    )
    people = {person for (person,) in held}
    found = []
    for customer, person in rows:
        if person in people:
            found.append(customer)
        people.add(person)
    return found


def messages(db: Database, id_: int) -> list[Message]:
    """Every message of a campaign, in the order of assignment."""
    return [Message(*row) for row in db.conn.execute(f"{MESSAGES} ORDER BY s.position", [id_])]


def message(db: Database, id_: int, customer: int) -> Message:
    """The message of one who gets one."""
    return Message(*db.conn.execute(f"{MESSAGES} AND s.customer_id = ?", [id_, customer]).fetchone())


_COLUMNS = (
    "id, segment_id, segment_key, segment_name, goal, channel, language, policy, seed, holdout_share, notes, "
    "drafted_at, status, decided_at, decided_by, first_share"
)

_PERSON = (
    f"u.id AS {c.CUSTOMER}, u.name AS {c.NAME}, u.email AS {c.EMAIL}, u.phone AS {c.PHONE}, u.country AS {c.COUNTRY}"
)

# the title of a message is what stands above it, as the subject does
MESSAGES = (
    "SELECT s.customer_id, u.key, u.name, u.email, u.phone, v.label, s.product_id, s.text, u.country, "
    "coalesce(s.subject, s.title), s.preheader, s.html, s.position "
    "FROM sends s JOIN customers w ON w.id = s.customer_id JOIN customers u ON u.id = coalesce(w.merged_into, w.id) "
    "JOIN variants v ON v.id = s.variant_id "
    # one who was forgotten is merged into themselves
    "WHERE w.merged_into IS NOT w.id AND s.campaign_id = ?"
)


def _exclude(db: Database, id_: int, excluded: Mapping[int, str]) -> None:
    db.conn.executemany(
        "INSERT INTO exclusions (campaign_id, customer_id, reason) VALUES (?, ?, ?)",
        ((id_, customer, reason) for customer, reason in excluded.items()),
    )


def _campaign(row: Sequence[Any]) -> Campaign:
    id_, segment_id, key, name, goal, channel, language, policy, seed, share, notes, drafted, *decision = row
    status, decided, who, first = decision
    at = datetime.fromisoformat(drafted)
    told = tuple(map(from_json, json.loads(notes)))
    plan = Plan(segment_id, key, from_json(name), goal, channel, language, policy, seed, share, at, told)
    return Campaign(id_, plan, status, None if decided is None else datetime.fromisoformat(decided), who, first)
