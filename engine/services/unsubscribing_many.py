"""Use cases: several people want no more messages: a list of them, a file of them, or a reply that was forwarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from engine import store
from engine.campaigns.channels import channel_named
from engine.errors import NotAllowed, NotFound
from engine.intake.opting_out import parted, reply_in
from engine.phrases import Phrase
from engine.services.named_people import LookedUp, columns_of, looked_up, looked_up_in, parts_of
from engine.services.unsubscribing import UNSUBSCRIBED, Said, unsubscribe
from engine.shop import Shop
from engine.store import consents, trail
from engine.store.customer_search import every_name

MANY = "unsubscribed many"
SHOWN = 5


@dataclass(frozen=True)
class SaidOfMany:
    """How many get no more messages now, and how many did not before; whom nobody knows, and who may be several."""

    n_changed: int
    n_before: int
    channel: str
    unknown: tuple[str, ...] = ()
    several: tuple[str, ...] = ()


def is_opting_out(text: str) -> bool:
    """Whether a text is a forwarded reply by which somebody wants no more messages."""
    return reply_in(text) is not None


def unsubscribe_told(shop: Shop, text: str, *, channel: str = consents.ANY, who: str = "owner") -> Said | SaidOfMany:
    """Nothing more is sent to whom `text` means: one customer, or those of a list or of a forwarded reply.

    Raises NotFound and NotAllowed where it means nobody, or one text means several.
    """
    reply = reply_in(text)
    parts = parts_of(text)
    if reply is not None and len(reply.addresses) == 1:
        how = f"reply “{reply.word}”, told by {who}"
        return unsubscribe(shop, reply.addresses[0], channel=channel, who=who, how=how)
    if len(parts) < 2:
        return unsubscribe(shop, text, channel=channel, who=who)
    return _unsubscribe(shop, parted(parts), f"list told by {who}", channel, who)


def unsubscribe_file(
    shop: Shop, path: Path, *, name: str | None = None, channel: str = consents.ANY, who: str = "owner"
) -> SaidOfMany:
    """The same of everybody in a file: the column in which most are known counts, a list without a header too.

    Raises FileRefused for a file that cannot be read, NotFound if it names nobody who is known.
    """
    called = name or path.name
    columns = columns_of(path, called)
    with shop.open() as db:
        found = looked_up_in(every_name(db), columns)
    return _withdraw(shop, found, f"file {called}: unsubscribed", channel, who)


def _unsubscribe(shop: Shop, texts: Sequence[str], how: str, channel: str, who: str) -> SaidOfMany:
    with shop.open() as db:
        found = looked_up(every_name(db), texts)
    return _withdraw(shop, found, how, channel, who)


def _withdraw(shop: Shop, found: LookedUp, how: str, channel: str, who: str) -> SaidOfMany:
    if channel != consents.ANY:
        channel_named(channel)
    rest = (channel, tuple(found.unknown), tuple(found.several))
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, MANY, shop.cause)
        if done is not None:
            n_changed, n = map(int, done.split(" of "))
            return SaidOfMany(n_changed, n - n_changed, *rest)
        if not found.members:
            raise _nobody(found)
        changed = _changed(db, found.members, channel)
        consents.say_of_many(db, changed, consents.WITHDRAWN, channel=channel, how=how, at=shop.now())
        for customer in changed:
            trail.add(db, at=shop.now(), who=who, deed=UNSUBSCRIBED, subject=str(customer), cause=None)
        subject = f"{len(changed)} of {len(found.members)}"
        trail.add(db, at=shop.now(), who=who, deed=MANY, subject=subject, cause=shop.cause)
    return SaidOfMany(len(changed), len(found.members) - len(changed), *rest)


def _changed(db: Database, customers: Sequence[int], channel: str) -> list[int]:
    states = consents.states(db, None if channel == consents.ANY else channel)
    return [customer for customer in customers if states.get(customer) != consents.WITHDRAWN]


def _nobody(found: LookedUp) -> NotFound | NotAllowed:
    names = tuple(Phrase("“{name}”", name=text[:60]) for text in (*found.several, *found.unknown)[:SHOWN])
    if found.several:
        return NotAllowed(
            Phrase("Each of these may be several customers: {names}. Give customer numbers or addresses.", names=names)
        )
    return NotFound(Phrase("Nobody of these is known, so nobody was unsubscribed: {names}.", names=names))
