"""People who have come into a campaign's audience since it was drafted: they join those who wait, for a longer test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from engine import columns as c
from engine import store
from engine.campaigns.audience import reasons_told
from engine.campaigns.holdout import split
from engine.errors import NotAllowed
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.services.approvals import APPROVED, found, refuse_strangers, refuse_while_undo
from engine.services.campaign_draft import first_choices
from engine.services.contact import let_in
from engine.services.segment_rules import as_of_now
from engine.shop import Shop
from engine.store import campaigns, sends, trail, waves
from engine.store.campaigns import Campaign
from engine.store.segments import StoredSegment, by_id, latest
from engine.store.waves import Wave

JOINED = "newcomers joined"


@dataclass(frozen=True)
class Newcomers:
    """`n` people wait now who did not before, `held` of the newcomers are held back; the others are left out, by
    reason.
    """

    campaign: int
    n: int
    held: int
    left_out: Mapping[str, int]


def take_in_newcomers(shop: Shop, campaign_id: int, *, who: str = "owner", progress: Progress = silent) -> Newcomers:
    """Who is in the audience now and was not when the campaign was drafted waits for its next wave from now on.

    The same share of them is held back as of the others.
    Raises NotFound, NotAllowed if the campaign has not gone out, goes by what people are like, or nobody is new.
    """
    with shop.open() as db:
        segment = _audience(shop, db, _going_out(shop, db, campaign_id))
    picks = first_choices(shop, segment.id, progress)
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, JOINED, shop.cause)
        refuse_strangers(db, who)
        campaign = _going_out(shop, db, campaign_id)
        people = campaigns.people(db, segment.id)
        there = waves.in_campaign(db, campaign.id)
        new = people[~people[c.CUSTOMER].isin(there)]
        if not len(new) and done is None:
            raise NotAllowed(
                Phrase(
                    "Nobody has come into “{segment}” since campaign {id} was drafted.",
                    segment=campaign.plan.segment_name,
                    id=str(campaign.id),
                )
            )
        allowed = let_in(shop, db, new, campaign.plan.channel, but=campaign.id)
        reasons = dict(Counter(allowed.excluded.values()).most_common())
        if not allowed.included.size:
            if done is not None:
                return Newcomers(campaign.id, 0, 0, {})
            raise _nobody(campaign, reasons)
        rng = np.random.default_rng([campaign.plan.seed, len(there), 7])
        waiting, held = split(allowed.included, campaign.plan.holdout_share, rng)
        _begin(db, campaign)
        first = sends.last_position(db, campaign.id) + 1
        waves.join(db, campaign.id, waiting.tolist(), held.tolist(), picks, first)
        trail.add(db, at=shop.now(), who=who, deed=JOINED, subject=str(campaign.id), cause=shop.cause)
        return Newcomers(campaign.id, int(waiting.size), int(held.size), reasons)


def _going_out(shop: Shop, db: Database, campaign_id: int) -> Campaign:
    campaign = found(db, campaign_id)
    if campaign.status != APPROVED:
        raise NotAllowed(
            Phrase("Campaign {id} is not approved: others can join it once it has gone out.", id=str(campaign.id))
        )
    if sends.goes_by_person(db, campaign.id):
        raise NotAllowed(
            Phrase(
                "Campaign {id} goes by what each person was like when it was drafted; draft a new one for newcomers.",
                id=str(campaign.id),
            )
        )
    refuse_while_undo(shop, db, campaign)
    return campaign


def _audience(shop: Shop, db: Database, campaign: Campaign) -> StoredSegment:
    """The campaign's segment as it is now: in the newest run if that has one of the same key."""
    plan = campaign.plan
    newest = latest(db)
    same = None if newest is None else next((one for one in newest.segments if one.key == plan.segment_key), None)
    drafted = None if plan.segment_id is None else by_id(db, plan.segment_id)
    if drafted is not None:
        now = as_of_now(shop, db, drafted)
        if now.id != drafted.id or same is None:
            return now
    if same is None:
        raise NotAllowed(
            Phrase(
                "The people that campaign {id} was drafted for are no longer a group; draft a new one.",
                id=str(campaign.id),
            )
        )
    return same


def _begin(db: Database, campaign: Campaign) -> None:
    """What has gone to everybody at once was the first wave."""
    if not waves.of(db, campaign.id) and campaign.decided_at is not None:
        n = waves.n_messages(db, campaign.id)
        waves.add(db, campaign.id, Wave(1, n, 0, 1, campaign.decided_at, campaign.decided_by or ""))


def _nobody(campaign: Campaign, reasons: Mapping[str, int]) -> NotAllowed:
    return NotAllowed(
        counted(
            "The {n} person who has come into “{segment}” since may not be written to ({reasons}).",
            "None of the {n} people who have come into “{segment}” since may be written to ({reasons}).",
            n=sum(reasons.values()),
            segment=campaign.plan.segment_name,
            reasons=reasons_told(reasons),
        )
    )
