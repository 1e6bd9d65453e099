"""Who waits for the next wave of a campaign: who may be written to now, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.campaigns.audience import SAME_ADDRESS, SAME_PERSON, days_since
from engine.campaigns.rules import ADDRESS
from engine.services.behaviour import counting_day
from engine.services.contact import let_in
from engine.shop import Shop
from engine.store import campaigns, deliveries, waves
from engine.store.campaigns import Campaign


def last_check_of_waiting(shop: Shop, db: Database, campaign: Campaign, waiting: pd.DataFrame) -> dict[int, str]:
    """Who waits and may not be written to now, with the reason. Nobody gets two messages of one campaign."""
    people = waves.people_waiting(db, campaign.id)
    excluded = let_in(shop, db, people, campaign.plan.channel, but=campaign.id).excluded
    same = _same_address(db, campaign, people)
    there, out = waves.served(db, campaign.id), {}
    for customer, person in zip(waiting[c.CUSTOMER].tolist(), waiting[waves.PERSON].tolist(), strict=True):
        if person in there:
            out[customer] = SAME_PERSON.message
        elif person in excluded or person in same:
            out[customer] = excluded.get(person) or SAME_ADDRESS.message
        there.add(person)
    return out


def _same_address(db: Database, campaign: Campaign, people: pd.DataFrame) -> set[int]:
    """Those of `people` whose address is that of somebody who was sent the campaign."""
    field = ADDRESS.get(campaign.plan.channel)
    used = deliveries.addresses(db, campaign.id)
    if field is not None:
        sent = campaigns.people_written_to(db, campaign.id)
        used = used | set(_folded(sent[field]).dropna().tolist())
    if not used:
        return set()
    column = _folded(people[field or c.EMAIL])
    return set(people[c.CUSTOMER][column.isin(used)].tolist())


def _folded(texts: pd.Series) -> pd.Series:
    return texts.astype("string").str.strip().str.casefold()


def people_of(shop: Shop, db: Database, campaign: Campaign, persons: Mapping[int, int]) -> pd.DataFrame:
    """What is known of them, under the numbers that the campaign has them under."""
    known = waves.people_waiting(db, campaign.id).set_index(c.CUSTOMER)
    ids = list(persons)
    people = known.reindex([persons[customer] for customer in ids]).reset_index(drop=True)
    people = people.assign(**{c.CUSTOMER: ids})
    return people.assign(**{c.RECENCY_DAYS: days_since(people[c.AT], counting_day(shop, db))})
