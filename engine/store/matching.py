"""What orders say came of campaigns, what was told besides, and which of the two holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from engine.campaigns.matching import HELD, UNSENT, Bought, Followed, Sales
from engine.store.deliveries import DELIVERED, HAND, HANDED, REFUSED, UNKNOWN, WITHHELD
from engine.store.sends import NOT_GOT

ORDERS: Final = "orders"
PEOPLE: Final = "people"
COUNTS: Final = "counts"
REPORT: Final = "report"
TOLD: Final = "told"

_EPOCH = np.datetime64(0, "s")


@dataclass(frozen=True)
class Settings:
    """Of a campaign: `days` of its window (None: as usual), which is `used` (orders or told; None: not chosen), and
    until when all orders are known as its owner says.
    """

    days: int | None = None
    used: str | None = None
    complete_until: datetime | None = None


@dataclass(frozen=True)
class Told:
    """What was told of a variant last: `conversions` of `sends`, from counts, a report or people."""

    conversions: int
    sends: int
    source: str


# what a message to somebody brought who is forgotten since (merged into themselves) is known, or never will be
_MAY_BE_KNOWN = (
    "(u.merged_into IS NOT u.id OR EXISTS (SELECT 1 FROM bought b WHERE b.campaign_id = {0}.campaign_id "
    "AND b.customer_id = {0}.customer_id))"
)


def sent(db: Database, campaign_id: int) -> NDArray[Any]:
    """Whose message went out or may have, in the order of assignment: customer, person, variant's id, at.

    `at` is in seconds, UTC. A text to copy counts once it is said to be sent.
    """
    rows = db.conn.execute(
        "SELECT s.customer_id, coalesce(u.merged_into, u.id), s.variant_id, CAST(strftime('%s', d.at) AS INTEGER) "
        "FROM sends s JOIN customers u ON u.id = s.customer_id "
        "JOIN deliveries d ON d.campaign_id = s.campaign_id AND d.customer_id = s.customer_id "
        "WHERE s.campaign_id = ? AND (d.state IN (?, ?) OR (d.state = ? AND d.way <> ?)) "
        f"AND {_MAY_BE_KNOWN.format('s')} ORDER BY s.position",
        [campaign_id, DELIVERED, UNKNOWN, HANDED, HAND],
    )
    return _four(rows)


def unsent(db: Database, campaign_id: int) -> NDArray[Any]:
    """Who was to get a message that was refused, skipped or withheld: customer, person, UNSENT, at."""
    rows = db.conn.execute(
        "SELECT s.customer_id, coalesce(u.merged_into, u.id), ?, CAST(strftime('%s', d.at) AS INTEGER) "
        "FROM sends s JOIN customers u ON u.id = s.customer_id "
        "JOIN deliveries d ON d.campaign_id = s.campaign_id AND d.customer_id = s.customer_id "
        f"WHERE s.campaign_id = ? AND d.state IN (?, ?) AND {_MAY_BE_KNOWN.format('s')} ORDER BY s.position",
        [UNSENT, campaign_id, REFUSED, WITHHELD],
    )
    return _four(rows)


def all_sends(db: Database, campaign_id: int, at: datetime) -> NDArray[Any]:
    """The same, as if all messages had gone out at `at`."""
    rows = db.conn.execute(
        "SELECT s.customer_id, coalesce(u.merged_into, u.id), s.variant_id, ? FROM sends s "
        f"JOIN customers u ON u.id = s.customer_id WHERE s.campaign_id = ? AND {_MAY_BE_KNOWN.format('s')} "
        "ORDER BY s.position",
        [int(at.timestamp()), campaign_id],
    )
    return _four(rows)


def held(db: Database, campaign_id: int) -> NDArray[Any]:
    """Who was held out: customer, person, HELD, 0."""
    rows = db.conn.execute(
        "SELECT h.customer_id, coalesce(u.merged_into, u.id), ?, 0 FROM holdouts h "
        f"JOIN customers u ON u.id = h.customer_id WHERE h.campaign_id = ? AND {_MAY_BE_KNOWN.format('h')} "
        "ORDER BY h.customer_id",
        [HELD, campaign_id],
    )
    return _four(rows)


def has_deliveries(db: Database, campaign_id: int) -> bool:
    """Whether anything is known of what became of the campaign's messages."""
    return bool(
        db.conn.execute("SELECT EXISTS (SELECT 1 FROM deliveries WHERE campaign_id = ?)", [campaign_id]).fetchone()[0]
    )


def variant_labels(db: Database, campaign_id: int) -> dict[int, str]:
    """By id, in their order."""
    return dict(db.conn.execute("SELECT id, label FROM variants WHERE campaign_id = ? ORDER BY id", [campaign_id]))


def sales(db: Database, start: int, end: int) -> Sales:
    """Orders of known people from `start` until before `end`, in seconds of the shop's clock."""
    between = [str((_EPOCH + np.timedelta64(seconds, "s")).astype("datetime64[s]")) for seconds in (start, end)]
    rows = np.fromiter(
        db.conn.execute(
            "SELECT id, customer_id, CAST(strftime('%s', at) AS INTEGER), revenue FROM orders "
            "WHERE at >= ? AND at < ? AND customer_id IS NOT NULL",
            between,
        ),
        np.dtype([("id", np.int64), ("person", np.int64), ("at", np.int64), ("paid", np.float64)]),
    )
    kept = rows["paid"].copy()
    back = np.fromiter(
        db.conn.execute(
            "SELECT o.id, sum(abs(e.value)) FROM events e JOIN orders o ON o.key = e.order_key "
            "WHERE e.kind = 'return' AND NOT e.of_sale AND e.value IS NOT NULL AND o.at >= ? AND o.at < ? "
            "GROUP BY o.id",
            between,
        ),
        np.dtype([("id", np.int64), ("money", np.float64)]),
    )
    if back.size:
        order = np.argsort(rows["id"])
        found = np.searchsorted(rows["id"][order], back["id"])
        known = np.isin(back["id"], rows["id"])
        kept[order[found[known]]] -= back["money"][known]
    return Sales(rows["person"].copy(), rows["at"].copy(), rows["paid"].copy(), kept)


def last_order(db: Database, until: datetime) -> datetime | None:
    """The newest order that is not after `until`, both in local time; None without one."""
    (at,) = db.conn.execute(
        "SELECT max(at) FROM orders WHERE at <= ?", [until.isoformat(timespec="seconds")]
    ).fetchone()
    return None if at is None else datetime.fromisoformat(at)


def keep(db: Database, campaign_id: int, followed: Followed, found: Bought) -> None:
    """Who bought, of those whose window is over, in place of what was known. Call in a transaction."""
    db.conn.execute("DELETE FROM bought WHERE campaign_id = ?", [campaign_id])
    # in the order of the key: the table grows at its end
    rows = np.flatnonzero(found.over)
    rows = rows[np.argsort(followed.customer[rows])]
    db.conn.executemany(
        "INSERT INTO bought (campaign_id, customer_id, held, converted, revenue, before) VALUES (?, ?, ?, ?, ?, ?)",
        zip(
            [campaign_id] * rows.size,
            followed.customer[rows].tolist(),
            (followed.variant[rows] == HELD).astype(int).tolist(),
            found.converted[rows].astype(int).tolist(),
            found.revenue[rows].tolist(),
            found.before[rows].tolist(),
            strict=True,
        ),
    )


def with_forgotten(db: Database, campaign_id: int, followed: Followed, found: Bought) -> Bought:
    """What orders say, and of those who were forgotten since what they said before: their orders are nobody's now."""
    known = {
        customer: told
        for customer, *told in db.conn.execute(
            "SELECT b.customer_id, b.converted, b.revenue, b.before FROM bought b JOIN customers u "
            "ON u.id = b.customer_id WHERE b.campaign_id = ? AND u.merged_into IS u.id",
            [campaign_id],
        )
    }
    if not known:
        return found
    over, converted = found.over.copy(), found.converted.copy()
    revenue, before = found.revenue.copy(), found.before.copy()
    for i in np.flatnonzero(np.isin(followed.customer, list(known))):
        over[i] = True
        converted[i], revenue[i], before[i] = known[int(followed.customer[i])]
    return Bought(over, converted, revenue, before)


def forget_bought(db: Database, campaign_id: int) -> None:
    """Nobody of the campaign is known to have bought or not. Call in a transaction."""
    db.conn.execute("DELETE FROM bought WHERE campaign_id = ?", [campaign_id])


def campaigns_of(db: Database, people: Collection[int]) -> list[int]:
    """The approved campaigns that have these customers in them, sent to or held out, also under other numbers."""
    marks = ", ".join("?" * len(people))
    rows = db.conn.execute(
        "SELECT DISTINCT c.id FROM customers u JOIN (SELECT campaign_id, customer_id FROM sends UNION ALL "
        "SELECT campaign_id, customer_id FROM holdouts) s ON s.customer_id = u.id JOIN campaigns c "
        f"ON c.id = s.campaign_id WHERE c.status = 'approved' AND coalesce(u.merged_into, u.id) IN ({marks}) "
        "ORDER BY c.id",
        [*people],
    )
    return [id_ for (id_,) in rows]


def add(db: Database, campaign_id: int, import_id: int | None, found: Mapping[str, Any], at: datetime) -> None:
    db.conn.execute(
        "INSERT INTO matchings (campaign_id, import_id, found, at) VALUES (?, ?, ?, ?)",
        [campaign_id, import_id, json.dumps(found), at.isoformat()],
    )


def newest(db: Database, campaign_id: int) -> dict[str, Any] | None:
    """What was found last; None if orders were never asked."""
    row = db.conn.execute(
        "SELECT found FROM matchings WHERE campaign_id = ? ORDER BY id DESC LIMIT 1", [campaign_id]
    ).fetchone()
    if row is None:
        return None
    found: dict[str, Any] = json.loads(row[0])
    return found


def spent(db: Database, campaign_id: int) -> NDArray[np.float64]:
    """Of everybody whose window is over, a row each: held out (1) or not (0), spent in it, spent before it, and whether
    they got a message.
    """
    rows = db.conn.execute(
        f"SELECT s.held, s.revenue, s.before, NOT s.held AND NOT {NOT_GOT} FROM bought s WHERE s.campaign_id = ?",
        [campaign_id],
    ).fetchall()
    return np.array(rows, dtype=float).reshape(-1, 4)


def settings(db: Database, campaign_id: int) -> Settings:
    row = db.conn.execute(
        "SELECT days, used, complete_until FROM matching_settings WHERE campaign_id = ?", [campaign_id]
    ).fetchone()
    if row is None:
        return Settings()
    return Settings(row[0], row[1], None if row[2] is None else datetime.fromisoformat(row[2]))


def keep_settings(db: Database, campaign_id: int, settings: Settings) -> None:
    """Call in a transaction."""
    until = settings.complete_until
    db.conn.execute(
        "INSERT OR REPLACE INTO matching_settings (campaign_id, days, used, complete_until) VALUES (?, ?, ?, ?)",
        [campaign_id, settings.days, settings.used, None if until is None else until.isoformat(timespec="seconds")],
    )


def source(db: Database, campaign_id: int) -> str | None:
    """Where the reports that hold come from; None while there are none."""
    row = db.conn.execute(
        "SELECT t.source FROM tallies t JOIN variants v ON v.id = t.variant_id WHERE v.campaign_id = ? "
        "ORDER BY t.id DESC LIMIT 1",
        [campaign_id],
    ).fetchone()
    return None if row is None else str(row[0])


def told(db: Database, campaign_id: int) -> dict[str, Told]:
    """By label, what was told last, whether it holds or not."""
    rows = db.conn.execute(
        "SELECT v.label, t.conversions, t.sends, t.source FROM told_reports t JOIN variants v ON v.id = t.variant_id "
        "WHERE v.campaign_id = ? ORDER BY t.id",
        [campaign_id],
    )
    return {label: Told(*rest) for label, *rest in rows}


def tell(db: Database, campaign_id: int, label: str, what: Told, at: datetime) -> None:
    """Call in a transaction."""
    db.conn.execute(
        "INSERT INTO told_reports (variant_id, source, sends, conversions, at) "
        "SELECT id, ?, ?, ?, ? FROM variants WHERE campaign_id = ? AND label = ?",
        [what.source, what.sends, what.conversions, at.isoformat(), campaign_id, label],
    )


def approved(db: Database) -> list[int]:
    rows = db.conn.execute("SELECT id FROM campaigns WHERE status = 'approved' ORDER BY id")
    return [id_ for (id_,) in rows]


def _four(rows: Any) -> NDArray[Any]:
    return np.fromiter(
        rows, np.dtype([("customer", np.int64), ("person", np.int64), ("variant", np.int64), ("at", np.int64)])
    )
