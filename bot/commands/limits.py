"""/limits: who may be written to, how often and when; `/limits email cap 2/7` changes it."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Reply
from bot.replies.limits import limits_reply, refused_reply
from bot.roles import only
from engine import NotAllowed, Phrase, Progress, Shop, channel_meant, channels, set_contact_rule, show_contact_rules


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    if not request.words:
        return limits_reply(show_contact_rules(shop))
    channel = channel_meant(request.text)
    if channel is not None:
        return limits_reply(show_contact_rules(shop, channel))
    try:
        change, rules = set_contact_rule(shop, request.text, who=request.who)
    except NotAllowed as error:
        return refused_reply(error.phrase)
    return limits_reply(rules, change)


COMMANDS = [Command("limits", Phrase("who may be written to, how often and when"), run, helpers=only("", *channels()))]
