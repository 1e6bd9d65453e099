"""What a shop could put into a pool: its finished campaigns, counted as the round says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlite_utils import Database

from engine.campaigns import templates
from engine.errors import NotAllowed, TooLittleData
from engine.phrases import Phrase
from engine.privacy.pool.counts import Counted, Counts, counts
from engine.privacy.pool.terms import ANY, Terms
from engine.shop import Shop
from engine.store import pools as stored
from engine.store.pools import FinishedVersion

FINISHED_DAYS = 14


def own_counts(shop: Shop, db: Database, terms: Terms) -> Counts:
    """Of campaigns whose approval is two weeks old. Raises TooLittleData where there is none to count.

    A shop that has nothing to count must not make the pool look larger than it is.
    """
    rows = stored.finished_versions(db, shop.now() - timedelta(days=FINISHED_DAYS))
    found = counts(
        terms,
        [
            Counted(row.campaign, row.goal, _traits(row), row.conversions, row.sends)
            for row in rows
            if terms.channel in (ANY, row.channel)
        ],
    )
    if not any(found.numbers):
        raise TooLittleData(
            Phrase(
                "You have no campaign yet that this pool could count: it takes those for {goals} with two versions or "
                "more and outcomes told, {n} days after you approved them.",
                goals=tuple(templates.title(goal) for goal in terms.goals),
                n=FINISHED_DAYS,
            )
        )
    return found


def _traits(row: FinishedVersion) -> Mapping[str, str]:
    try:
        return templates.parsed(
            row.source, name=row.template, goal=row.goal, channel=row.channel, language=row.language
        ).traits
    except NotAllowed:
        return {}
