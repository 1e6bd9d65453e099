"""/customer NUMBER: one person's card."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Gap, Reply, Text
from bot.replies.customer import card_reply, list_reply, whom_reply
from bot.roles import ANYTHING
from engine import (
    NotAllowed,
    NotFound,
    Phrase,
    Progress,
    Shop,
    customer_card,
    customer_named,
    customers_like,
    list_customers,
)


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    if request.text:
        try:
            who = customer_named(shop, request.text)
        except (NotFound, NotAllowed) as error:
            return one_of_them(shop, request.text, "/customer", error)
        return card_reply(customer_card(shop, who.key))
    (best,) = list_reply(list_customers(shop, n=10)).parts
    ask = Phrase("Who would you like to see? Send a name, or part of it; a customer number, e-mail or phone works too.")
    return Reply((Text((*best.lines, Gap(), ask)),), awaits="/customer")


def one_of_them(shop: Shop, text: str, command: str, error: NotFound | NotAllowed) -> Reply:
    """Those whom `text` may mean, to choose from for `command`; raises `error` if there are none."""
    like = customers_like(shop, text)
    if not like.customers:
        raise error
    return whom_reply(text, like, command)


COMMANDS = [Command("customer", Phrase("one customer's card"), run, helpers=ANYTHING)]
