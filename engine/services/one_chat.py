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
    with upkeep.only_one(shop.path.with_name(f"{shop.path.name}.chat")) as alone:
        if not alone:
            raise NotAllowed(
                Phrase(
                    "A Zhike answers the chat of {path} already: use that one, stop it first, or choose another "
                    "database with --db.",
                    path=str(shop.path),
                )
            )
        yield
