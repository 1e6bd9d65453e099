"""Use cases: a customer is forgotten, whole and for good.

    asked ──> who and what goes (a card) ──> yes ──> the shop's files ──> all tables, in one transaction ──> wiped
    restart, or another program in the way ──────────────────────────────────────────────────────────────────┘

What stays: the shop's sums, as of nobody; keyed hashes, so that a later file does not bring them back; a line in the
trail with a number that means nobody any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from engine.errors import NotAllowed, NotFound
from engine.intake import words
from engine.intake.same_person import EMAIL, ID, NAME, PHONE
from engine.phrases import Phrase
from engine.places import write_privately
from engine.privacy.traces import Traces
from engine.services.backups import lasting_backups
from engine.services.personal_files import files_naming, forget_in_files
from engine.services.whom import REF, referred, the_one
from engine.shop import Shop
from engine.store import bulk_transaction, columns, customers, forgetting, meta, suppressions, trail, transaction
from engine.store.complaints import database_errors
from engine.store.customers import Customer
from engine.store.suppressions import Key

FORGOTTEN = "forgotten"
LIFTED = "forgotten no more"
ASKED, TOO_OLD = "asked", "retention"
PATIENCE = 20.0  # seconds that another program may go on reading
AT_ONCE = 500  # people in one transaction


@dataclass(frozen=True)
class CustomerToForget:
    """Who would be forgotten, and what that means; nothing is changed yet.

    n_keys     under how many numbers, addresses and names they are known, in all files
    rows       how many rows of each table are of them
    orders     that stay, as nobody's, and their money
    n_files    of the shop's own files that name them
    copies     of the database that nothing removes but their owner, and that may still have them
    """

    customer: Customer
    n_keys: int
    rows: Mapping[str, int]
    orders: int
    money: float
    n_sent: int
    currency: str | None
    n_files: int
    copies: tuple[Path, ...] = ()


@dataclass(frozen=True)
class ForgottenCustomer:
    """What became of it. `wiped`: nothing is left in the file's empty space either, nor in its write-ahead file.

    `again`: they were forgotten before, by the same word. `files` were changed or removed. `copies` of the database
    may still have them, and stay until their owner removes them.
    """

    wiped: bool
    again: bool = False
    n_orders: int = 0
    n_keys: int = 0
    files: tuple[str, ...] = ()
    copies: tuple[Path, ...] = ()


def customer_to_forget(shop: Shop, text: str) -> CustomerToForget:
    """Whom `text` means and what would go. Raises NotFound and NotAllowed where it means nobody or several."""
    with shop.open() as db:
        who = _meant(db, text)
        with forgetting.listed(db, [who.id]):
            rows = forgetting.counts(db)
            n_orders, money, n_sent = forgetting.sums(db)
            told = forgetting.keys(db).get(who.id, set())
            found = forgetting.traces(db)
        currency = meta.read(db, "currency")
    named = files_naming(shop, found)
    return CustomerToForget(who, len(told), rows, n_orders, money, n_sent, currency, named, lasting_backups(shop))


def traces_of_customer(shop: Shop, text: str) -> Traces:
    """All that names the customer whom `text` means, for what lies beside the store. Raises as `customer_to_forget`.

    Nothing of somebody who is forgotten already by the same cause.
    """
    with shop.open() as db:
        if trail.done_before(db, FORGOTTEN, shop.cause) is not None:
            return Traces(frozenset())
        with forgetting.listed(db, [_meant(db, text).id]):
            return forgetting.traces(db)


def forget_customer(shop: Shop, text: str, *, who: str = "owner") -> ForgottenCustomer:
    """Everything about the customer whom `text` means leaves the store. Raises as `customer_to_forget`.

    It is done even where it cannot be wiped at once; `finish_forgetting` does that later.
    """
    with shop.open() as db:
        if trail.done_before(db, FORGOTTEN, shop.cause) is not None:
            return ForgottenCustomer(finish_forgetting(shop), again=True, copies=lasting_backups(shop))
        person = _meant(db, text)
        with forgetting.listed(db, [person.id]):
            found = forgetting.traces(db)
    # first, since nobody knows afterwards what to look for; done again if this is cut off
    files = _forget_in_files(shop, found)
    with shop.open() as db, bulk_transaction(db):
        if trail.done_before(db, FORGOTTEN, shop.cause) is None:
            _meant(db, f"{REF}{person.id}")
            n_orders, n_keys = _forget(db, shop, [person.id], why=ASKED, who=who, suppressed=None)
        else:
            n_orders = n_keys = 0
    return ForgottenCustomer(finish_forgetting(shop), False, n_orders, n_keys, files, lasting_backups(shop))


def forget_all(shop: Shop, ids: Sequence[int], *, who: str) -> int:
    """The same of many, whom nobody has asked to forget: only who unsubscribed is kept as a hash; how many there were.

    Others may come back with a new order.
    """
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        with shop.open() as db, forgetting.listed(db, some):
            found = forgetting.traces(db)
        _forget_in_files(shop, found)
        with shop.open() as db, bulk_transaction(db):
            unsubscribed = frozenset(forgetting.unsubscribed(db))
            _forget(db, replace(shop, cause=None), some, why=TOO_OLD, who=who, suppressed=unsubscribed)
    if ids:
        finish_forgetting(shop)
    return len(ids)


def finish_forgetting(shop: Shop) -> bool:
    """Wipe what forgotten people have left in the file, if anything; False if that has to wait for another program.

    Called at every start and every day: whatever cut it off, it is begun again.
    """
    if not shop.path.is_file():
        return True
    with shop.open() as db:
        told = _told_beside(shop)
        if told is not None and suppressions.lacks(db, told):
            # an older copy of the store was put in its place
            forget_again(shop)
            return not suppressions.unfinished(db)
        last = suppressions.unfinished(db)
        if not last:
            return True
        try:
            _keep_beside(shop, suppressions.dumped(db))
            wiped = forgetting.wipe(db, seconds=PATIENCE)
        except OSError:
            return False
        except database_errors():
            # no room for a copy, or somebody writes: tried again
            return False
        if wiped:
            with transaction(db):
                suppressions.finish(db, last, shop.now())
        return wiped


def forget_again(shop: Shop, *, who: str = "owner") -> int:
    """After an older copy was put back: whoever was forgotten since is forgotten again; how many that were.

    Who it is stands, as hashes, in a file beside the store that a copy does not replace.
    """
    told = _told_beside(shop)
    if told is None:
        return 0
    with shop.open() as db:
        with transaction(db):
            known = suppressions.merge(db, told)
        ids = forgetting.found_again(db, known)
        if ids:
            with forgetting.listed(db, ids):
                found = forgetting.traces(db)
            _forget_in_files(shop, found)
            with bulk_transaction(db):
                _forget(db, replace(shop, cause=None), ids, why=ASKED, who=who, suppressed=None)
    finish_forgetting(shop)
    return len(ids)


def let_back(shop: Shop, text: str, *, who: str = "owner") -> int:
    """Whoever was forgotten and is known by this address or number may come back with a later file; how many.

    Raises NotFound if nobody was forgotten who is known so.
    """
    with shop.open() as db, transaction(db):
        done = trail.done_before(db, LIFTED, shop.cause)
        if done is not None:
            return int(done)
        n = suppressions.lift(db, _keys_in(text))
        if not n:
            raise NotFound(Phrase("Nobody was forgotten who is known by “{text}”.", text=text))
        trail.add(db, at=shop.now(), who=who, deed=LIFTED, subject=str(n), cause=shop.cause)
        told = suppressions.dumped(db)
    _keep_beside(shop, told)
    return n


def _keys_in(text: str) -> list[Key]:
    said = text.strip()
    told: list[Key] = [(ID, "", said), (NAME, "", said)]
    told += [(kind, "", value) for kind, value in ((EMAIL, words.email(said)), (PHONE, words.phone(said))) if value]
    return told


def _meant(db: Database, text: str) -> Customer:
    id_ = referred(text, REF)
    if id_ is not None and not customers.known(db, id_) and trail.steps(db, str(id_), [FORGOTTEN]):
        raise NotFound(Phrase("They are forgotten already: nothing about them is left to forget."))
    return the_one(db, text)


def _forget(
    db: Database,
    shop: Shop,
    ids: Sequence[int],
    *,
    why: str,
    who: str,
    suppressed: frozenset[int] | None,
) -> tuple[int, int]:
    """How many orders stay, and how many keys are kept as hashes; those of `suppressed`, or None for all."""
    at: datetime = shop.now()
    with forgetting.listed(db, ids):
        number = suppressions.begin(db, why=why, people=len(ids), cause=shop.cause, at=at)
        told = forgetting.keys(db)
        kept = [keys for person, keys in told.items() if suppressed is None or person in suppressed]
        suppressions.add(db, number, kept)
        n_orders, _, _ = forgetting.sums(db)
        forgetting.remove(db, suppressions.forgotten(db), forgetting.traces(db))
    for i, id_ in enumerate(ids):
        cause = shop.cause if i == 0 else None
        trail.add(db, at=at, who=who, deed=FORGOTTEN, subject=str(id_), cause=cause)
    return n_orders, sum(map(len, kept))


def _forget_in_files(shop: Shop, found: Traces) -> tuple[str, ...]:
    try:
        changed = forget_in_files(shop, found)
    except OSError as error:
        raise NotAllowed(
            Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(shop.files))
        ) from error
    gone = [path_name for path_name in changed if not (shop.files / "waiting" / path_name).exists()]
    with shop.open() as db, transaction(db):
        columns.drop_contents(db, gone)
    return changed


def _beside(shop: Shop) -> Path:
    return shop.path.with_name(f"{shop.path.name}-forgotten")


def _told_beside(shop: Shop) -> str | None:
    """What stands in the file beside the store; None if there is none, or it cannot be read as what it should be."""
    try:
        told = _beside(shop).read_text("utf-8")
    except OSError:
        return None
    return told if suppressions.is_dump(told) else None


def _keep_beside(shop: Shop, dump: str) -> None:
    write_privately(_beside(shop), dump.encode())
