"""/recommend CUSTOMER: what they would buy next."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.commands.customer import one_of_them
from bot.replies import Reply, Text
from bot.replies.recommend import recommendations_reply
from engine import NotAllowed, NotFound, Phrase, Progress, Shop, customer_named, recommend_for


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    words = request.words
    if not words:
        ask = Phrase("For which customer? Send a name, or part of it; a customer number, e-mail or phone works too.")
        return Reply((Text((ask,)),), awaits="/recommend")
    n, who = (
        (int(words[-1]), words[:-1]) if len(words) > 1 and words[-1].isdecimal() and len(words[-1]) < 3 else (5, words)
    )
    text = " ".join(who)
    try:
        customer = customer_named(shop, text)
    except (NotFound, NotAllowed) as error:
        return one_of_them(shop, text, "/recommend", error)
    return recommendations_reply(recommend_for(shop, customer.key, n, progress))


COMMANDS = [Command("recommend", Phrase("what a customer would buy next, and why"), run, long=True)]
