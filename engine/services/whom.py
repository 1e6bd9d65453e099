"""Which customer a founder means."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from engine.errors import NotAllowed, NotFound
from engine.phrases import Phrase
from engine.shop import Shop
from engine.store import customers
from engine.store.customer_search import containing
from engine.store.customers import Customer

NAMED = 5  # of several customers, the numbers that are told
OFFERED = 8  # of several customers, those to choose from
REF = "#c"


@dataclass(frozen=True)
class Namesakes:
    """Some of the `total` customers whom a text may mean, those whose name begins so first."""

    customers: tuple[Customer, ...]
    total: int


def customer_named(shop: Shop, text: str) -> Customer:
    """The one customer whom `text` means: a key, an e-mail, a phone number or a name.

    Raises NotFound if it means nobody, NotAllowed if several.
    """
    with shop.open() as db:
        return the_one(db, text)


def customers_like(shop: Shop, text: str) -> Namesakes:
    """Customers with all words of `text` somewhere in their name, number, e-mail or phone; at most `OFFERED`."""
    with shop.open() as db:
        found, total = containing(db, text, OFFERED)
        return Namesakes(tuple(found), total)


def customer_ref(customer_id: int) -> str:
    """A short name for a customer that means them for good, for buttons; their key may be long."""
    return f"{REF}{customer_id}"


def referred(ref: str, prefix: str) -> int | None:
    """The id in a ref such as #c12, whose prefix is #c; None if it is none."""
    number = ref.strip().removeprefix(prefix)
    return int(number) if number != ref.strip() and number.isdecimal() and len(number) < 19 else None


def meant_by(db: Database, text: str) -> list[Customer]:
    """Who is called so exactly: by a key, an e-mail, a phone number, a name or a ref."""
    id_ = referred(text, REF)
    if id_ is not None and customers.known(db, id_):
        return customers.by_ids(db, [id_])
    return customers.found(db, text) if text.strip() else []


def the_one(db: Database, text: str) -> Customer:
    """The customer whom `text` means: a key, an e-mail, a phone number, a name or a ref.

    Raises NotFound if it means nobody, NotAllowed if several.
    """
    found = meant_by(db, text)
    if not found:
        raise _nobody(db, text)
    if len(found) > 1:
        keys = tuple(customer.key for customer in found[:NAMED])
        raise NotAllowed(
            Phrase(
                "“{text}” may be one of several customers: give the customer number, such as {keys}.",
                text=text,
                keys=keys,
            )
        )
    return found[0]


def _nobody(db: Database, text: str) -> NotFound:
    like, _ = containing(db, text, NAMED)
    if not like:
        return NotFound(
            Phrase(
                "There is no customer “{text}”: no customer number, name, e-mail or phone in your files has it in it.",
                text=text,
            )
        )
    names = tuple(
        Phrase("{name} ({key})", name=one.name, key=one.key) if one.name else Phrase("{key}", key=one.key)
        for one in like
    )
    return NotFound(Phrase("No customer is called just “{text}”; similar are: {names}.", text=text, names=names))
