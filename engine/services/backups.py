"""Copies of the store: one where the owner wants it, and one a day beside the database."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from engine.errors import NotAllowed, NotFound, StoreError
from engine.phrases import Phrase
from engine.shop import Shop
from engine.store import copies
from engine.store.complaints import file_told

KEPT_DAYS = 7
FEWEST_KEPT = 2  # of them, whatever day it is said to be
_DAILY = re.compile(r".+-(\d{4}-\d\d-\d\d)\.db")


def back_up(shop: Shop, target: Path) -> Path:
    """A copy of the store at `target`, looked through and on the disk; the path that was written.

    It is encrypted as the store is. Raises NotFound if there is no store, NotAllowed if something is there already,
    StoreError if it cannot be written, or the store is damaged.
    """
    must_exist(shop)
    if target.is_dir():
        target = target / f"zhike-{shop.now():%Y%m%d-%H%M%S}.db"
    if target.exists():
        raise NotAllowed(Phrase("{path} is there already: choose another name for the backup.", path=str(target)))
    with shop.open() as db:
        copies.copy_to(db, target, shop.key)
    return target


def back_up_beside(shop: Shop, why: str = "") -> Path:
    """A backup in the shop's own folder for them, named after the moment. Raises as `back_up`."""
    made = folder(shop) / f"{shop.path.stem}-{shop.now().astimezone():%Y-%m-%d-%H%M%S}{why}.db"
    return back_up(shop, made)


def back_up_daily(shop: Shop) -> None:
    """Today's backup is there, and those of more than a week ago are gone. Raises as `back_up`.

    An old one is removed only when today's has been looked through.
    """
    must_exist(shop)
    today = shop.now().astimezone().date()
    target = folder(shop) / f"{shop.path.stem}-{today}.db"
    with shop.open() as db:
        copies.copy_to(db, target, shop.key)  # in the place of one that was begun today
    remove_old(shop, today)


def remove_old(shop: Shop, today: date) -> list[Path]:
    """The daily backups that are removed: of more than a week ago, but for the two newest."""
    made = daily_backups(shop)
    old = [path for day, path in made[:-FEWEST_KEPT] if day <= today - timedelta(days=KEPT_DAYS)]
    for path in old:
        copies.remove(path)
    return old


def daily_backups(shop: Shop) -> list[tuple[date, Path]]:
    """The day and the file of each, the oldest first."""
    found = []
    for path in shop.backups.glob(f"{shop.path.stem}-*.db"):
        match = _DAILY.fullmatch(path.name)
        if match is not None:
            try:
                found.append((date.fromisoformat(match[1]), path))
            except ValueError:
                continue
    return sorted(found)


def own_backups(shop: Shop) -> list[Path]:
    """Every backup in the shop's folder, the newest first."""
    return sorted(shop.backups.glob("*.db"), key=lambda path: path.stat().st_mtime, reverse=True)


def lasting_backups(shop: Shop) -> tuple[Path, ...]:
    """Those in the shop's folder that nothing removes but their owner: made on demand, or before a restore."""
    daily = {path for _, path in daily_backups(shop)}
    return tuple(path for path in own_backups(shop) if path not in daily)


def folder(shop: Shop) -> Path:
    """The folder for the shop's own backups, which is made if absent; its owner's alone. Raises StoreError."""
    with file_told(shop.backups):
        shop.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    return shop.backups


def must_exist(shop: Shop) -> None:
    if not shop.path.is_file():
        raise NotFound(Phrase("There is no database at {path}: say which with --db.", path=str(shop.path)))
    if shop.path.stat().st_size == 0:
        raise StoreError(Phrase("{path} is empty: there is no shop in it.", path=str(shop.path)))
