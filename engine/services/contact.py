"""Who may be written to now: consent, caps, addresses and the hour, by the rules of the channel and the country."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.campaigns.audience import Audience, Ids, Rules, Window, audience, days_since, in_countries, windows
from engine.campaigns.rules import ANY, EVERYWHERE, Rulebook, country_code
from engine.campaigns.rules.hours import ends, is_quiet
from engine.campaigns.rules.words import HOME, OF_CHANNEL, OF_SHOP, rule_fields
from engine.recommend.wishes import folded_key, says_none, tells
from engine.services.behaviour import counting_day
from engine.shop import Shop
from engine.store import attributes, contact_rules, customers, deliveries, imports, plain_only

_OF_CURRENCY = {"CNY": "CN", "USD": "US", "GBP": "GB", "CAD": "CA"}
_PERSONAL = ("personali", "个性化")


def rulebook(db: Database) -> Rulebook:
    """The rules in force: what the owner has set, and what Zhike ships with."""
    own: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for (channel, country, name), value in contact_rules.in_force(db).items():
        if name in OF_CHANNEL:
            own[channel, country] |= rule_fields(name, value)
    return Rulebook(dict(own), home(db))


def home(db: Database) -> str:
    """Where the shop is: as its owner says, else as its currency does."""
    said = contact_rules.in_force(db).get((ANY, EVERYWHERE, HOME))
    return str(said) if said else _OF_CURRENCY.get(imports.currency(db) or "", EVERYWHERE)


def of_shop(db: Database, name: str) -> int:
    """A setting of the whole shop: the minutes of `undo`, the days of `approval`."""
    return int(contact_rules.in_force(db).get((ANY, EVERYWHERE, name), OF_SHOP[name]))


def let_in(shop: Shop, db: Database, people: pd.DataFrame, channel: str, *, but: int | None = None) -> Audience:
    """Whom of `people` (as `store.campaigns.people`) the rules let in now; `but` is the campaign it is about."""
    if c.RECENCY_DAYS not in people:
        people = people.assign(**{c.RECENCY_DAYS: days_since(people[c.AT], counting_day(shop, db))})
    book = rulebook(db)
    codes = [code for code, _ in in_countries(people, book)]
    sent = {window: _sent(shop, db, window, but) for window in windows(book, channel, codes)}
    return audience(people, customers.consent(db, channel), Rules(channel, book, sent))


def in_quiet_hours(
    shop: Shop, db: Database, countries: Mapping[str | None, int], channel: str
) -> tuple[int, datetime | None]:
    """For how many it is a quiet hour on this channel, and when that ends for the last of them; None if for nobody.

    `countries` says how many people are in which.
    """
    book, quiet = rulebook(db), 0
    ending: list[datetime] = []
    for country, n in countries.items():
        until = quiet_until(shop, book, channel, country)
        if until is not None:
            quiet += n
            ending.append(until)
    return quiet, max(ending, default=None)


def quiet_until(shop: Shop, book: Rulebook, channel: str, country: str | None) -> datetime | None:
    """When it is no longer a quiet hour for one customer; None if it is none."""
    code = country_code(country) or book.home
    hours, now, local = book.rule(channel, code).quiet, shop.now(), local_offset(shop)
    return ends(hours, code, now, local) if is_quiet(hours, code, now, local) else None


def asking_for_plain(db: Database) -> Ids:
    """The customers who want nothing that goes by what is known of them: by the owner's word, or a column's."""
    keys = [key for key in attributes.names(db) if tells(key) and any(part in folded_key(key) for part in _PERSONAL)]
    told = [
        answers.index.to_numpy(np.int64)[says_none(key, answers)]
        for key in keys
        if (answers := attributes.answers_to(db, key)) is not None
    ]
    return np.unique(np.concatenate([plain_only.everybody(db), *told]))


def local_offset(shop: Shop) -> float:
    """The hours by which the founder's own clock is ahead of UTC."""
    offset = shop.now().astimezone().utcoffset()
    return 0.0 if offset is None else offset.total_seconds() / 3600


def _sent(shop: Shop, db: Database, window: Window, but: int | None) -> dict[int, int]:
    since = shop.now() - timedelta(days=window.days)
    return dict(deliveries.sent_since(db, since, None if window.channel == ANY else window.channel, but))
