"""What a campaign brought in money: those who got a message against those who were held out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from sqlite_utils import Database

from engine.experiments.intervals import Interval
from engine.experiments.money import Spending, cuped, welch
from engine.phrases import Money, Phrase, counted
from engine.store import imports, orders, outcomes
from engine.store.campaigns import Campaign

DAYS = 30  # after the approval that an order counts
FEWEST = 10  # people on either side, below which one order decides everything


@dataclass(frozen=True)
class HoldoutMoney:
    """More spent by each who got a message than by each who got none, and by all of them together.

    Money in the shop's currency, over `days` since the approval, for as long as orders are known; intervals are 95 %.
    `adjusted`: what both spent before is taken into account, because that made it more certain.
    """

    sent: int
    held: int
    days: int
    each: float
    each_interval: Interval
    total: float
    total_interval: Interval
    adjusted: bool
    sentence: Phrase


def holdout_money(db: Database, campaign: Campaign) -> HoldoutMoney | None:
    """None where nobody, or hardly anybody, was held out, or no order since is known."""
    last = orders.last_order_at(db)
    if campaign.decided_at is None or last is None:
        return None
    start = campaign.decided_at.astimezone().replace(tzinfo=None)
    end = min(start + timedelta(days=DAYS), last.to_pydatetime() + timedelta(seconds=1))
    if end <= start:
        return None
    rows = np.array(outcomes.spent(db, campaign.id, start, end), dtype=float).reshape(-1, 2)
    past = np.array(outcomes.spent(db, campaign.id, start - (end - start), start), dtype=float).reshape(-1, 2)
    groups = (rows[rows[:, 0] == 0, 1], rows[rows[:, 0] == 1, 1])
    if min(group.size for group in groups) < FEWEST:
        return None
    before = (past[past[:, 0] == 0, 1], past[past[:, 0] == 1, 1])
    adjusted = cuped(groups, before)
    held, sent = map(Spending.of, adjusted.amounts if adjusted.helps else groups)
    found = welch(held, sent)
    low, high = found.interval()
    n, days = sent.n, max(1, round((end - start) / timedelta(days=1)))
    total, whole = n * found.estimate, Interval(n * low, n * high)
    said = _said(n, held.n, days, total, whole, imports.currency(db))
    each = Interval(low, high)
    return HoldoutMoney(n, held.n, days, found.estimate, each, total, whole, adjusted.helps, said)


def _said(sent: int, held: int, days: int, total: float, whole: Interval, currency: str | None) -> Phrase:
    low, high = Money(whole.low, currency), Money(whole.high, currency)
    if whole.low > 0:
        return counted(
            "The messages brought about {total:0} more in {n} day than without them, most likely between {low:0} and "
            "{high:0}: {sent} people who got one against {held} who got none.",
            "The messages brought about {total:0} more in {n} days than without them, most likely between {low:0} and "
            "{high:0}: {sent} people who got one against {held} who got none.",
            n=days,
            total=Money(total, currency),
            low=low,
            high=high,
            sent=sent,
            held=held,
        )
    if whole.high < 0:
        return counted(
            "Those who got a message bought less than those who got none: {total:0} less in {n} day, most likely "
            "between {low:0} and {high:0}.",
            "Those who got a message bought less than those who got none: {total:0} less in {n} days, most likely "
            "between {low:0} and {high:0}.",
            n=days,
            total=Money(-total, currency),
            low=Money(-whole.high, currency),
            high=Money(-whole.low, currency),
        )
    return counted(
        "Whether the messages brought money cannot be told: over {n} day it is anything from {low:0} to {high:0} "
        "({sent} people who got one against {held} who got none).",
        "Whether the messages brought money cannot be told: over {n} days it is anything from {low:0} to {high:0} "
        "({sent} people who got one against {held} who got none).",
        n=days,
        low=low,
        high=high,
        sent=sent,
        held=held,
    )
