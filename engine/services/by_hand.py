"""One text after the other, to copy into whichever tool, each noted when it has gone out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from engine import store
from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.services.approvals import found, refuse_strangers, refuse_while_undo, to_hand_over
from engine.services.campaign_lists import as_row, last_check
from engine.services.contact import quiet_until, rulebook
from engine.shop import Shop
from engine.store import campaigns, deliveries, trail
from engine.store.campaigns import Campaign
from engine.store.deliveries import DELIVERED, HAND, HANDED, PLANNED, REFUSED, WITHHELD

SENT, SKIPPED = "sent by hand", "skipped"


@dataclass(frozen=True)
class HandMessage:
    """The text to send next; `position` names it. `left` counts this one and those after it.

    `quiet_until`: where the customer is it is a quiet hour until then.
    """

    campaign: int
    position: int
    left: int
    customer: str
    name: str | None
    email: str | None
    phone: str | None
    variant: str
    subject: str | None
    text: str
    quiet_until: datetime | None


@dataclass(frozen=True)
class HandedOver:
    """The next text, None when all are done; and how many are done, and were skipped or withheld."""

    message: HandMessage | None
    delivered: int
    skipped: int


def next_by_hand(shop: Shop, campaign_id: int, *, who: str = "owner") -> HandedOver:
    """The text to copy next: the one that was shown last, as long as it is not said to be sent or skipped.

    Raises NotFound, or NotAllowed as long as the campaign is not approved or its approval can be taken back.
    """
    with shop.open() as db, store.transaction(db):
        refuse_strangers(db, who)
        campaign = _open(shop, db, campaign_id)
        return _next(shop, db, campaign)


def done_by_hand(shop: Shop, campaign_id: int, position: int, *, sent: bool, who: str = "owner") -> HandedOver:
    """The text with this number was sent, or is skipped; the next one. Said twice it changes nothing.

    Raises NotFound, NotAllowed for a number that was not shown.
    """
    with shop.open() as db, store.transaction(db):
        refuse_strangers(db, who)
        campaign = found(db, campaign_id)
        message = deliveries.message_at(db, campaign.id, position)
        known = None if message is None else deliveries.of(db, campaign.id, message.customer)
        if known is None or known.way != HAND or known.state == PLANNED:
            raise NotAllowed(
                Phrase("Text {n} of campaign {id} has not been shown to you.", n=position, id=str(campaign.id))
            )
        if known.state == HANDED:
            state = DELIVERED if sent else REFUSED
            why = None if sent else Phrase("skipped by you")
            deliveries.put(db, campaign.id, known.customer, state, shop.now(), reason=why)
            deed = SENT if sent else SKIPPED
            trail.add(db, at=shop.now(), who=who, deed=deed, subject=str(campaign.id), cause=shop.cause)
        return _next(shop, db, _open(shop, db, campaign.id))


def _open(shop: Shop, db: Database, campaign_id: int) -> Campaign:
    campaign = to_hand_over(shop, db, campaign_id)
    refuse_while_undo(shop, db, campaign)
    return campaign


def _next(shop: Shop, db: Database, campaign: Campaign) -> HandedOver:
    listed = any(way.startswith(deliveries.LIST) for way, _ in deliveries.counts(db, campaign.id))
    deliveries.plan(db, campaign.id, HAND, shop.now())
    excluded = last_check(shop, db, campaign)
    shown: HandMessage | None = None
    for customer in (*deliveries.waiting(db, campaign.id, HANDED), *deliveries.waiting(db, campaign.id)):
        known = deliveries.of(db, campaign.id, customer)
        if known is None or known.way != HAND:
            continue
        if customer in excluded:
            why = Phrase(excluded[customer])
            deliveries.put(db, campaign.id, customer, WITHHELD, shop.now(), reason=why)
            continue
        if known.state == PLANNED:
            deliveries.put(db, campaign.id, customer, HANDED, shop.now(), attempt=True)
        shown = _shown(shop, db, campaign, customer)
        break
    counts = deliveries.counts(db, campaign.id)
    if shown is None and listed and not any(way == HAND for way, _ in counts):
        raise NotAllowed(
            Phrase(
                "The list of campaign {id} was written, and whoever is in it would get the message twice. If you did "
                "not send that list, take it back first: /campaign takeback {id}",
                id=str(campaign.id),
            )
        )
    skipped = counts.get((HAND, REFUSED), 0) + counts.get((HAND, WITHHELD), 0)
    return HandedOver(shown, counts.get((HAND, DELIVERED), 0), skipped)


def _shown(shop: Shop, db: Database, campaign: Campaign, customer: int) -> HandMessage:
    message = campaigns.message(db, campaign.id, customer)
    counts = deliveries.counts(db, campaign.id)
    row = as_row(campaign.id, message)
    return HandMessage(
        campaign.id,
        message.position,
        counts.get((HAND, PLANNED), 0) + counts.get((HAND, HANDED), 0),
        row.customer,
        row.name,
        row.email,
        row.phone,
        row.version,
        row.subject,
        row.text,
        quiet_until(shop, rulebook(db), campaign.plan.channel, message.country),
    )
