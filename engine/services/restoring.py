"""Back to a backup: it is looked at first, what is there now is kept, and the change is all of it or nothing.

backup ──copy──> staged (looked through, brought up to date, encrypted if the store is)
                   │   + what cannot be undone by going back: who said no, what was sent, who may talk
store ──copy──> kept aside                                        │
store <──one transaction of SQLite's, or one renaming ────────────┘
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

from sqlite_utils import Database

from engine import store
from engine.errors import NotAllowed, NotFound, StoreError
from engine.phrases import Phrase, to_json
from engine.services.backups import folder, own_backups
from engine.services.forgetting import forget_again
from engine.services.one_chat import chat_of
from engine.shop import Shop
from engine.store import connecting, copies, private_reports, restored, trail, upkeep
from engine.store.complaints import damaged, no_key
from engine.store.copies import Facts

COUNTED = ("customers", "orders", "products", "imports", "campaigns", "sends")
DOUBTFUL = Phrase("the database was lost and restored, so it is not known whether it was sent")

# What a restore must not undo: each puts what `before` knows of it into `restored`, in its transaction.
CARRIED: tuple[Callable[[Database, Database, datetime], object], ...] = (private_reports.carry,)


@dataclass(frozen=True)
class Going:
    """What a restore would do, or has done. `now` is None where the present store cannot be read, or there is none.

    `kept`: where the present store is kept; `refusals`: how many have said no since and stay so; `sent`: messages
    that went out since and are known to have; `doubtful`: those of which it is not known.
    """

    backup: Path
    then: Facts
    now: Facts | None
    encrypted: bool
    kept: Path | None = None
    refusals: int = 0
    sent: int = 0
    doubtful: int = 0

    @property
    def lost(self) -> Mapping[str, int]:
        """Rows that there are now and were not then, by table; only those that are fewer."""
        if self.now is None:
            return {}
        less = {name: self.now.rows.get(name, 0) - self.then.rows.get(name, 0) for name in COUNTED}
        return {name: n for name, n in less.items() if n > 0}


def look_at_backup(shop: Shop, file: Path) -> Going:
    """What going back to `file` would mean. Nothing is changed.

    Raises NotFound, or StoreError if it is no backup, damaged, too new, or its key is another.
    """
    with _staged(shop, file) as (staged, then):
        return Going(file, then, _present(shop), connecting.look(staged).kind == "encrypted")


def restore(shop: Shop, file: Path, *, who: str = "command line") -> Going:
    """The store is what it was in the backup, but for what cannot be undone; what was there is kept aside.

    Raises as `look_at_backup`, and NotAllowed while a bot answers the chat or another process has the store open.
    """
    with chat_of(shop), _not_sending(shop), _staged(shop, file) as (staged, then):
        done = _restored(shop, file, then, staged, who)
        # what cuts this off is made up for at the next start
        forget_again(shop, who=who)
        return done


def _restored(shop: Shop, file: Path, then: Facts, staged: Path, who: str) -> Going:
    now = _present(shop)
    if shop.path.exists() and connecting.look(shop.path).kind in ("plain", "encrypted"):
        try:
            return _into_the_store(shop, Going(file, then, now, encrypted=False), staged, who)
        except StoreError:
            # one that cannot be read cannot be written into either; it makes room
            if now is not None:
                raise
    return _in_its_place(shop, Going(file, then, None, encrypted=False), staged, who)


def _into_the_store(shop: Shop, going: Going, staged: Path, who: str) -> Going:
    with copies.held_alone(shop.path, shop.key) as live:
        if live is None:
            raise NotAllowed(
                Phrase("Another program has {path} open: end it first, and try again.", path=str(shop.path))
            )
        kept = _kept_name(shop)
        copies.copy_as_is(live, kept, shop.key)
        going = replace(going, kept=kept, encrypted=connecting.is_encrypted(live))
        done = _carried(shop, going, staged, who)
        copies.fill(live, shop.path, staged, shop.key)
        return done


def _in_its_place(shop: Shop, going: Going, staged: Path, who: str) -> Going:
    with connecting.changing(shop.path):
        if shop.path.exists():
            kept = _kept_name(shop)
            copies.brought_in(shop.path, kept)
            going = replace(going, kept=kept)
        done = _carried(shop, replace(going, encrypted=connecting.look(staged).kind == "encrypted"), staged, who)
        copies.put_in_place(staged, shop.path)
        return done


def _carried(shop: Shop, going: Going, staged: Path, who: str) -> Going:
    """What must not be undone, put into the staged store from the one that was kept aside, if that can be read."""
    at = shop.now()
    with store.connected(staged, shop.key) as db, store.transaction(db):
        restored.put_updates_aside(db, at)
        if going.kept is None or going.now is None:
            going = replace(going, doubtful=restored.doubt_what_was_sent(db, to_json(DOUBTFUL), at))
        else:
            with closing(copies.opened_to_read(going.kept, shop.key)) as connection:
                before = Database(connection)
                restored.keep_who_may_talk(db, before)
                for carry in CARRIED:
                    carry(db, before, at)
                going = replace(
                    going,
                    refusals=restored.keep_refusals(db, before, at),
                    sent=restored.keep_what_was_sent(db, before, at),
                )
        trail.add(db, at=at, who=who, deed="restored", subject=going.backup.name, cause=shop.cause)
    copies.sync(staged)
    return going


@contextmanager
def _staged(shop: Shop, file: Path) -> Iterator[tuple[Path, Facts]]:
    """The backup as the store would be, beside it, until the end; and what the backup itself held."""
    if not file.is_file():
        raise NotFound(_not_there(shop, file))
    if shop.path.exists() and file.samefile(shop.path):
        raise NotAllowed(Phrase("{path} is the database itself, and no backup of it.", path=str(file)))
    staged = shop.path.with_name(f"{shop.path.name}.restoring")
    folder(shop)
    try:
        copies.brought_in(file, staged)
        if connecting.look(staged).kind in ("empty", "other"):
            raise StoreError(_no_backup(shop, file))
        try:
            with closing(copies.opened_to_read(staged, shop.key)) as connection:
                then = _sound(shop, file, connection)
            with store.connected(staged, shop.key):
                """It is brought up to date."""
        except StoreError as error:
            hurt = error.phrase.message == damaged(file).message
            raise StoreError(_no_backup(shop, file) if hurt else _about(error.phrase, staged, file)) from error
        if connecting.look(staged).kind == "plain" and _is_to_be_encrypted(shop):
            _encrypt(staged, shop)
        yield staged, then
    finally:
        copies.remove(staged)


def _sound(shop: Shop, file: Path, connection: sqlite3.Connection) -> Facts:
    """What the copy of a backup holds. Raises StoreError if it is damaged."""
    with store.told(file):
        if upkeep.file_faults(Database(connection)):
            raise StoreError(damaged(file))
        return copies.facts(connection)


def _encrypt(staged: Path, shop: Shop) -> None:
    made = staged.with_name(f"{staged.name}-encrypted")
    try:
        with copies.held_alone(staged, None, by_cipher=True) as connection:
            if connection is None:
                raise NotAllowed(
                    Phrase("Another program has {path} open: end it first, and try again.", path=str(staged))
                )
            copies.converted(connection, made, shop.key)
        copies.put_in_place(made, staged)
    finally:
        copies.remove(made)


def _is_to_be_encrypted(shop: Shop) -> bool:
    """A plain backup comes back encrypted where the store is, or would be made so."""
    if shop.key is None:
        return False
    return not shop.path.exists() or connecting.look(shop.path).kind != "plain"


def _present(shop: Shop) -> Facts | None:
    if not shop.path.exists() or connecting.look(shop.path).kind == "empty":
        return None
    if connecting.look(shop.path).kind == "encrypted" and shop.key is None:
        raise StoreError(no_key(shop.path))
    try:
        with shop.open() as db:
            if upkeep.file_faults(db, quick=True):
                return None
            return copies.facts(db.conn)
    except StoreError:
        return None


@contextmanager
def _not_sending(shop: Shop) -> Iterator[None]:
    with upkeep.only_one(shop.path.with_name(f"{shop.path.name}-sending")) as alone:
        if not alone:
            raise NotAllowed(Phrase("A campaign is being sent; wait until that is done."))
        yield


def _kept_name(shop: Shop) -> Path:
    """A name for what is there now, which nothing has yet."""
    name = f"{shop.path.stem}-before-restore-{shop.now().astimezone():%Y-%m-%d-%H%M%S}"
    taken = {path.name for path in folder(shop).iterdir()}
    return shop.backups / next(
        made for n in count(1) if (made := f"{name}.db" if n == 1 else f"{name}-{n}.db") not in taken
    )


def _no_backup(shop: Shop, file: Path) -> Phrase:
    there = _others(shop, file)
    if not there:
        return Phrase("{path} is damaged or no backup of Zhike's; nothing was changed.", path=str(file))
    return Phrase(
        "{path} is damaged or no backup of Zhike's; nothing was changed. There are: {backups}",
        path=str(file),
        backups=there,
    )


def _not_there(shop: Shop, file: Path) -> Phrase:
    there = _others(shop, file)
    if not there:
        return Phrase("There is no backup at {path}.", path=str(file))
    return Phrase("There is no backup at {path}. There are: {backups}", path=str(file), backups=there)


def _others(shop: Shop, file: Path) -> tuple[str, ...]:
    return tuple(str(path) for path in own_backups(shop) if path != file)[:5]


def _about(phrase: Phrase, staged: Path, file: Path) -> Phrase:
    """The sentence as one about the backup, of which `staged` is a copy."""
    facts = {name: str(file) if fact == str(staged) else fact for name, fact in phrase.facts.items()}
    return Phrase(phrase.message, **facts)
