"""Draft a campaign, look at it, decide on it; the list to send is in `services/campaign_lists.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlite_utils import Database

from engine import columns as c
from engine import store
from engine.campaigns import messages, templates
from engine.campaigns.audience import SAME_PERSON, UNSUBSCRIBED_SINCE, unsubscribed
from engine.campaigns.drafts import CampaignLine, Draft
from engine.campaigns.rules.words import UNDO
from engine.campaigns.templates import Goal
from engine.errors import NotAllowed
from engine.experiments.modes import DEFAULT, way_named
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.services.approvals import (
    APPROVED,
    UNDONE,
    found,
    refuse_outsiders,
    refuse_stale_draft,
    refuse_strangers,
    undo_until,
)
from engine.services.campaign_card import card
from engine.services.campaign_draft import CHANNEL, composed, first_choices, segment_of, texts_for
from engine.services.campaign_states import line_of
from engine.services.contact import let_in, of_shop
from engine.services.first_wave import begin_waves
from engine.services.message_settings import settings_of
from engine.services.segment_rules import as_of_now
from engine.services.templates import kept, library
from engine.shop import Shop
from engine.store import campaigns, customers, deliveries, learning_plans, matching, sends, trail, waves
from engine.store.campaigns import Campaign


@dataclass(frozen=True)
class SampleText:
    """One variant with blanks for what differs from customer to customer; an e-mail has a subject."""

    name: str
    title: str
    text: str
    subject: str | None = None


def goals(shop: Shop) -> tuple[Goal, ...]:
    """What a campaign can be for, with the variants there are."""
    with shop.open() as db:
        return templates.goals(library(db))


def sample_texts(shop: Shop, goal: str, language: str, channel: str = CHANNEL) -> tuple[SampleText, ...]:
    """Each variant of a goal that there is on a channel in a language, by name.

    Raises NotFound for a goal, channel or language that there is not.
    """
    with shop.open() as db:
        texts = texts_for(db, goal, language, channel=channel)
        of_shop = settings_of(db).facts
    blanks = messages.BLANKS.get(language, messages.BLANKS["en"])
    facts = replace(of_shop, name=blanks.name, product=blanks.product)
    written = messages.write_all(texts, range(len(texts)), [facts] * len(texts))
    return tuple(
        SampleText(text.name, text.title.in_language(language), sample.text, sample.subject)
        for text, sample in zip(texts, written, strict=True)
    )


def draft_campaign(
    shop: Shop,
    *,
    segment_id: int,
    goal: str,
    language: str = "en",
    channel: str = CHANNEL,
    variants: Sequence[str] | None = None,
    policy: str = DEFAULT,
    holdout: float | None = None,
    who: str = "owner",
    progress: Progress = silent,
) -> Draft:
    """Who of the segment would get what, stored as it stands; nothing is sent.

    `variants` are names of templates, None all there are; `policy` is a way to share them out, one of `ways()` or any
    policy, with a mode after a colon or without; `holdout` a share of the audience, None the usual one.
    Raises NotFound for a segment, goal, language, channel, variant or policy that there is not, NotAllowed if nobody
    may be written to.
    """
    with shop.open() as db:
        done = trail.done_before(db, "drafted", shop.cause)
        if done is not None:
            return card(shop, db, found(db, int(done)))
        segment = as_of_now(shop, db, segment_of(db, segment_id))
        texts = texts_for(db, goal, language, variants, channel)
    way_named(policy)  # an unknown one is refused before the long work
    picks = first_choices(shop, segment_id, progress)
    progress(Phrase("Writing the messages"), 0.5)
    with shop.open() as db:
        with store.transaction(db):
            texts = kept(db, shop, texts)
        made = composed(shop, db, segment, texts, picks, policy=policy, holdout=holdout)
        progress(Phrase("Saving the draft"), 0.9)
        with store.transaction(db):
            refuse_outsiders(db, who)
            id_ = campaigns.add(
                db,
                made.plan,
                variants=made.variants,
                sends=made.sends,
                held=made.held,
                excluded=made.excluded,
                cause=shop.cause,
            )
            learning_plans.add(db, id_, made.learning, made.plan.drafted_at)
            sends.put_contexts(db, id_, made.like)
            trail.add(db, at=made.plan.drafted_at, who=who, deed="drafted", subject=str(id_), cause=shop.cause)
        return card(shop, db, found(db, id_))


def show_campaign(shop: Shop, campaign_id: int) -> Draft:
    """A campaign as it is stored. Raises NotFound."""
    with shop.open() as db:
        return card(shop, db, found(db, campaign_id))


def list_campaigns(shop: Shop) -> tuple[CampaignLine, ...]:
    """All campaigns, the newest first."""
    with shop.open() as db:
        sizes, waiting = campaigns.sizes(db), waves.all_waiting(db)
        return tuple(
            line_of(campaign, sizes[campaign.id], waiting.get(campaign.id, 0)) for campaign in campaigns.every(db)
        )


def approve_campaign(shop: Shop, campaign_id: int, *, who: str) -> Draft:
    """Approve exactly what the draft says, less whoever has unsubscribed or turned out to be in it twice since.

    Where a part is to get the message first, the others wait for `approve_wave`.
    Raises NotFound, or NotAllowed if it was decided before or nobody is left.
    """
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, APPROVED, shop.cause)
        if done is not None:
            return card(shop, db, found(db, int(done)))
        refuse_strangers(db, who)
        campaign = _undecided(db, campaign_id)
        refuse_stale_draft(shop, db, campaign)
        campaigns.take_out(db, campaign.id, _no_longer_let_in(shop, db, campaign))
        campaigns.take_out(db, campaign.id, dict.fromkeys(campaigns.doubles(db, campaign.id), SAME_PERSON.message))
        begin_waves(shop, db, campaign, who)
        return _decided(db, shop, campaign, APPROVED, who)


def _no_longer_let_in(shop: Shop, db: Database, campaign: Campaign) -> dict[int, str]:
    """Whom the rules let in at the draft and do not now, with the reason. Raises NotAllowed if that is everybody."""
    recipients = campaigns.recipients(db, campaign.id)[c.CUSTOMER].to_numpy(np.int64)
    gone = unsubscribed(recipients, customers.consent(db, campaign.plan.channel)).tolist()
    people = campaigns.people_written_to(db, campaign.id)
    known = set(recipients.tolist())
    out = let_in(shop, db, people, campaign.plan.channel, but=campaign.id).excluded
    reasons = {customer: reason for customer, reason in out.items() if customer in known}
    reasons |= dict.fromkeys(gone, UNSUBSCRIBED_SINCE.message)
    if len(gone) == recipients.size:
        raise NotAllowed(
            Phrase("Everybody in campaign {id} has unsubscribed since it was drafted; drop it.", id=str(campaign.id))
        )
    if len(reasons) == recipients.size:
        raise NotAllowed(
            Phrase("By now nobody in campaign {id} may be written to any more; drop it.", id=str(campaign.id))
        )
    return reasons


def drop_campaign(shop: Shop, campaign_id: int, *, who: str) -> Draft:
    """Give a draft up; it stays to be looked at. Raises NotFound, or NotAllowed if it was decided before."""
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, "dropped", shop.cause)
        if done is not None:
            return card(shop, db, found(db, int(done)))
        refuse_strangers(db, who)
        return _decided(db, shop, _undecided(db, campaign_id), "dropped", who)


def undo_approval(shop: Shop, campaign_id: int, *, who: str) -> Draft:
    """Take an approval back while that is possible: the campaign is a draft again.

    Whoever was taken out at the approval stays out. A list that was written meanwhile is void.
    Raises NotFound, NotAllowed when it is too late, something has been sent, or the owner told what came of it.
    """
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, UNDONE, shop.cause)
        if done is not None:
            return card(shop, db, found(db, int(done)))
        refuse_strangers(db, who)
        campaign = found(db, campaign_id)
        if campaign.status != APPROVED:
            raise NotAllowed(
                Phrase("Campaign {id} is not approved, so there is nothing to take back.", id=str(campaign.id))
            )
        gone = [way for way, state in deliveries.counts(db, campaign.id) if not way.startswith(deliveries.LIST)]
        if gone:
            raise NotAllowed(
                Phrase("Messages of campaign {id} have gone out; they cannot be called back.", id=str(campaign.id))
            )
        if matching.told(db, campaign.id):
            raise NotAllowed(
                Phrase(
                    "You have told what came of campaign {id}, so it was sent; its approval cannot be taken back.",
                    id=str(campaign.id),
                )
            )
        if undo_until(shop, db, campaign) is None:
            raise NotAllowed(
                counted(
                    "An approval can be taken back for {n} minute; that of campaign {id} is older.",
                    "An approval can be taken back for {n} minutes; that of campaign {id} is older.",
                    n=of_shop(db, UNDO),
                    id=str(campaign.id),
                )
            )
        deliveries.take_back_lists(db, campaign.id)
        waves.undo(db, campaign.id)
        campaigns.undecide(db, campaign.id)
        trail.add(db, at=shop.now(), who=who, deed=UNDONE, subject=str(campaign.id), cause=shop.cause)
        return card(shop, db, found(db, campaign.id))


def _undecided(db: Database, id_: int) -> Campaign:
    campaign = found(db, id_)
    if campaign.status == "approved":
        raise NotAllowed(
            Phrase(
                "Campaign {id} was approved on {at:%Y-%m-%d %H:%M} already; nothing was changed.",
                id=str(id_),
                at=campaign.decided_at,
            )
        )
    if campaign.status == "dropped":
        raise NotAllowed(
            Phrase(
                "Campaign {id} was dropped on {at:%Y-%m-%d %H:%M}; draft a new one instead.",
                id=str(id_),
                at=campaign.decided_at,
            )
        )
    return campaign


def _decided(db: Database, shop: Shop, campaign: Campaign, status: str, who: str) -> Draft:
    at = shop.now()
    price = settings_of(db).sms_price
    campaigns.decide(db, campaign.id, status=status, at=at, who=who, sms_price=price)
    trail.add(db, at=at, who=who, deed=status, subject=str(campaign.id), cause=shop.cause)
    return card(shop, db, found(db, campaign.id))
