"""Which process answers the shop's chat: one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.shop import Shop
from engine.store import upkeep


@contextmanager
def chat_of(shop: Shop) -> Iterator[None]:
    """This process is the one that answers the shop's chat.

    Raises NotAllowed if another one does.
    """
    answered = shop.at_house() or shop  # a bot that many founders share answers all of its shops
    with upkeep.only_one(answered.path.with_name(f"{answered.path.name}.chat")) as alone:
        if not alone:
            raise NotAllowed(
                Phrase(
                    "A Zhike answers the chat of {path} already: use that one, stop it first, or choose another "
                    "database with --db.",
                    path=str(answered.path),
                )
            )
        yield
