"""What a customer has said no to: a product that is not to come again, or any product at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.services.which_product import the_product
from engine.services.whom import the_one
from engine.services.wishes import wish_of
from engine.shop import Shop
from engine.store import orders, refusals, trail, transaction
from engine.store.customers import Customer
from engine.store.orders import Product

REFUSED = "refused"
TAKEN_BACK = "took back a refusal"
ANY = "any"  # as the trail calls any product at all


@dataclass(frozen=True)
class Refused:
    """What holds now for a customer and a product, or any product if None; `changed` is False if it did before."""

    customer: Customer
    product: Product | None
    refused: bool
    changed: bool


@dataclass(frozen=True)
class RefusedProduct:
    product: Product
    who: str
    at: datetime


@dataclass(frozen=True)
class Refusals:
    """All that one customer has said no to, the newest first; `none_since`: they want no product at all."""

    customer: Customer
    products: tuple[RefusedProduct, ...]
    none_since: datetime | None


def refuse(shop: Shop, customer: str, product: str, *, who: str = "owner") -> Refused:
    """From now on the customer is never shown this product, nor one that is the same thing under another number.

    Raises NotFound and NotAllowed where a text means nobody, nothing or several. The same again changes nothing.
    """
    return _said(shop, customer, product, True, who)


def take_back_refusal(shop: Shop, customer: str, product: str, *, who: str = "owner") -> Refused:
    """From now on the customer may be shown this product again. Raises as `refuse`."""
    return _said(shop, customer, product, False, who)


def refuse_all(shop: Shop, customer: str, *, who: str = "owner") -> Refused:
    """From now on the customer is shown no product at all. Raises NotFound and NotAllowed as `refuse`."""
    return _said(shop, customer, None, True, who)


def take_back_refusal_of_all(shop: Shop, customer: str, *, who: str = "owner") -> Refused:
    """From now on the customer is shown products again, but none that they have refused.

    Raises NotAllowed where a file says that they want none, besides as `refuse`.
    """
    return _said(shop, customer, None, False, who)


def refusals_of(shop: Shop, customer: str) -> Refusals:
    """All that the customer has said no to. Raises NotFound and NotAllowed as `refuse`."""
    with shop.open() as db:
        person, goods = the_one(db, customer), orders.products(db)
        found = refusals.of_customer(db, person.id)
    return Refusals(
        person,
        tuple(RefusedProduct(goods[one.product], one.who, one.at) for one in found if one.product is not None),
        next((one.at for one in found if one.product is None), None),
    )


def _said(shop: Shop, customer: str, product: str | None, no: bool, who: str) -> Refused:
    deed = REFUSED if no else TAKEN_BACK
    with shop.open() as db, transaction(db):
        person = the_one(db, customer)
        goods = None if product is None else the_product(db, product)
        if trail.done_before(db, deed, shop.cause) is not None:
            return Refused(person, goods, no, True)
        if not no and goods is None:
            _refuse_against_file(db, person)
        return Refused(person, goods, no, _changed(shop, db, person, goods, no, who))


def _refuse_against_file(db: Database, person: Customer) -> None:
    wish = wish_of(db, person.id)
    if wish is not None and wish.column is not None:
        raise NotAllowed(
            Phrase(
                "The column “{column}” of your file says that {who} wants no product: change it there, then import it.",
                column=wish.column,
                who=person.name or person.key,
            )
        )


def _changed(shop: Shop, db: Database, person: Customer, goods: Product | None, no: bool, who: str) -> bool:
    change = refusals.add if no else refusals.take_back
    id_ = None if goods is None else goods.id
    changed = change(db, person.id, id_, who=who, cause=shop.cause, at=shop.now())
    if changed:
        subject = f"{person.id} {ANY if id_ is None else id_}"
        trail.add(db, at=shop.now(), who=who, deed=REFUSED if no else TAKEN_BACK, subject=subject, cause=shop.cause)
    return changed
