"""/customer NUMBER: one person's card."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Gap, Reply, Text
from bot.replies.customer import card_reply, list_reply
from engine import Phrase, Progress, Shop, customer_card, list_customers


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    if request.text:
        return card_reply(customer_card(shop, request.text))
    (best,) = list_reply(list_customers(shop, n=10)).parts
    ask = Phrase("Whose card? Send a customer's number, e-mail, phone or name.")
    return Reply((Text((*best.lines, Gap(), ask)),), awaits="/customer")


COMMANDS = [Command("customer", Phrase("one customer's card"), run)]
