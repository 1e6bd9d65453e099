"""The list to send of an approved campaign, in the layout of the tool that sends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from engine import store
from engine.campaigns.audience import SAME_PERSON, UNSUBSCRIBED, reasons_told
from engine.campaigns.exports import PLAIN, ExportLayout, Row, export_layout
from engine.errors import NotAllowed
from engine.intake import words
from engine.phrases import Phrase
from engine.services.approvals import found, refuse_strangers, to_hand_over
from engine.services.contact import in_quiet_hours, let_in
from engine.services.files import write_out
from engine.services.matching import match_again
from engine.sheets import Say, csv_sheet
from engine.shop import Shop
from engine.store import campaigns, deliveries, matching, trail, waves
from engine.store.campaigns import Campaign, Message
from engine.store.deliveries import Delivery

WRITTEN, TAKEN_BACK = "list written", "list taken back"
SENT_ALREADY = Phrase("sent already")
EARLIER_WAVE = Phrase("in the list of an earlier wave")


@dataclass(frozen=True)
class CampaignList:
    """A list that was written. `left_out` counts by reason who was approved and is not in it.

    For `n_quiet` of those in it it is a quiet hour now, the last until `quiet_until`. `n_again` of them stood in a list
    before, the first that was written `before`.
    """

    path: Path
    layout: str
    n: int
    left_out: dict[str, int]
    n_quiet: int
    quiet_until: datetime | None
    n_again: int = 0
    before: datetime | None = None


def export_campaign(shop: Shop, campaign_id: int, out: Path | str | None = None, say: Say = str) -> Path:
    """Write the plain list; where it was written. Raises as `write_campaign_list`."""
    return write_campaign_list(shop, campaign_id, out=out, say=say).path


def write_campaign_list(
    shop: Shop,
    campaign_id: int,
    *,
    layout: str = PLAIN,
    out: Path | str | None = None,
    say: Say = str,
    who: str = "owner",
) -> CampaignList:
    """Write the list to send as CSV, without whom the rules do not let in by now and who was sent the message already.

    `out` is a file or a folder; None is a file among the shop's own. A CSV that is there is replaced.
    Raises NotFound, or NotAllowed if the campaign is not approved, nobody is left or the file cannot be written.
    """
    chosen = export_layout(layout)
    with shop.open() as db, store.transaction(db):
        campaign = to_hand_over(shop, db, campaign_id, again=True)
        handed = deliveries.states(db, campaign.id)
        rows, left_out = _rows(shop, db, campaign, chosen, handed)
        header = [column if isinstance(column, Phrase) else Phrase("{fact}", fact=column) for column in chosen.header]
        name = f"campaign-{campaign.id}.csv" if layout == PLAIN else f"campaign-{campaign.id}-{chosen.name}.csv"
        quiet = in_quiet_hours(shop, db, Counter(message.country for message, _ in rows), campaign.plan.channel)
        before = [handed[message.customer] for message, _ in rows if message.customer in handed]
        again = [one.at for one in before if one.way.startswith(deliveries.LIST)]
        deliveries.hand_over_list(db, campaign.id, (message.customer for message, _ in rows), chosen.name, shop.now())
        trail.add(db, at=shop.now(), who=who, deed=WRITTEN, subject=str(campaign.id), cause=None)
        # the last step: where the file cannot be written nothing is noted
        path = write_out(shop, name, csv_sheet(header, (chosen.cells(row) for _, row in rows), say), out)
        return CampaignList(path, chosen.name, len(rows), left_out, *quiet, len(again), min(again, default=None))


@dataclass(frozen=True)
class TakenBack:
    """`n` messages stand in no list any more; `kept` are of waves whose outcome was told, so that they were sent."""

    n: int
    kept: int


def take_back_list(shop: Shop, campaign_id: int, *, who: str = "owner") -> TakenBack:
    """The lists of a campaign were not sent and will not be: its people are to be sent the message another way.

    A wave of which the owner has told what came of it was sent. What orders said of the others is looked up again.
    Raises NotFound, NotAllowed if there is no list, or all were sent.
    """
    with shop.open() as db, store.transaction(db):
        refuse_strangers(db, who)
        campaign = found(db, campaign_id)
        done = trail.done_before(db, TAKEN_BACK, shop.cause)
        start = _first_not_answered(db, campaign)
        n = 0 if start is None else deliveries.take_back_lists(db, campaign.id, start)
        kept = deliveries.n_in_lists(db, campaign.id)
        if not n and done is None:
            raise NotAllowed(_why_none(campaign, kept))
        if n:
            trail.add(db, at=shop.now(), who=who, deed=TAKEN_BACK, subject=str(campaign.id), cause=shop.cause)
            match_again(db, shop, campaign)
        return TakenBack(n, kept)


def _first_not_answered(db: Database, campaign: Campaign) -> int | None:
    """The position of the first message of the first wave of which nothing was told; None if all were answered."""
    answered = sum(one.sends for one in matching.told(db, campaign.id).values())
    there = waves.of(db, campaign.id)
    if not there:
        return None if answered else 0
    return next((wave.from_position for wave in there if wave.from_send >= answered), None)


def _why_none(campaign: Campaign, kept: int) -> Phrase:
    if kept:
        return Phrase(
            "You have told what came of the lists of campaign {id}, so they were sent; there is nothing to take back.",
            id=str(campaign.id),
        )
    return Phrase("No list of campaign {id} has been written.", id=str(campaign.id))


def _rows(
    shop: Shop, db: Database, campaign: Campaign, layout: ExportLayout, handed: Mapping[int, Delivery]
) -> tuple[list[tuple[Message, Row]], dict[str, int]]:
    """Who is in the list, and how many are not, by reason; `handed` is what went out. Raises NotAllowed for nobody."""
    excluded = last_check(shop, db, campaign)
    sent = {
        customer
        for customer, one in handed.items()
        if one.state != deliveries.PLANNED and not one.way.startswith(deliveries.LIST)
    }
    listed = waves.in_earlier_lists(db, campaign.id)
    rows: list[tuple[Message, Row]] = []
    left_out: dict[str, int] = {}
    for message in campaigns.messages(db, campaign.id):
        row = as_row(campaign.id, message)
        reason = SENT_ALREADY.message if message.customer in sent else excluded.get(message.customer)
        if message.customer in listed:
            reason = EARLIER_WAVE.message
        if reason is None and layout.needs is not None and getattr(row, layout.needs) is None:
            reason = NO_EMAIL.message
        if reason is None:
            rows.append((message, row))
        else:
            left_out[reason] = left_out.get(reason, 0) + 1
    if not rows:
        raise _nobody(campaign, left_out)
    return rows, left_out


NO_EMAIL = Phrase("no e-mail address")


def _nobody(campaign: Campaign, left_out: dict[str, int]) -> NotAllowed:
    number = str(campaign.id)
    if set(left_out) == {UNSUBSCRIBED.message}:
        return NotAllowed(Phrase("Everybody in campaign {id} has unsubscribed; there is nobody to send to.", id=number))
    told = reasons_told(left_out)
    return NotAllowed(Phrase("Nobody in campaign {id} is left to be sent it ({reasons}).", id=number, reasons=told))


def last_check(shop: Shop, db: Database, campaign: Campaign) -> dict[int, str]:
    """Who was approved and may not be written to by now, with the reason, by the number that the campaign has them
    under. Of two who have turned out to be one person only the first is sent the message.
    """
    people = campaigns.people_written_to(db, campaign.id)
    allowed = let_in(shop, db, people, campaign.plan.channel, but=campaign.id)
    now = campaigns.persons(db, campaign.id)
    doubles = dict.fromkeys(campaigns.doubles(db, campaign.id), SAME_PERSON.message)
    return doubles | {
        customer: allowed.excluded[person] for customer, person in now.items() if person in allowed.excluded
    }


def as_row(campaign: int, message: Message) -> Row:
    return Row(
        campaign,
        message.customer_key,
        message.name,
        _whole(message.email),
        _whole(message.phone),
        message.label,
        message.text,
        message.subject,
        message.html,
    )


def _whole(contact: str | None) -> str | None:
    """An e-mail or phone to write to; none where a part of it is hidden (186******05)."""
    return None if contact is None or words.is_masked(contact) else contact
