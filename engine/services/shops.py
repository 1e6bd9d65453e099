"""A bot that many founders share: a house with its own store, and one store for each founder's shop.

folder/house.db          the inbox, the codes, and who belongs to which shop; nothing of a customer's
folder/teahouse/zhike.db  all that one shop knows, with its files and backups beside it
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from engine import store
from engine.errors import NotAllowed, NotFound
from engine.phrases import Phrase
from engine.services.access import FOLDERS_FILE, passing_code, shop_in
from engine.shop import Shop
from engine.store import shops, trail
from engine.store.chats import OWNER
from engine.store.keys import Key

HOUSE = "house.db"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
GOOD_FOR = timedelta(days=3)  # an invitation, which goes by mail as often as not
MOST_SHOPS = 5000


@dataclass(frozen=True)
class ShopLine:
    """One shop as whoever runs the bot sees it; nothing of a customer's. `size` in bytes, with backups and files."""

    name: str
    since: datetime
    last_used: datetime | None
    size: int
    n_helpers: int
    state: str


def house_at(folder: Path, key: Key | None = None) -> Shop:
    return Shop(folder.absolute() / HOUSE, key=key)


def shop_at(path: Path, key: Key | None = None) -> Shop:
    """The shop whose store is at `path`, with its house if it is one of several."""
    house = path.parent.parent / HOUSE
    is_one_of_several = path.name == FOLDERS_FILE and NAME.fullmatch(path.parent.name) and house.is_file()
    return Shop(path, key=key, house=house if is_one_of_several else None)


def open_shops(house: Shop) -> tuple[Shop, ...]:
    """Those that have an owner, by name."""
    with house.open() as db:
        return tuple(shop_in(house, name) for name in shops.open_names(db))


def invite_founder(house: Shop, name: str | None = None, *, again: bool = False) -> tuple[str, str]:
    """The name of a shop, and a code that makes whoever sends it to the bot its owner: once, within three days.

    Raises NotAllowed for a name that cannot be one, and where there is an owner already and not `again`.
    """
    if name is not None and not NAME.fullmatch(name):
        raise NotAllowed(
            Phrase("{name} cannot be a shop's name here: use up to 32 of a-z, 0-9 and - , such as teahouse.", name=name)
        )
    with house.open() as db, store.transaction(db):
        there = {one.name: one for one in shops.every(db)}
        if name is None:
            name = next(f"shop-{n}" for n in range(1, MOST_SHOPS + 2) if f"shop-{n}" not in there)
        if name in there and there[name].has_owner and not again:
            raise NotAllowed(
                Phrase("{name} has an owner. To give it to somebody else, or to a new account: --again", name=name)
            )
        if len(there) >= MOST_SHOPS:
            raise NotAllowed(Phrase("There are {n} shops, as many as there may be.", n=len(there)))
        shops.add(db, name, house.now())
        trail.add(db, at=house.now(), who="console", deed="founder invited", subject=f"shop {name}", cause=None)
    return name, passing_code(shop_in(house, name), OWNER, who="console", good_for=GOOD_FOR)


def shops_of(house: Shop) -> tuple[ShopLine, ...]:
    with house.open() as db:
        there = shops.every(db)
    return tuple(
        ShopLine(
            one.name,
            one.since,
            one.last_used,
            _size(shop_in(house, one.name).path.parent),
            max(one.n_members - one.has_owner, 0),
            "closed" if one.closed else "open" if one.has_owner else "invited",
        )
        for one in there
    )


def close_shop(house: Shop, name: str) -> None:
    """Let nobody of this shop in any more; its data stay. Raises NotFound."""
    with house.open() as db, store.transaction(db):
        _must_be_there(db, name)
        shops.close(db, name, house.now())
        trail.add(db, at=house.now(), who="console", deed="shop closed", subject=f"shop {name}", cause=None)


def remove_shop(house: Shop, name: str) -> None:
    """Let nobody in, and delete all that the shop has, its backups included. Raises NotFound."""
    close_shop(house, name)
    shutil.rmtree(shop_in(house, name).path.parent, ignore_errors=True)
    with house.open() as db, store.transaction(db):
        shops.remove(db, name)
        trail.add(db, at=house.now(), who="console", deed="shop removed", subject=f"shop {name}", cause=None)


def _must_be_there(db: Database, name: str) -> None:
    names = [one.name for one in shops.every(db)]
    if name not in names:
        raise NotFound(Phrase("There is no shop {name}; there are: {names}", name=name, names=", ".join(names) or "–"))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
