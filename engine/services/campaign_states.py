"""Where each campaign stands: drafted, approved, going out, waiting for outcomes, or with a verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from engine.campaigns import templates
from engine.campaigns.drafts import CampaignLine
from engine.services.verdict_news import verdict_of
from engine.shop import Shop
from engine.store import campaigns, deliveries, outcomes, waves
from engine.store.campaigns import Campaign
from engine.store.deliveries import HAND, HANDED, PLANNED, REFUSED, SMTP, WITHHELD

State = Literal["draft", "dropped", "approved", "going out", "no outcomes", "not yet", "enough", "never"]
PAGE = 8


@dataclass(frozen=True)
class CampaignState:
    """`sent` messages of the `line.audience` are out, and `unsent` never will be, as they were refused or withheld.

    `answered` have an outcome; `best` is the version that won.
    """

    line: CampaignLine
    state: State
    sent: int = 0
    answered: int = 0
    unsent: int = 0
    best: str | None = None


@dataclass(frozen=True)
class CampaignPage:
    """Some of the `total` campaigns, the newest first; `page` counts from 1."""

    campaigns: tuple[CampaignState, ...]
    page: int
    pages: int
    total: int


def campaign_states(shop: Shop, page: int = 1, size: int = PAGE) -> CampaignPage:
    """The campaigns of one page, the newest first; of a page beyond the last, those of the last."""
    with shop.open() as db:
        every = campaigns.every(db)
        pages = max(1, -(-len(every) // size))
        page = min(max(page, 1), pages)
        sizes, waiting = campaigns.sizes(db), waves.all_waiting(db)
        shown = every[(page - 1) * size : page * size]
        return CampaignPage(
            tuple(_state(shop, db, one, line_of(one, sizes[one.id], waiting.get(one.id, 0))) for one in shown),
            page,
            pages,
            len(every),
        )


def line_of(campaign: Campaign, size: tuple[int, int], waiting: int) -> CampaignLine:
    """`size`: how many people get a message, and how many versions there are."""
    return CampaignLine(
        campaign.id,
        campaign.status,
        campaign.plan.segment_name,
        campaign.plan.goal,
        templates.title(campaign.plan.goal),
        campaign.plan.language,
        *size,
        campaign.plan.drafted_at,
        campaign.decided_at,
        waiting,
    )


def _state(shop: Shop, db: Database, campaign: Campaign, line: CampaignLine) -> CampaignState:
    if campaign.status == "draft":
        return CampaignState(line, "draft")
    if campaign.status == "dropped":
        return CampaignState(line, "dropped")
    sent, unsent = _n_sent(db, campaign)
    answered = sum(told[-1].sends for told in outcomes.reports(db, campaign.id).values())
    known = verdict_of(shop, db, campaign)
    if known is not None:
        state: State = next(one for one in ("not yet", "enough", "never") if one == known.state)
        # who told an outcome has sent the message, whether Zhike was told of that or not
        return CampaignState(line, state, max(sent, answered), answered, unsent, known.best)
    if not sent:
        return CampaignState(line, "approved")
    return CampaignState(line, "going out" if sent + unsent < line.audience else "no outcomes", sent, unsent=unsent)


def _n_sent(db: Database, campaign: Campaign) -> tuple[int, int]:
    """What is out, and what never will be; a mail that is being sent, or a text that is only shown, is neither."""
    by_state: Counter[tuple[str, str]] = Counter(deliveries.counts(db, campaign.id))
    unsent = sum(n for (_, state), n in by_state.items() if state in (REFUSED, WITHHELD))
    under_way = {(SMTP, HANDED), (HAND, HANDED)}
    done = sum(n for (way, state), n in by_state.items() if state != PLANNED and (way, state) not in under_way)
    return done - unsent, unsent
