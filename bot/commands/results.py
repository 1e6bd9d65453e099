"""/outcome and /results: what came back, and what it means."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import language
from bot.replies import Item, Reply, Text, Title
from bot.replies.campaign import example
from bot.replies.pictures.results import results_picture
from bot.replies.results import outcome_reply, results_reply
from engine import (
    NotAllowed,
    Phrase,
    Progress,
    Shop,
    campaign_results,
    latest_campaign_id,
    record_counts,
    record_people,
)


def outcome(shop: Shop, request: Request, progress: Progress) -> Reply:
    number, text = _number(shop, request)
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
        )
        return Reply((Text(lines),), awaits=f"/outcome {number}")
    return outcome_reply(receipt, campaign_results(shop, number))


def results(shop: Shop, request: Request, progress: Progress) -> Reply:
    number, _ = _number(shop, request)
    found = campaign_results(shop, number)
    # nothing reported, nothing to draw
    told = any(variant.interval is not None for variant in found.variants)
    return results_reply(found, results_picture(found, language(request.language)) if told else None)


def _number(shop: Shop, request: Request) -> tuple[int, str]:
    """The campaign that is meant, the latest if none is named, and the rest of what was said."""
    head, _, rest = request.text.partition(" ")
    if head.isdecimal():
        return int(head), rest.strip()
    latest = latest_campaign_id(shop)
    if latest is None:
        raise NotAllowed(Phrase("No campaign has been approved yet: /campaign drafts one."))
    return latest, request.text


COMMANDS = [
    Command("outcome", Phrase("tell what came of a campaign: A 3/40, B 5/41"), outcome),
    Command("results", Phrase("what a campaign's outcome means"), results, long=True),
]
