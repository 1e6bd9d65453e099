"""What came of campaigns: outcomes per person, and reports of counts per variant, none of which is overwritten.

The newest report of a variant is what holds of it, whether it was told as counts or adds up outcomes of people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from engine.experiments.tally import Tally
from engine.store.sends import NOT_GOT


@dataclass(frozen=True)
class SentVariant:
    """A variant of a campaign: `sends` messages of it went out or are to; `unsent` were refused, skipped or withheld.

    Who got nothing counts as sent to nowhere, however that became known, and whatever they bought: so those who are
    left of each variant stay alike. Against the holdout they stay in, or it would be compared with other people.
    """

    label: str
    template: str
    weight: float
    sends: int
    unsent: int = 0


@dataclass(frozen=True)
class Report:
    """So far `conversions` of `sends`, as it was told at `at`. Ids grow with time."""

    id: int
    label: str
    conversions: int
    sends: int
    at: datetime


@dataclass(frozen=True)
class Recipient:
    customer: int
    key: str
    email: str | None
    phone: str | None
    label: str


@dataclass(frozen=True)
class PastText:
    """A version of an earlier campaign, with the whole template, and what was told of it last."""

    campaign: int
    goal: str
    template: str
    source: str
    conversions: int
    sends: int


def variants(db: Database, campaign_id: int) -> list[SentVariant]:
    """In the order of their labels."""
    rows = db.conn.execute(
        f"SELECT v.label, v.template, v.weight, coalesce(sum(NOT {NOT_GOT} AND s.customer_id IS NOT NULL), 0), "
        f"coalesce(sum({NOT_GOT}), 0) FROM variants v LEFT JOIN sends s "
        "ON s.variant_id = v.id AND s.campaign_id = v.campaign_id WHERE v.campaign_id = ? GROUP BY v.id ORDER BY v.id",
        [campaign_id],
    )
    return [SentVariant(*row) for row in rows]


def recipients(db: Database, campaign_id: int) -> list[Recipient]:
    """Who was sent the campaign, in the order of assignment, but for who is forgotten (merged into themselves)."""
    rows = db.conn.execute(
        "SELECT s.customer_id, u.key, u.email, u.phone, v.label FROM sends s JOIN customers w ON w.id = s.customer_id "
        "JOIN customers u ON u.id = coalesce(w.merged_into, w.id) "
        "JOIN variants v ON v.id = s.variant_id WHERE s.campaign_id = ? AND w.merged_into IS NOT w.id "
        "ORDER BY s.position",
        [campaign_id],
    )
    return [Recipient(*row) for row in rows]


def names(db: Database, campaign_id: int) -> list[tuple[int, str]]:
    """Everything under which who was sent the campaign is known: recipient, key."""
    return db.conn.execute(
        "SELECT s.customer_id, k.value FROM sends s JOIN customers w ON w.id = s.customer_id "
        "JOIN identities i ON i.customer_id = coalesce(w.merged_into, w.id) "
        "JOIN (SELECT identity_id, value FROM identity_keys UNION ALL SELECT id, value FROM identities) k "
        "ON k.identity_id = i.id WHERE s.campaign_id = ?",
        [campaign_id],
    ).fetchall()


def reports(db: Database, campaign_id: int) -> dict[str, list[Report]]:
    """By label, the oldest first; a variant of which nothing was told is absent."""
    rows = db.conn.execute(
        "SELECT t.id, v.label, t.conversions, t.sends, t.at FROM tallies t JOIN variants v ON v.id = t.variant_id "
        "WHERE v.campaign_id = ? ORDER BY t.id",
        [campaign_id],
    )
    result: dict[str, list[Report]] = {}
    for id_, label, conversions, sends, at in rows:
        result.setdefault(label, []).append(Report(id_, label, conversions, sends, datetime.fromisoformat(at)))
    return result


def add_report(
    db: Database, campaign_id: int, label: str, conversions: int, sends: int, at: datetime, source: str
) -> int:
    """Store what holds from now on, and where it is from (`store.matching`); its id. Call in a transaction."""
    cursor = db.conn.execute(
        "INSERT INTO tallies (variant_id, sends, conversions, at, source) "
        "SELECT id, ?, ?, ?, ? FROM variants WHERE campaign_id = ? AND label = ?",
        [sends, conversions, at.isoformat(), source, campaign_id, label],
    )
    return int(cursor.lastrowid or 0)


def people(db: Database, campaign_id: int) -> dict[int, bool]:
    """By customer: converted or not; who is not in it has no outcome of their own."""
    rows = db.conn.execute("SELECT customer_id, converted FROM outcomes WHERE campaign_id = ?", [campaign_id])
    return {customer: bool(converted) for customer, converted in rows}


def record_people(db: Database, campaign_id: int, converted: Mapping[int, bool], at: datetime) -> None:
    """An outcome that was known before keeps its time, and so its place. Call in a transaction."""
    db.conn.executemany(
        "INSERT INTO outcomes (campaign_id, customer_id, converted, at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (campaign_id, customer_id) DO UPDATE SET converted = excluded.converted",
        ((campaign_id, customer, int(value), at.isoformat()) for customer, value in converted.items()),
    )


def added_up(db: Database, campaign_id: int, *, by_orders: bool = False) -> dict[str, tuple[int, int]]:
    """By label, (conversions, people) of those whose own outcome is known, as it was told or by the shop's orders.

    Who got nothing is left out.
    """
    rows = db.conn.execute(
        f"SELECT v.label, sum(o.converted), count(*) FROM {'bought' if by_orders else 'outcomes'} o "
        "JOIN sends s ON s.campaign_id = o.campaign_id AND s.customer_id = o.customer_id "
        f"JOIN variants v ON v.id = s.variant_id WHERE o.campaign_id = ? AND NOT {NOT_GOT} GROUP BY v.label",
        [campaign_id],
    )
    return {label: (converted, n) for label, converted, n in rows}


def in_order(db: Database, campaign_id: int, *, by_orders: bool = False) -> list[tuple[str, float, int | None]]:
    """Label, propensity and outcome (1, 0, None if that person's is not known) of every message, as they were sent.

    What nobody got is left out. The outcomes are those told, or those of the shop's orders.
    """
    return db.conn.execute(
        "SELECT v.label, s.propensity, o.converted FROM sends s JOIN variants v ON v.id = s.variant_id "
        f"LEFT JOIN {'bought' if by_orders else 'outcomes'} o "
        "ON o.campaign_id = s.campaign_id AND o.customer_id = s.customer_id "
        f"WHERE s.campaign_id = ? AND NOT {NOT_GOT} ORDER BY s.position",
        [campaign_id],
    ).fetchall()


def spent(db: Database, campaign_id: int, start: datetime, end: datetime) -> list[tuple[int, float, int]]:
    """Of everybody in a campaign, sent to (1) or held out (0): what they ordered from `start` until before `end`, and
    whether they got it.

    Both are in the shop's local time, as orders are.
    """
    return db.conn.execute(
        "SELECT p.sent, coalesce(sum(o.revenue), 0), p.got FROM ("
        f"SELECT s.customer_id, 1 AS sent, NOT {NOT_GOT} AS got FROM sends s WHERE s.campaign_id = ? "
        "UNION ALL SELECT customer_id, 0, 0 FROM holdouts WHERE campaign_id = ?) p "
        "JOIN customers w ON w.id = p.customer_id "
        "LEFT JOIN orders o ON o.customer_id = coalesce(w.merged_into, w.id) AND o.at >= ? AND o.at < ? "
        "GROUP BY p.sent, p.customer_id",
        [campaign_id, campaign_id, start.isoformat(timespec="seconds"), end.isoformat(timespec="seconds")],
    ).fetchall()


def sent_since(db: Database, start: datetime) -> tuple[int, datetime | None]:
    """How many messages were in campaigns approved since `start`, and when the first of these was approved."""
    n, first = db.conn.execute(
        "SELECT count(s.customer_id), min(c.decided_at) FROM campaigns c JOIN sends s ON s.campaign_id = c.id "
        f"WHERE c.status = 'approved' AND c.decided_at >= ? AND NOT {NOT_GOT}",
        [start.isoformat()],
    ).fetchone()
    return n, None if first is None else datetime.fromisoformat(first)


def past_tally(
    db: Database, *, goal: str, channel: str, language: str, templates: Sequence[str], but: int | None = None
) -> Tally:
    """What approved campaigns with this goal, channel and language have reported so far, per template, in order.

    The campaign `but` is left out.
    """
    rows = db.conn.execute(
        "SELECT v.template, sum(t.conversions), sum(t.sends) FROM tallies t JOIN variants v ON v.id = t.variant_id "
        "JOIN campaigns c ON c.id = v.campaign_id "
        "WHERE t.id = (SELECT max(id) FROM tallies WHERE variant_id = v.id) "
        "AND c.status = 'approved' AND c.goal = ? AND c.channel = ? AND c.language = ? AND c.id IS NOT ? "
        "GROUP BY v.template",
        [goal, channel, language, but],
    )
    known = {template: (conversions, sends) for template, conversions, sends in rows}
    return Tally.of([known.get(template, (0, 0)) for template in templates])


def past_versions(db: Database, *, channel: str, language: str) -> list[PastText]:
    """What every version of approved campaigns on this channel, in this language, has reported so far."""
    rows = db.conn.execute(
        "SELECT c.id, c.goal, v.template, v.source, t.conversions, t.sends "
        "FROM tallies t JOIN variants v ON v.id = t.variant_id JOIN campaigns c ON c.id = v.campaign_id "
        "WHERE t.id = (SELECT max(id) FROM tallies WHERE variant_id = v.id) "
        "AND c.status = 'approved' AND c.channel = ? AND c.language = ? ORDER BY c.id, v.id",
        [channel, language],
    )
    return [PastText(*row) for row in rows]


def latest_approved(db: Database) -> int | None:
    """The campaign that was approved last; None if none was."""
    row = db.conn.execute(
        "SELECT id FROM campaigns WHERE status = 'approved' ORDER BY decided_at DESC, id DESC LIMIT 1"
    ).fetchone()
    return None if row is None else int(row[0])
