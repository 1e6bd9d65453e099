"""Which customer a founder means."""

from __future__ import annotations

from sqlite_utils import Database

from engine.errors import NotAllowed, NotFound
from engine.phrases import Phrase
from engine.store import customers
from engine.store.customers import Customer

NAMED = 5  # of several customers, the numbers that are told


def the_one(db: Database, text: str) -> Customer:
    """The customer whom `text` means: a key, an e-mail, a phone number or a name.

    Raises NotFound if it means nobody, NotAllowed if several.
    """
    found = customers.found(db, text) if text.strip() else []
    if not found:
        raise NotFound(
            Phrase(
                "There is no customer “{text}”: give a customer number from your file, an e-mail, a phone number or "
                "a name.",
                text=text,
            )
        )
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
