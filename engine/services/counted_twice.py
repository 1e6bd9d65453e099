"""Orders that count for several campaigns at once, because their days overlap."""

from __future__ import annotations

import numpy as np
from sqlite_utils import Database

from engine.campaigns import matching
from engine.campaigns.matching import DAY, Followed
from engine.phrases import Phrase, counted
from engine.services.approvals import found as campaign_found
from engine.services.orders_looked_up import known_of, local, sent_of
from engine.store import matching as stored
from engine.store.campaigns import Campaign


def counted_twice(db: Database, campaign: Campaign) -> tuple[Phrase, ...]:
    """Which orders that count for this campaign count for others as well, whose days overlap with its own."""
    mine, here = known_of(db, campaign.id), _sent_people(db, campaign)
    if mine is None or here is None:
        return ()
    sales, said = None, []
    for other in (campaign_found(db, id_) for id_ in stored.approved(db) if id_ != campaign.id):
        known = known_of(db, other.id)
        if known is None or known.start >= mine.end or mine.start >= known.end:
            continue
        there = _sent_people(db, other)
        if there is None or not np.isin(here.person, there.person).any():
            continue
        if sales is None:
            first, last = int(here.start.min()), int(here.start.max())
            sales = stored.sales(db, first - 2 * DAY, last + (mine.days + 2) * DAY)
        n = matching.n_shared((here, mine.days), (there, known.days), sales)
        if n:
            said.append(
                counted(
                    "{n} of these orders counts for campaign {id} as well, as its days overlap with these.",
                    "{n} of these orders count for campaign {id} as well, as its days overlap with these.",
                    n=n,
                    id=str(other.id),
                )
            )
    return tuple(said)


def _sent_people(db: Database, campaign: Campaign) -> Followed | None:
    """Who got a message of the campaign; None if nobody did."""
    sent = sent_of(db, campaign)
    if not sent.size:
        return None
    return Followed.of(sent["customer"], sent["person"], np.zeros(sent.size, np.int64), local(sent["at"]))
