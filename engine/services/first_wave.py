"""The first wave of a campaign: which share of its people gets the message first is chosen on the draft."""

from __future__ import annotations

import numpy as np
from sqlite_utils import Database

from engine import store
from engine.campaigns.drafts import LABEL, Draft
from engine.campaigns.waves import first_wave, share_said
from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.services.approvals import found, refuse_strangers
from engine.services.campaign_card import card
from engine.shop import Shop
from engine.store import campaigns, sends, trail, waves
from engine.store.campaigns import Campaign
from engine.store.waves import Wave

PART = "part first"


def set_first_wave(shop: Shop, campaign_id: int, share: str, *, who: str = "owner") -> Draft:
    """Of a draft: this share of its people gets the message first (20%), or all at once (all).

    Raises NotFound, NotAllowed for a share that is none, or a campaign that was decided on.
    """
    with shop.open() as db, store.transaction(db):
        refuse_strangers(db, who)
        campaign = found(db, campaign_id)
        if trail.done_before(db, PART, shop.cause) is not None:
            return card(shop, db, campaign)
        if campaign.status != "draft":
            raise NotAllowed(
                Phrase(
                    "Campaign {id} is no draft any more, so who gets it first cannot be changed. Waves that are still "
                    "to come: /wave {id}",
                    id=str(campaign.id),
                )
            )
        wanted = share_said(share)
        if wanted is not None and waves.n_messages(db, campaign.id) < 2:
            raise NotAllowed(Phrase("One person alone cannot be sent to in parts."))
        if wanted != campaign.first_share:
            waves.set_first_share(db, campaign.id, wanted)
            trail.add(db, at=shop.now(), who=who, deed=PART, subject=str(campaign.id), cause=shop.cause)
        return card(shop, db, found(db, campaign.id))


def begin_waves(shop: Shop, db: Database, campaign: Campaign, who: str) -> None:
    """Of a draft that is being approved: who is not in the first wave waits. Call in the transaction."""
    recipients = campaigns.recipients(db, campaign.id)
    if campaign.first_share is None or len(recipients) < 2:
        return
    variants = [variant.label for variant in campaigns.variants(db, campaign.id)]
    place = {label: k for k, label in enumerate(variants)}
    variant = np.array([place[label] for label in recipients[LABEL].tolist()], np.int64)
    drawn = sends.chances_at_draw(db, campaign.id, len(variants))
    alike = not np.isnan(drawn).any() and bool((drawn == drawn[0]).all())
    rng = np.random.default_rng([campaign.plan.seed, 1])
    first = first_wave(variant, campaign.first_share, rng, alike=alike)
    customers = recipients["customer"].to_numpy(np.int64)
    waves.hold_back(db, campaign.id, np.delete(customers, first).tolist())
    at = int(recipients["position"].iloc[first[0]])
    waves.add(db, campaign.id, Wave(1, first.size, 0, at, shop.now(), who))
