"""/campaigns: all campaigns with where each stands, the newest first; /campaigns 2 is the second page."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Reply
from bot.replies.campaigns import campaigns_reply
from bot.roles import ANYTHING
from engine import NotAllowed, Phrase, Progress, Shop, campaign_states


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            return campaigns_reply(campaign_states(shop))
        case (page,) if page.isdecimal() and len(page) < 9:
            return campaigns_reply(campaign_states(shop, int(page)))
    raise NotAllowed(Phrase("Say /campaigns, or /campaigns 2 for the second page."))


COMMANDS = [Command("campaigns", Phrase("all your campaigns, and where each stands"), run, helpers=ANYTHING)]
