"""The verdict by each campaign's newest report, and which one its owner has been told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

NOTHING_YET = "not yet"
UNKNOWN = ""  # a verdict that has not been worked out


@dataclass(frozen=True)
class StoredVerdict:
    """`best` is a label. `tally` is the newest report that it goes by."""

    tally: int
    state: str
    best: str | None
    told_state: str
    told_best: str | None

    @property
    def is_news(self) -> bool:
        return (self.state, self.best) != (self.told_state, self.told_best)


def of(db: Database, campaign_id: int) -> StoredVerdict | None:
    """None while nothing has been reported, or looked at."""
    row = db.conn.execute(
        "SELECT tally_id, state, best, told_state, told_best FROM verdicts WHERE campaign_id = ?", [campaign_id]
    ).fetchone()
    return None if row is None else StoredVerdict(*row)


def newest_tally(db: Database, campaign_id: int) -> int | None:
    row = db.conn.execute(
        "SELECT max(t.id) FROM tallies t JOIN variants v ON v.id = t.variant_id WHERE v.campaign_id = ?", [campaign_id]
    ).fetchone()
    return None if row[0] is None else int(row[0])


def out_of_date(db: Database) -> list[int]:
    """Approved campaigns with a report that their stored verdict does not go by, the oldest first."""
    rows = db.conn.execute(
        "SELECT c.id FROM campaigns c JOIN variants v ON v.campaign_id = c.id JOIN tallies t ON t.variant_id = v.id "
        "LEFT JOIN verdicts f ON f.campaign_id = c.id WHERE c.status = 'approved' GROUP BY c.id "
        "HAVING max(t.id) > coalesce(max(f.tally_id), 0) ORDER BY c.id"
    )
    return [id_ for (id_,) in rows]


def put(db: Database, campaign_id: int, tally: int, state: str, best: str | None) -> None:
    """The verdict by a report; what the owner was told stays. Call in a transaction.

    A verdict of reports that were there before anybody looked is no news.
    """
    db.conn.execute(
        "INSERT INTO verdicts (campaign_id, tally_id, state, best, told_state) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (campaign_id) DO UPDATE SET tally_id = excluded.tally_id, state = excluded.state, "
        "best = excluded.best, "
        "told_best = iif(told_state = '' AND tally_id = excluded.tally_id, excluded.best, told_best), "
        "told_state = iif(told_state <> '', told_state, "
        "iif(tally_id = excluded.tally_id, excluded.state, excluded.told_state))",
        [campaign_id, tally, state, best, NOTHING_YET],
    )


def news(db: Database) -> list[int]:
    """Campaigns whose owner has not been told the verdict."""
    rows = db.conn.execute(
        "SELECT campaign_id FROM verdicts WHERE state <> ? AND (state, coalesce(best, '')) <> "
        "(told_state, coalesce(told_best, '')) ORDER BY campaign_id",
        [UNKNOWN],
    )
    return [id_ for (id_,) in rows]


def tell(db: Database, campaign_id: int, state: str, best: str | None, at: datetime | None) -> bool:
    """The owner has been told this verdict; False if that was known. Call in a transaction."""
    return bool(
        db.conn.execute(
            "UPDATE verdicts SET told_state = ?1, told_best = ?2, told_at = ?3 WHERE campaign_id = ?4 "
            "AND (told_state <> ?1 OR told_best IS NOT ?2)",
            [state, best, None if at is None else at.isoformat(), campaign_id],
        ).rowcount
    )
