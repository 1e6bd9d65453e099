"""Whether the store is sound, and copies of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.errors import NotAllowed, NotFound
from engine.phrases import Phrase
from engine.shop import Shop
from engine.store import told, upkeep


@dataclass(frozen=True)
class Health:
    """`faults` in English, for whoever mends it; empty if the store is sound. `sizes`: rows per table."""

    path: Path
    faults: tuple[str, ...]
    sizes: Mapping[str, int]


def check_store(shop: Shop) -> Health:
    """Is the file whole, does each reference lead somewhere, and do the figures agree with each other?"""
    _must_exist(shop)
    with shop.open() as db:
        return Health(shop.path, tuple(upkeep.faults(db)), upkeep.table_sizes(db))


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


def back_up(shop: Shop, target: Path) -> Path:
    """A copy of the store at `target`, whole at any moment; the path that was written.

    Raises NotFound if there is no store, NotAllowed if something is there already, or the folder cannot be written to.
    """
    _must_exist(shop)
    if target.is_dir():
        target = target / f"zhike-{shop.now():%Y%m%d-%H%M%S}.db"
    if target.exists():
        raise NotAllowed(Phrase("{path} is there already: choose another name for the backup.", path=str(target)))
    try:
        with shop.open() as db, told(target):
            upkeep.copy_to(db, target)
    except OSError as error:
        raise NotAllowed(
            Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(target))
        ) from error
    return target


def _must_exist(shop: Shop) -> None:
    if not shop.path.is_file():
        raise NotFound(Phrase("There is no database at {path}: say which with --db.", path=str(shop.path)))
