"""Use cases: how long things are kept, and what is older goes, once a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from engine.phrases import Phrase
from engine.privacy.retention import KINDS, LISTS, PEOPLE, UPLOADS, Kept, read
from engine.services.forgetting import forget_all
from engine.shop import Shop
from engine.store import columns, retention, trail, transaction

SET = "retention set"
GONE = "too old"
WHO = "zhike"
AT_A_TIME = 2_000  # people on one day
_AS_THEY_CAME = ("received", "waiting")


@dataclass(frozen=True)
class KeptLine:
    """How long something is kept (None: for good), by whose word, and how many of it are older now."""

    kind: Kept
    days: int | None
    who: str | None
    n_old: int


def show_retention(shop: Shop) -> tuple[KeptLine, ...]:
    """What holds, and what would go on the next day; nothing is changed."""
    with shop.open() as db:
        said = retention.settings(db)
        lines = []
        for kind in KINDS.values():
            own = said.get(kind.name)
            days = kind.default if own is None else own.days
            n = 0 if days is None else _count(shop, db, kind.name, days)
            lines.append(KeptLine(kind, days, None if own is None else own.who, n))
        return tuple(lines)


def would_go(shop: Shop, text: str) -> KeptLine:
    """What would go if “text” held, such as “people 3 years”. Raises as `set_retention`."""
    kind, days = read(text)
    with shop.open() as db:
        return KeptLine(kind, days, None, 0 if days is None else _count(shop, db, kind.name, days))


def set_retention(shop: Shop, text: str, *, who: str = "owner") -> KeptLine:
    """From now on “text” holds, such as “events 2 years”; the same twice changes nothing.

    Raises NotFound and NotAllowed where it cannot be understood.
    """
    kind, days = read(text)
    with shop.open() as db, transaction(db):
        before = retention.settings(db).get(kind.name)
        now = kind.default if before is None else before.days
        if (before is None or now != days) and trail.done_before(db, SET, shop.cause) is None:
            retention.put(db, kind.name, days, who=who, cause=shop.cause, at=shop.now())
            subject = f"{kind.name} {'for good' if days is None else days}"
            trail.add(db, at=shop.now(), who=who, deed=SET, subject=subject, cause=shop.cause)
    return would_go(shop, text)


def keep_no_longer(shop: Shop) -> Phrase | None:
    """Take away what is older than it is to be kept; called once a day. What the owner is to be told, if anything."""
    told = [one for line in show_retention(shop) if line.days is not None and (one := _remove(shop, line)) is not None]
    return None if not told else Phrase("Kept long enough and gone now: {what}.", what=tuple(told))


def _remove(shop: Shop, line: KeptLine) -> Phrase | None:
    name, before = line.kind.name, _before(shop, line.days or 0)
    if not line.n_old:
        return None
    if name == PEOPLE:
        with shop.open() as db:
            ids = retention.without_sign(db, before, AT_A_TIME)
        n = forget_all(shop, ids, who=WHO)
    elif name in (UPLOADS, LISTS):
        n = _remove_files(shop, name, before)
    else:
        n = 0
    with shop.open() as db, transaction(db):
        if name in retention.IN_TABLES:
            n = retention.remove_old(db, name, before)
        if n:
            trail.add(db, at=shop.now(), who=WHO, deed=GONE, subject=f"{name} {n}", cause=None)
    return Phrase("{what}: {n}", what=line.kind.title, n=n) if n and line.who is not None else None


def _count(shop: Shop, db: Database, name: str, days: int) -> int:
    before = _before(shop, days)
    if name == PEOPLE:
        return len(retention.without_sign(db, before))
    if name in (UPLOADS, LISTS):
        return sum(1 for _ in _old_files(shop, name, before))
    return retention.count_old(db, name, before)


def _before(shop: Shop, days: int) -> datetime:
    return shop.now() - timedelta(days=days)


def _old_files(shop: Shop, name: str, before: datetime) -> Iterator[Path]:
    folder = shop.files
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        as_it_came = path.relative_to(folder).parts[0] in _AS_THEY_CAME
        if not path.is_file() or path.is_symlink() or as_it_came != (name == UPLOADS):
            continue
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
            yield path


def _remove_files(shop: Shop, name: str, before: datetime) -> int:
    gone = []
    for path in _old_files(shop, name, before):
        path.unlink(missing_ok=True)
        gone.append(path.name)
    with shop.open() as db, transaction(db):
        columns.drop_contents(db, gone)
    return len(gone)
