"""Whether the store is sound, and what its owner should look after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.phrases import Phrase
from engine.services.backups import must_exist
from engine.services.start_checks import folder_check, open_to_others, standing_checks
from engine.shop import Shop
from engine.store import upkeep


@dataclass(frozen=True)
class Health:
    """`faults` in English, for whoever mends it; empty if the store is sound. `sizes`: rows per table.

    `notes`: what the owner should look after although it is sound.
    """

    path: Path
    faults: tuple[str, ...]
    sizes: Mapping[str, int]
    notes: tuple[Phrase, ...] = ()


def check_store(shop: Shop) -> Health:
    """Is the file whole, does each reference lead somewhere, and do the figures agree with each other?"""
    must_exist(shop)
    with shop.open() as db:
        broken = tuple(upkeep.file_faults(db))
        if broken:
            return Health(shop.path, broken, {})
        notes = (*open_to_others(shop.path), *folder_check(shop.path), *standing_checks(shop, upkeep.newest_moment(db)))
        return Health(shop.path, tuple(upkeep.faults(db)), upkeep.table_sizes(db), notes)
