"""Before anything is answered: can the store be trusted, written to, and is there room for it?"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
from datetime import datetime, timedelta
from pathlib import Path

from engine import store
from engine.errors import StoreError
from engine.phrases import Phrase
from engine.services.backups import own_backups
from engine.services.encrypting import is_encrypted
from engine.shop import Shop
from engine.store import meta, upkeep
from engine.store.complaints import damaged

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 37)  # strict tables
LEAST_FREE = 200_000_000  # bytes, or as many as the database has
LAST_SEEN = "last seen"  # in `meta`: when the bot was last known to run
CLOCK_MAY_LAG = timedelta(minutes=5)


def start_checks(shop: Shop) -> tuple[Phrase, ...]:
    """What the owner should look after; what others could read is the owner's alone from here on.

    Raises StoreError with what to do where Zhike cannot work: a damaged, foreign or newer database, one that cannot
    be written to, a Python or SQLite that is too old.
    """
    _refuse_old(sys.version_info[:2], sqlite3.sqlite_version_info)
    was_readable = _closed_to_others(shop.path)
    _refuse_damaged(shop)
    with shop.open() as db:
        newest = upkeep.newest_moment(db)
        # a disk that is full, or a file that may only be read, shows here and not at the first message
        with store.transaction(db):
            meta.write(db, LAST_SEEN, shop.now().isoformat())
    return (*was_readable, *folder_check(shop.path), *standing_checks(shop, newest))


def standing_checks(shop: Shop, newest: datetime | None = None) -> tuple[Phrase, ...]:
    """What the owner should look after on any day: room on the disk, the clock, the key. `newest`: of the store."""
    if newest is None:
        with shop.open() as db:
            newest = upkeep.newest_moment(db)
    return (*_clock(shop, newest), *_room(shop.path), *_key(shop))


def _refuse_damaged(shop: Shop) -> None:
    try:
        with shop.open() as db:
            found = upkeep.file_faults(db, quick=True)
    except StoreError as error:
        if error.phrase.message != damaged(shop.path).message or not own_backups(shop):
            raise
        raise StoreError(damaged_with_backups(shop)) from error
    if found:
        raise StoreError(damaged_with_backups(shop))


def damaged_with_backups(shop: Shop) -> Phrase:
    there = own_backups(shop)
    if not there:
        return Phrase(
            "{path} is damaged, and there is no backup beside it: see with zhike check, and ask for help.",
            path=str(shop.path),
        )
    return Phrase(
        "{path} is damaged. Go back to the last backup: zhike restore {backup}",
        path=str(shop.path),
        backup=str(there[0]),
    )


def _refuse_old(python: tuple[int, ...], sqlite: tuple[int, ...]) -> None:
    for name, found, least in (("Python", python, OLDEST_PYTHON), ("SQLite", sqlite, OLDEST_SQLITE)):
        if found < least:
            raise StoreError(
                Phrase(
                    "{name} {least} or newer is needed; this is {found}: install a newer Python and start Zhike "
                    "with that.",
                    name=name,
                    least=_version(least),
                    found=_version(found),
                )
            )


def _version(numbers: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in numbers)


def open_to_others(path: Path) -> tuple[Phrase, ...]:
    """What is said of a database that others can read."""
    if not _readable(path):
        return ()
    return (
        Phrase("Other users of this computer can read {path}: make it yours alone, with chmod 600.", path=str(path)),
    )


def folder_check(path: Path) -> tuple[Phrase, ...]:
    """What is said of a database in whose folder others may write."""
    mode = path.parent.stat().st_mode
    if os.name == "nt" or not mode & 0o022 or mode & stat.S_ISVTX:
        return ()
    return (
        Phrase(
            "Other users of this computer can take away or replace what is in {path}: make the folder yours alone, "
            "with chmod 700.",
            path=str(path.parent),
        ),
    )


def _closed_to_others(path: Path) -> tuple[Phrase, ...]:
    opened = _readable(path)
    if not opened:
        return ()
    try:
        for file in opened:
            file.chmod(0o600)
    except OSError:
        return open_to_others(path)
    return (Phrase("Other users of this computer could read {path}; now it is yours alone.", path=str(path)),)


def _readable(path: Path) -> list[Path]:
    """Which files of the database others may read or write."""
    if os.name == "nt":
        return []  # there a user's own folders are closed by themselves
    files = (path.with_name(path.name + side) for side in ("", "-wal", "-shm", ".chat", "-sending"))
    return [file for file in files if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o077]


def _clock(shop: Shop, newest: datetime | None) -> tuple[Phrase, ...]:
    if newest is None or newest <= shop.now() + CLOCK_MAY_LAG:
        return ()
    return (
        Phrase(
            "This computer's clock seems to be set back: it says {now}, and something was stored at {newest}. Put it "
            "right; until then days and quiet hours are reckoned by it.",
            now=shop.now(),
            newest=newest,
        ),
    )


def _room(path: Path) -> tuple[Phrase, ...]:
    free, needed = shutil.disk_usage(path.parent).free, max(LEAST_FREE, path.stat().st_size)
    if free >= needed:
        return ()
    return (
        Phrase(
            "The disk of {path} has only {free} MB left; Zhike needs {needed} MB to work safely. Free some space.",
            path=str(path),
            free=free // 1_000_000,
            needed=needed // 1_000_000,
        ),
    )


def _key(shop: Shop) -> tuple[Phrase, ...]:
    if shop.key is None or is_encrypted(shop):
        return ()
    return (Phrase("There is a key, but {path} is not encrypted: zhike encrypt does it.", path=str(shop.path)),)
