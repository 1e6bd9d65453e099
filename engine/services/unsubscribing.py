"""What a customer says to being written to, told by the owner: no more, yes again, or nothing personal."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlite_utils import Database

from engine import store
from engine.campaigns.channels import channel_named
from engine.services.whom import the_one
from engine.shop import Shop
from engine.store import campaigns, consents, customers, deliveries, plain_only, trail
from engine.store.customers import Customer

UNSUBSCRIBED, SUBSCRIBED, PLAIN, PERSONAL = (
    "unsubscribed",
    "subscribed",
    "asked for plain texts",
    "took plain texts back",
)
_TOKEN = re.compile(r"(?:unsubscribe[ :]+)?([A-Za-z0-9_-]{16})")


@dataclass(frozen=True)
class Said:
    """What holds now for a customer; `changed` is False if it did before."""

    customer: Customer
    deed: str
    channel: str
    changed: bool


def unsubscribe(
    shop: Shop, text: str, *, channel: str = consents.ANY, who: str = "owner", how: str | None = None
) -> Said:
    """Nothing more is sent to the customer whom `text` means, also by the subject of an unsubscribing mail.

    `how` they said so is kept; None: they are told of by `who`, or the subject of a mail is.
    Raises NotFound and NotAllowed where a text means nobody or several.
    """
    return _said(shop, text, consents.WITHDRAWN, UNSUBSCRIBED, channel, who, how)


def subscribe(shop: Shop, text: str, *, channel: str = consents.ANY, who: str = "owner") -> Said:
    """The customer has said yes to being written to. Raises as `unsubscribe`."""
    return _said(shop, text, consents.GRANTED, SUBSCRIBED, channel, who, None)


def ask_for_plain(shop: Shop, text: str, *, plain: bool = True, who: str = "owner") -> Said:
    """From now on the customer's messages go by nothing that is known of them, or do again. Raises as `unsubscribe`."""
    deed = PLAIN if plain else PERSONAL
    with shop.open() as db, store.transaction(db):
        person = _meant(db, text)
        if trail.done_before(db, deed, shop.cause) is not None:
            return Said(person, deed, consents.ANY, True)
        if plain:
            changed = plain_only.add(db, person.id, who=who, cause=shop.cause, at=shop.now())
        else:
            changed = plain_only.take_back(db, person.id, who=who, at=shop.now())
        if changed:
            trail.add(db, at=shop.now(), who=who, deed=deed, subject=str(person.id), cause=shop.cause)
        return Said(person, deed, consents.ANY, changed)


def _said(shop: Shop, text: str, state: str, deed: str, channel: str, who: str, how: str | None) -> Said:
    if channel != consents.ANY:
        channel_named(channel)
    with shop.open() as db, store.transaction(db):
        person = _meant(db, text)
        if trail.done_before(db, deed, shop.cause) is not None:
            return Said(person, deed, channel, True)
        held = consents.states(db, None if channel == consents.ANY else channel, person.id).get(person.id)
        changed = held != state
        if changed:
            consents.say(db, person.id, state, channel=channel, how=how or _how(text, who), at=shop.now())
            trail.add(db, at=shop.now(), who=who, deed=deed, subject=str(person.id), cause=shop.cause)
        return Said(person, deed, channel, changed)


def _how(text: str, who: str) -> str:
    return f"mail, told by {who}" if _TOKEN.fullmatch(text.strip()) else f"told by {who}"


def _meant(db: Database, text: str) -> Customer:
    token = _TOKEN.fullmatch(text.strip())
    sent = None if token is None else deliveries.by_token(db, token[1])
    return the_one(db, text) if sent is None else customers.by_ids(db, [campaigns.person(db, sent[1])])[0]
