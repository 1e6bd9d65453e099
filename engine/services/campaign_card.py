"""A stored campaign put together for its owner's eyes; the use cases are in `services/campaigns.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.campaigns import drafts, templates
from engine.campaigns.audience import UNSUBSCRIBED_SINCE, unsubscribed
from engine.campaigns.drafts import Draft, DraftVariant, Sample, SmsCost
from engine.campaigns.mail import BY_MAIL
from engine.services.approvals import expires_at, undo_until
from engine.services.contact import in_quiet_hours
from engine.services.message_settings import settings_of
from engine.shop import Shop
from engine.store import campaigns, customers, deliveries, orders, waves
from engine.store.campaigns import Campaign
from engine.store.orders import Product


def card(shop: Shop, db: Database, campaign: Campaign) -> Draft:
    """The campaign as it is now. Three of its messages are shown, the same ones each time."""
    plan = campaign.plan
    recipients = campaigns.recipients(db, campaign.id)
    products = orders.products(db)
    excluded = dict(campaigns.excluded(db, campaign.id))
    since = excluded.pop(UNSUBSCRIBED_SINCE.message, 0)
    gone = unsubscribed(recipients[c.CUSTOMER].to_numpy(np.int64), customers.consent(db, plan.channel))
    if campaign.status == "draft":
        since = gone.size
    quiet, quiet_until = in_quiet_hours(shop, db, campaigns.countries(db, campaign.id), plan.channel)
    never = recipients[c.CUSTOMER].isin([*campaigns.nobodies(db, campaign.id), *gone.tolist()])
    to_show = recipients[~never].reset_index(drop=True)
    shown = [campaigns.message(db, campaign.id, customer) for customer in drafts.spread(to_show)]
    return Draft(
        campaign=campaign.id,
        status=campaign.status,
        segment=plan.segment_id,
        segment_key=plan.segment_key,
        segment_name=plan.segment_name,
        goal=plan.goal,
        goal_title=templates.title(plan.goal),
        channel=plan.channel,
        language=plan.language,
        policy=plan.policy,
        audience=len(recipients),
        excluded=excluded,
        holdout=campaigns.n_held(db, campaign.id),
        variants=_variants(db, campaign, recipients, to_show),
        samples=tuple(_sample(message, products) for message in shown),
        notes=plan.notes if campaign.status == "draft" else drafts.still_true(plan.notes),
        drafted_at=plan.drafted_at,
        decided_at=campaign.decided_at,
        decided_by=campaign.decided_by,
        unsubscribed_since=since,
        plain=campaigns.n_plain(db, campaign.id),
        quiet=quiet,
        quiet_until=quiet_until,
        undo_until=undo_until(shop, db, campaign),
        expires_at=expires_at(db, campaign),
        went=deliveries.counts(db, campaign.id),
        sms=_sms(db, campaign),
        first_share=campaign.first_share,
        waiting=waves.n_waiting(db, campaign.id),
        waves=len(waves.of(db, campaign.id)),
        by_mail=plan.channel in BY_MAIL and shop.house is None,
    )


def _variants(
    db: Database, campaign: Campaign, recipients: pd.DataFrame, to_show: pd.DataFrame
) -> tuple[DraftVariant, ...]:
    first = to_show.drop_duplicates(drafts.LABEL).set_index(drafts.LABEL)[c.CUSTOMER].to_dict()
    counts = recipients[drafts.LABEL].value_counts().to_dict()
    plan, versions = campaign.plan, campaigns.template_versions(db, campaign.id)
    return tuple(
        DraftVariant(
            label=stored.label,
            template=stored.template,
            title=templates.parsed(
                stored.source, name=stored.template, goal=plan.goal, channel=plan.channel, language=plan.language
            ).title,
            weight=stored.weight,
            n=counts.get(stored.label, 0),
            sample=campaigns.message(db, campaign.id, first[stored.label]).text if stored.label in first else "",
            version=versions.get(stored.label),
        )
        for stored in campaigns.variants(db, campaign.id)
    )


def _sample(message: campaigns.Message, products: Mapping[int, Product]) -> Sample:
    product = None if message.product is None else products[message.product].name
    return Sample(message.customer_key, message.name, message.label, product, message.text, message.subject)


def _sms(db: Database, campaign: Campaign) -> SmsCost | None:
    parts = campaigns.sms_parts(db, campaign.id)
    if parts is None:
        return None
    now = settings_of(db)
    priced = now if campaign.status == "draft" else replace(now, sms_price=campaigns.sms_price(db, campaign.id))
    return SmsCost(parts.total, parts.most, parts.n_most, parts.n_messages, priced.cost(parts.total))
