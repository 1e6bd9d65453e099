"""What an approval is worth: by whom it was given, until when it holds, and until when it can be taken back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlite_utils import Database

from engine.campaigns.rules.words import APPROVAL, UNDO
from engine.errors import NotAllowed, NotFound
from engine.phrases import Phrase, counted
from engine.services.contact import of_shop
from engine.shop import Shop
from engine.store import campaigns, chats, deliveries, outcomes, trail, waves
from engine.store.campaigns import Campaign

APPROVED, UNDONE = "approved", "undone"
STEPS = (
    *("drafted", APPROVED, UNDONE, "dropped", "recorded"),
    *(
        "list written",
        "list taken back",
        "sending begun",
        "sending ended",
        "sent by hand",
        "skipped",
        "unknown sent again",
        "part first",
        "wave approved",
        "rest dropped",
        "newcomers joined",
    ),
)
CLOCK_MAY_LAG = timedelta(minutes=5)
_USER = re.compile(r"user (\d{1,18})")


def found(db: Database, id_: int) -> Campaign:
    """The campaign with this id. Raises NotFound, which lists those there are."""
    campaign = campaigns.by_id(db, id_)
    if campaign is None:
        there = tuple(str(campaign.id) for campaign in reversed(campaigns.every(db)))
        raise NotFound(
            Phrase("There is no campaign {id}; there are: {campaigns}.", id=str(id_), campaigns=there)
            if there
            else Phrase("There is no campaign {id}; none has been drafted yet.", id=str(id_))
        )
    return campaign


def has_access(db: Database, who: str | None) -> bool:
    """Whether whoever decided is still the owner; the command line is: whoever has the file has all that is in it."""
    user = _USER.fullmatch(who or "")
    return user is None or not chats.any_owner(db) or chats.is_owner(db, int(user[1]))


def approver(db: Database, campaign: Campaign) -> str | None:
    """Who approved what goes out now: the newest wave, or the campaign."""
    wave = waves.latest(db, campaign.id)
    return campaign.decided_by if wave is None else wave.who


def refuse_strangers(db: Database, who: str) -> None:
    """Raises NotAllowed for somebody who may no longer decide."""
    if not has_access(db, who):
        raise NotAllowed(Phrase("You have no access to this shop any more, so nothing was decided."))


def refuse_outsiders(db: Database, who: str) -> None:
    """Raises NotAllowed for somebody who may no longer ask for anything."""
    user = _USER.fullmatch(who)
    if user is not None and chats.any_owner(db) and not chats.has_role(db, int(user[1])):
        raise NotAllowed(Phrase("You have no access to this shop any more, so nothing was changed."))


def went_out(db: Database, id_: int) -> bool:
    """Whether messages of the campaign are known to have been handed over, or to have been answered."""
    handed = {state for _, state in deliveries.counts(db, id_)} - {deliveries.PLANNED, deliveries.WITHHELD}
    return bool(handed) or bool(outcomes.reports(db, id_))


def expires_at(db: Database, campaign: Campaign) -> datetime | None:
    """Until when the approval holds, that of the newest wave if there are any; None for one that is not approved."""
    if campaign.status != APPROVED or campaign.decided_at is None:
        return None
    wave = waves.latest(db, campaign.id)
    return (campaign.decided_at if wave is None else wave.at) + timedelta(days=of_shop(db, APPROVAL))


def undo_until(shop: Shop, db: Database, campaign: Campaign) -> datetime | None:
    """Until when the approval can be taken back and nothing is sent; None when that is over."""
    if campaign.status != APPROVED or campaign.decided_at is None:
        return None
    if is_ahead(shop, campaign.decided_at):
        return None
    until = campaign.decided_at + timedelta(minutes=of_shop(db, UNDO))
    return until if shop.now() < until else None


def is_ahead(shop: Shop, moment: datetime) -> bool:
    """Whether something was done at a moment that has not come yet: the clock was set back since.

    Nothing that lasts for a while is reckoned from there, or it would last until the clock has caught up.
    """
    return moment > shop.now() + CLOCK_MAY_LAG


def _refuse_if_ahead(shop: Shop, moment: datetime, campaign: Campaign) -> None:
    """Raises NotAllowed where the clock says that this has not happened yet, by more than a day."""
    if moment > shop.now() + timedelta(days=1):
        raise NotAllowed(
            Phrase(
                "This computer's clock seems to be set back: it says {now}, and campaign {id} is of {at}. Put the "
                "clock right, or draft the campaign anew.",
                now=shop.now(),
                id=str(campaign.id),
                at=moment,
            )
        )


def refuse_stale_draft(shop: Shop, db: Database, campaign: Campaign) -> None:
    """Raises NotAllowed for a draft that is older than an approval may be: its people and figures have moved on."""
    days = of_shop(db, APPROVAL)
    _refuse_if_ahead(shop, campaign.plan.drafted_at, campaign)
    if shop.now() > campaign.plan.drafted_at + timedelta(days=days):
        raise NotAllowed(
            counted(
                "The draft of campaign {id} is older than {n} day, and your customers have moved on; draft it anew.",
                "The draft of campaign {id} is older than {n} days, and your customers have moved on; draft it anew.",
                n=days,
                id=str(campaign.id),
            )
        )


def to_hand_over(shop: Shop, db: Database, id_: int, *, again: bool = False) -> Campaign:
    """The campaign if its approval holds now; if `again`, also one that had gone out before its approval expired.

    Raises NotFound, or NotAllowed with why it does not.
    """
    campaign = found(db, id_)
    number = str(campaign.id)
    if campaign.status == "draft":
        raise NotAllowed(
            Phrase("Campaign {id} is not approved, so there is no list to send; approve it first.", id=number)
        )
    if campaign.status == "dropped":
        raise NotAllowed(Phrase("Campaign {id} was dropped, so there is no list to send; draft a new one.", id=number))
    if not has_access(db, approver(db, campaign)):
        raise NotAllowed(
            Phrase(
                "Campaign {id} was approved by somebody who has no access any more; draft it anew and approve it "
                "yourself.",
                id=number,
            )
        )
    until = expires_at(db, campaign)
    if until is not None:
        _refuse_if_ahead(shop, until - timedelta(days=of_shop(db, APPROVAL)), campaign)
    if until is not None and shop.now() > until and not (again and went_out(db, campaign.id)):
        raise NotAllowed(
            counted(
                "The approval of campaign {id} was good for {n} day, until {until:%Y-%m-%d %H:%M}; draft it anew.",
                "The approval of campaign {id} was good for {n} days, until {until:%Y-%m-%d %H:%M}; draft it anew.",
                n=of_shop(db, APPROVAL),
                id=number,
                until=until,
            )
        )
    return campaign


def refuse_while_undo(shop: Shop, db: Database, campaign: Campaign) -> None:
    """Raises NotAllowed while the approval can still be taken back."""
    until = undo_until(shop, db, campaign)
    if until is not None:
        raise NotAllowed(
            Phrase(
                "Nothing goes out before {until:%H:%M}: until then you can take the approval of campaign {id} back. "
                "Do it again after that.",
                until=until,
                id=str(campaign.id),
            )
        )


def campaign_steps(shop: Shop, campaign_id: int) -> tuple[trail.Step, ...]:
    """All that was done with a campaign, the earliest first. Raises NotFound."""
    with shop.open() as db:
        campaign = found(db, campaign_id)
        return tuple(trail.steps(db, str(campaign.id), STEPS))
