"""/retention: how long things are kept.

/retention                  → what holds, and what goes next
/retention events 2 years   → sets it; off is for good
/retention people 3 years   → asks first, with the number of people who would go
"""

from __future__ import annotations

from dataclasses import replace

from bot.commands import Command, Request
from bot.replies import Reply, says
from bot.replies.retention import ask_about_people_reply, retention_reply, retention_set_reply
from bot.roles import NOTHING
from engine import Phrase, Progress, Shop, set_retention, show_retention, would_go

KEPT = Phrase("Nothing was changed.")


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    if not request.text:
        return retention_reply(show_retention(shop))
    if request.text == "no" and request.pressed:
        return replace(says(KEPT), in_place=True)
    text = request.text.removesuffix(" yes")
    line = would_go(shop, text)
    if line.kind.asks and line.days is not None and text == request.text:
        return ask_about_people_reply(line, text)
    return retention_set_reply(set_retention(shop, text, who=request.who))


COMMANDS = [Command("retention", Phrase("how long I keep what"), run, helpers=NOTHING)]
