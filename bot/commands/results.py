"""/outcome and /results: what came back, and what it means."""

from __future__ import annotations

import re

from bot.commands import Command, Request
from bot.language import language
from bot.replies import Item, Reply, Text, Title
from bot.replies.draft import example
from bot.replies.pictures.results import results_picture
from bot.replies.results import orders_news_reply, outcome_reply, refused_reply, results_reply
from bot.roles import ANYTHING, NOTHING
from engine import (
    CampaignLine,
    CampaignNews,
    NotAllowed,
    NotFound,
    Phrase,
    Progress,
    Shop,
    all_orders_known,
    campaign_results,
    latest_campaign_id,
    list_campaigns,
    note_told,
    record_counts,
    record_people,
    set_window,
    use_outcomes,
)

DAYS = re.compile(r"(?:within\s*)?(\d{1,4})\s*(?:days?|天内?|日内)", re.I)
USE = {"use orders": "orders", "use told": "told", "用订单": "orders", "用我的": "told"}
COMPLETE = ("complete", "齐了", "全了")


def outcome(shop: Shop, request: Request, progress: Progress) -> Reply:
    # "7 days" is a number of days, and "3 7 days" is that of campaign 3
    number, text = (None, request.text) if DAYS.fullmatch(request.text.strip()) else _named(request)
    if request.file is None:
        news = _set(shop, request, number, " ".join(text.lower().split()))
        if news is not None:
            return orders_news_reply(news)
    if number is not None:
        return _outcome_of(shop, request, number, text)
    latest = _latest(shop)
    try:
        return _outcome_of(shop, request, latest, text, _newer_drafts(shop, latest))
    except (NotAllowed, NotFound) as error:
        return refused_reply(error.phrase, campaign_results(shop, latest), list_campaigns(shop))


def _set(shop: Shop, request: Request, number: int | None, text: str) -> CampaignNews | None:
    """How orders count for a campaign, if that is what was said; what holds then."""
    days = DAYS.fullmatch(text)
    if days is None and text not in USE and text not in COMPLETE:
        return None
    campaign = _latest(shop) if number is None else number
    if days is not None:
        return set_window(shop, campaign, int(days[1]), who=request.who)
    if text in COMPLETE:
        return all_orders_known(shop, campaign, who=request.who)
    return use_outcomes(shop, campaign, USE[text], who=request.who)


def _outcome_of(
    shop: Shop, request: Request, number: int, text: str, newer_drafts: tuple[CampaignLine, ...] = ()
) -> Reply:
    if request.file is not None:
        receipt = record_people(shop, number, request.file, name=request.file_name, who=request.who)
    elif text:
        receipt = record_counts(shop, number, text, who=request.who)
    else:
        results = campaign_results(shop, number)
        told = example((variant.label, variant.sends) for variant in results.variants)
        lines = (
            Title(Phrase("What came of campaign {id}?", id=str(number))),
            Item(Phrase("Tell me for each version how many bought, of how many messages: {example}", example=told)),
            Item(Phrase("Or drop a CSV in here with a column 'customer' of those who bought.")),
            Item(
                Phrase(
                    "Or just import your next orders: I look up who bought. How long they count: /outcome {id} 14 days",
                    id=str(number),
                )
            ),
        )
        return Reply((Text(lines),), awaits=f"/outcome {number}")
    found = campaign_results(shop, number)
    note_told(shop, found)
    return outcome_reply(receipt, found, newer_drafts)


def results(shop: Shop, request: Request, progress: Progress) -> Reply:
    number, _ = _named(request)
    found = campaign_results(shop, _latest(shop) if number is None else number)
    note_told(shop, found)
    # nothing reported, nothing to draw
    told = any(variant.interval is not None for variant in found.variants)
    return results_reply(found, results_picture(found, language(request.language)) if told else None)


def _named(request: Request) -> tuple[int | None, str]:
    """The campaign that is named, if one is, and the rest of what was said."""
    head, _, rest = request.text.partition(" ")
    return (int(head), rest.strip()) if head.isdecimal() else (None, request.text)


def _latest(shop: Shop) -> int:
    """The campaign that is meant if none is named: the one approved last. Raises NotAllowed if none was."""
    latest = latest_campaign_id(shop)
    if latest is not None:
        return latest
    draft = next((line.campaign for line in list_campaigns(shop) if line.status == "draft"), None)
    if draft is None:
        raise NotAllowed(Phrase("No campaign has been approved yet: /campaign drafts one."))
    raise NotAllowed(Phrase("Campaign {id} is still a draft, so it has no outcomes; approve it first.", id=str(draft)))


def _newer_drafts(shop: Shop, latest: int) -> tuple[CampaignLine, ...]:
    """Drafts that may be meant instead: those made after the campaign that is taken."""
    return tuple(line for line in list_campaigns(shop) if line.status == "draft" and line.campaign > latest)


COMMANDS = [
    Command("outcome", Phrase("tell what came of a campaign: A 3/40, B 5/41"), outcome, helpers=NOTHING),
    Command("results", Phrase("what a campaign's outcome means"), results, long=True, helpers=ANYTHING, draws=ANYTHING),
]
