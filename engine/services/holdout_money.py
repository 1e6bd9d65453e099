"""What a campaign brought in money: those who got a message against those who were held out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from engine.experiments.intervals import Interval
from engine.experiments.money import Spending, cuped, welch
from engine.phrases import Money, Phrase, counted
from engine.store import imports, matching, outcomes
from engine.store.campaigns import Campaign

DAYS = 30  # after the approval that an order counts
Spent = NDArray[np.float64]  # a row each: held out (1) or not, spent since, spent before, whether they got a message
FEWEST = 10  # people on either side, below which one order decides everything


@dataclass(frozen=True)
class HoldoutMoney:
    """More spent by each who got a message than by each who got none, and by all of them together.

    Money in the shop's currency, over `days` since the message; intervals are 95 %. `unsent` more were to get one, and
    did not: they are compared as well, since those held out have people like them, too (to treat is what was drawn).
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
    unsent: int = 0


def holdout_money(db: Database, campaign: Campaign, now: datetime) -> HoldoutMoney | None:
    """None where nobody, or hardly anybody, was held out, or no order since is known until `now`, in local time.

    People whose days after the message are not over are left out, once it is known when each message went out.
    """
    matched = matching.newest(db, campaign.id)
    known = _since_approval(db, campaign, now) if matched is None else _matched(db, campaign, int(matched["days"]))
    if known is None:
        return None
    rows, days = known
    groups = (rows[rows[:, 0] == 1, 1], rows[rows[:, 0] == 0, 1])
    got = int(rows[:, 3].sum())
    if min(groups[0].size, got) < FEWEST:
        return None
    before = (rows[rows[:, 0] == 1, 2], rows[rows[:, 0] == 0, 2])
    adjusted = cuped(groups, before)
    held, sent = map(Spending.of, adjusted.amounts if adjusted.helps else groups)
    found = welch(held, sent)
    low, high = found.interval()
    n = sent.n
    total, whole = n * found.estimate, Interval(n * low, n * high)
    said = _said(got, held.n, days, total, whole, imports.currency(db))
    if n > got:
        said = _with_unsent(said, n - got)
    each = Interval(whole.low / got, whole.high / got)
    return HoldoutMoney(got, held.n, days, total / got, each, total, whole, adjusted.helps, said, n - got)


def _with_unsent(said: Phrase, n: int) -> Phrase:
    return counted(
        "{said} {n} who was to get one and did not is compared as well, or it would be unfair to those held out.",
        "{said} {n} who were to get one and did not are compared as well, or it would be unfair to those held out.",
        n=n,
        said=said,
    )


def _matched(db: Database, campaign: Campaign, days: int) -> tuple[Spent, int] | None:
    """What each spent within their own window, of those whose window is over; None if nobody's is."""
    rows = matching.spent(db, campaign.id)
    return (rows, days) if rows.size else None


def _since_approval(db: Database, campaign: Campaign, now: datetime) -> tuple[Spent, int] | None:
    """What each spent since the approval, for a campaign of which it is not known what went out when."""
    last = matching.last_order(db, now)
    if campaign.decided_at is None or last is None:
        return None
    start = campaign.decided_at.astimezone().replace(tzinfo=None)
    end = min(start + timedelta(days=DAYS), last + timedelta(seconds=1))
    if end <= start:
        return None
    after = np.array(outcomes.spent(db, campaign.id, start, end), dtype=float).reshape(-1, 3)
    past = np.array(outcomes.spent(db, campaign.id, start - (end - start), start), dtype=float).reshape(-1, 3)
    rows = np.column_stack([1 - after[:, 0], after[:, 1], past[:, 1], after[:, 2]])
    return rows, max(1, round((end - start) / timedelta(days=1)))


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
