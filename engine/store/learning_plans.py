"""What campaigns are to show: a plan made with the draft, and longer ones that took its place."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from engine.experiments.plan import LearningPlan


def add(db: Database, campaign_id: int, plan: LearningPlan, at: datetime) -> None:
    """Store the plan of a new draft. Call in a transaction."""
    db.conn.execute(
        "INSERT INTO learning_plans (campaign_id, from_send, sends, base, better, at) VALUES (?, 0, ?, ?, ?, ?)",
        [campaign_id, plan.sends, plan.base, plan.better, at.isoformat()],
    )


def extend(db: Database, campaign_id: int, from_send: int, sends: int, at: datetime) -> None:
    """From so many messages on, all variants together, `sends` to each are planned. Call in a transaction.

    Before that it must not be chosen by outcomes of messages from there on.
    """
    db.conn.execute(
        "INSERT OR REPLACE INTO learning_plans (campaign_id, from_send, sends, base, better, at) "
        "SELECT campaign_id, ?, ?, base, better, ? FROM learning_plans WHERE campaign_id = ? AND from_send = 0",
        [from_send, sends, at.isoformat(), campaign_id],
    )


def of(db: Database, campaign_id: int) -> LearningPlan | None:
    """None of a campaign from before there were plans."""
    rows = db.conn.execute(
        "SELECT from_send, sends, base, better FROM learning_plans WHERE campaign_id = ? ORDER BY from_send",
        [campaign_id],
    ).fetchall()
    if not rows:
        return None
    (_, sends, base, better), *longer = rows
    return LearningPlan(sends, base, better, tuple((start, more) for start, more, _, _ in longer))


def rate_so_far(db: Database) -> tuple[int, int]:
    """Conversions and messages that all approved campaigns have reported, by the newest report of each variant."""
    wins, n = db.conn.execute(
        "SELECT coalesce(sum(t.conversions), 0), coalesce(sum(t.sends), 0) FROM tallies t "
        "JOIN variants v ON v.id = t.variant_id JOIN campaigns c ON c.id = v.campaign_id "
        "WHERE c.status = 'approved' AND t.id = (SELECT max(id) FROM tallies WHERE variant_id = v.id)"
    ).fetchone()
    return int(wins), int(n)
