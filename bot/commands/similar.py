"""/similar PRODUCT: what the same people buy, and what is alike."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Reply, Text
from bot.replies.products import which_product_reply
from bot.replies.similar import similar_reply
from bot.roles import ANYTHING
from engine import NotAllowed, NotFound, Phrase, Progress, Shop, product_named, product_ref, products_like, similar_to


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    if not request.text:
        ask = Phrase("For which product? Send its name, or part of it; its number works too.")
        return Reply((Text((ask,)),), awaits="/similar")
    try:
        product = product_named(shop, request.text)
    except (NotFound, NotAllowed):
        like = products_like(shop, request.text)
        if not like.products:
            raise
        return which_product_reply(request.text, like, "/similar")
    return similar_reply(similar_to(shop, product_ref(product.id), progress=progress))


COMMANDS = [
    Command(
        "similar",
        Phrase("what is like a product: bought by the same people, or alike"),
        run,
        long=True,
        helpers=ANYTHING,
    )
]
