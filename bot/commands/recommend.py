"""/recommend CUSTOMER: what they would buy next."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Reply, Text
from bot.replies.recommend import recommendations_reply
from engine import Phrase, Progress, Shop, recommend_for


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    words = request.words
    if not words:
        ask = Phrase("For whom? Send a customer's number, e-mail, phone or name.")
        return Reply((Text((ask,)),), awaits="/recommend")
    n, who = (
        (int(words[-1]), words[:-1]) if len(words) > 1 and words[-1].isdecimal() and len(words[-1]) < 3 else (5, words)
    )
    return recommendations_reply(recommend_for(shop, " ".join(who), n, progress))


COMMANDS = [Command("recommend", Phrase("what a customer would buy next, and why"), run, long=True)]
