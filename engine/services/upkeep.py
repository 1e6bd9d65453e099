"""Whether the store is sound, and which process answers its chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.services.backups import must_exist
from engine.shop import Shop
from engine.store import upkeep


@dataclass(frozen=True)
class Health:
    """`faults` in English, for whoever mends it; empty if the store is sound. `sizes`: rows per table."""

    path: Path
    faults: tuple[str, ...]
    sizes: Mapping[str, int]


def check_store(shop: Shop) -> Health:
    """Is the file whole, does each reference lead somewhere, and do the figures agree with each other?"""
    must_exist(shop)
    with shop.open() as db:
        found = tuple(upkeep.faults(db))
        return Health(shop.path, found, {} if upkeep.file_faults(db, quick=True) else upkeep.table_sizes(db))


@contextmanager
def chat_of(shop: Shop) -> Iterator[None]:
    """This process is the one that answers the shop's chat.

    Raises NotAllowed if another one does.
    """
    with upkeep.only_one(chat_lock(shop)) as alone:
        if not alone:
            raise NotAllowed(
                Phrase(
                    "A Zhike answers the chat of {path} already: use that one, stop it first, or choose another "
                    "database with --db.",
                    path=str(shop.path),
                )
            )
        yield


def chat_lock(shop: Shop) -> Path:
    return shop.path.with_name(f"{shop.path.name}.chat")
