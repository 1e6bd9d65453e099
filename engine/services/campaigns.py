"""Draft a campaign, look at it, decide on it, and get the list to send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from engine import columns as c
from engine import store
from engine.campaigns import messages, templates
from engine.campaigns.audience import SAME_PERSON, UNSUBSCRIBED_SINCE, unsubscribed
from engine.campaigns.drafts import CampaignLine, Draft
from engine.campaigns.templates import Goal
from engine.errors import NotAllowed, NotFound
from engine.experiments.modes import DEFAULT, way_named
from engine.intake import words
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.services.campaign_card import card
from engine.services.campaign_draft import CHANNEL, composed, first_choices, segment_of, texts_for
from engine.services.files import write_out
from engine.services.message_settings import settings_of
from engine.services.segment_rules import as_of_now
from engine.services.templates import kept, library
from engine.sheets import Say, csv_sheet
from engine.shop import Shop
from engine.store import campaigns, customers, learning_plans, trail
from engine.store.campaigns import Campaign

# the columns of the list to send
LIST = (Phrase("customer"), Phrase("name"), Phrase("email"), Phrase("phone"), Phrase("version"), Phrase("text"))


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
            return card(db, _found(db, int(done)))
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
            trail.add(db, at=made.plan.drafted_at, who=who, deed="drafted", subject=str(id_), cause=shop.cause)
        return card(db, _found(db, id_))


def show_campaign(shop: Shop, campaign_id: int) -> Draft:
    """A campaign as it is stored. Raises NotFound."""
    with shop.open() as db:
        return card(db, _found(db, campaign_id))


def list_campaigns(shop: Shop) -> tuple[CampaignLine, ...]:
    """All campaigns, the newest first."""
    with shop.open() as db:
        sizes = campaigns.sizes(db)
        return tuple(
            CampaignLine(
                campaign.id,
                campaign.status,
                campaign.plan.segment_name,
                campaign.plan.goal,
                templates.title(campaign.plan.goal),
                campaign.plan.language,
                *sizes[campaign.id],
                campaign.plan.drafted_at,
                campaign.decided_at,
            )
            for campaign in campaigns.every(db)
        )


def approve_campaign(shop: Shop, campaign_id: int, *, who: str) -> Draft:
    """Approve exactly what the draft says, less whoever has unsubscribed or turned out to be in it twice since.

    Raises NotFound, or NotAllowed if it was decided before or nobody is left.
    """
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, "approved", shop.cause)
        if done is not None:
            return card(db, _found(db, int(done)))
        campaign = _undecided(db, campaign_id)
        recipients = campaigns.recipients(db, campaign.id)[c.CUSTOMER].to_numpy(np.int64)
        gone = unsubscribed(recipients, customers.consent(db, campaign.plan.channel))
        if gone.size == recipients.size:
            raise NotAllowed(
                Phrase(
                    "Everybody in campaign {id} has unsubscribed since it was drafted; drop it.", id=str(campaign.id)
                )
            )
        campaigns.take_out(db, campaign.id, dict.fromkeys(gone.tolist(), UNSUBSCRIBED_SINCE.message))
        campaigns.take_out(db, campaign.id, dict.fromkeys(campaigns.doubles(db, campaign.id), SAME_PERSON.message))
        return _decided(db, shop, campaign, "approved", who)


def drop_campaign(shop: Shop, campaign_id: int, *, who: str) -> Draft:
    """Give a draft up; it stays to be looked at. Raises NotFound, or NotAllowed if it was decided before."""
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, "dropped", shop.cause)
        if done is not None:
            return card(db, _found(db, int(done)))
        return _decided(db, shop, _undecided(db, campaign_id), "dropped", who)


def export_campaign(shop: Shop, campaign_id: int, out: Path | str | None = None, say: Say = str) -> Path:
    """Write the list to send as CSV, without whoever has unsubscribed by now; where it was written.

    `out` is a file or a folder; None is a file among the shop's own. A CSV that is there is replaced.
    Raises NotFound, or NotAllowed if the campaign is not approved, nobody is left or the file cannot be written.
    """
    with shop.open() as db:
        campaign = _found(db, campaign_id)
        if campaign.status != "approved":
            raise NotAllowed(
                Phrase(
                    "Campaign {id} is not approved, so there is no list to send; approve it first.", id=str(campaign.id)
                )
                if campaign.status == "draft"
                else Phrase(
                    "Campaign {id} was dropped, so there is no list to send; draft a new one.", id=str(campaign.id)
                )
            )
        to_send = campaigns.messages(db, campaign.id)
        consent = customers.consent(db, campaign.plan.channel)
    gone = set(unsubscribed(np.array([message.customer for message in to_send], np.int64), consent).tolist())
    left = [message for message in to_send if message.customer not in gone]
    if not left:
        raise NotAllowed(
            Phrase("Everybody in campaign {id} has unsubscribed; there is nobody to send to.", id=str(campaign.id))
        )
    rows = ((m.customer_key, m.name, _whole(m.email), _whole(m.phone), m.label, m.text) for m in left)
    return write_out(shop, f"campaign-{campaign.id}.csv", csv_sheet(LIST, rows, say), out)


def _whole(contact: str | None) -> str | None:
    """An e-mail or phone to write to; none where a part of it is hidden (186******05)."""
    return None if contact is None or words.is_masked(contact) else contact


def _found(db: Database, id_: int) -> Campaign:
    campaign = campaigns.by_id(db, id_)
    if campaign is None:
        there = tuple(str(campaign.id) for campaign in reversed(campaigns.every(db)))
        raise NotFound(
            Phrase("There is no campaign {id}; there are: {campaigns}.", id=str(id_), campaigns=there)
            if there
            else Phrase("There is no campaign {id}; none has been drafted yet.", id=str(id_))
        )
    return campaign


def _undecided(db: Database, id_: int) -> Campaign:
    campaign = _found(db, id_)
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
    campaigns.decide(db, campaign.id, status=status, at=at, who=who)
    trail.add(db, at=at, who=who, deed=status, subject=str(campaign.id), cause=shop.cause)
    return card(db, _found(db, campaign.id))
