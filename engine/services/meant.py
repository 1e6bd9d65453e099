"""What a founder means by a text where a customer, a group of customers or a product can be meant.

Who is called so exactly goes before whose name has it in it. A ref means one thing for good, and fits on a button:
`#c12` a customer, `#s3` a segment, `#gnew-warned` a group of the lifecycle, `#p7` a product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from engine.errors import NotFound
from engine.phrases import Name, Phrase
from engine.services.lifecycle import GroupLine
from engine.services.lifecycle_people import lifecycle_audience, lifecycle_groups
from engine.services.segment_rules import owner_rules
from engine.services.which_product import folded, matching, product_ref
from engine.services.whom import customer_ref, meant_by, referred
from engine.shop import Shop
from engine.store import orders, segments
from engine.store.customer_search import containing
from engine.store.customers import Customer

OFFERED = 8  # of each kind
SEGMENT, GROUP = "#s", "#g"

Kind = Literal["customer", "group", "product"]


@dataclass(frozen=True)
class Meant:
    """One thing that a text may mean: its ref, what it is called, and its number in the shop's own system."""

    kind: Kind
    ref: str
    name: Phrase
    key: str


@dataclass(frozen=True)
class Meanings:
    """All that a text may mean; `n_more` could not be named, so that more of the name is needed."""

    text: str
    found: tuple[Meant, ...]
    n_more: int


def segment_ref(segment_id: int) -> str:
    return f"{SEGMENT}{segment_id}"


def group_ref(key: str) -> str:
    return f"{GROUP}{key}"


def meanings(shop: Shop, text: str, spoken: Callable[[Phrase], list[str]]) -> Meanings:
    """All that `text` may mean; `spoken` gives a name in the languages of the face. Raises NotFound for nothing."""
    groups = _groups(shop)
    with shop.open() as db:
        exact = _exact(db, groups, text, spoken)
        if exact:
            return Meanings(text, tuple(exact[:OFFERED]), max(0, len(exact) - OFFERED))
        found, n_more = _partly(db, groups, text, spoken)
    if not found:
        raise NotFound(
            Phrase(
                "Nothing is called “{text}”: no customer's name, number, e-mail or phone, no segment, no product.",
                text=text.strip(),
            )
        )
    return Meanings(text, tuple(found), n_more)


def _exact(db: Database, groups: list[Meant], text: str, spoken: Callable[[Phrase], list[str]]) -> list[Meant]:
    wanted = folded(text)
    people = meant_by(db, text)
    called = [one for one in groups if wanted in {folded(one.ref), folded(one.key), *map(folded, spoken(one.name))}]
    if not called and (number := referred(text, SEGMENT)) is not None:
        older = segments.by_id(db, number)
        called = [] if older is None else [_segment(older.id, older.name, older.key)]
    goods = [
        one
        for one in matching(orders.products(db).values(), text)
        if wanted in {folded(one.key), folded(one.name.en), folded(one.name.zh), product_ref(one.id)}
    ]
    return [*map(_customer, people), *called[:1], *(_product(one.id, one.name, one.key) for one in goods)]


def _partly(
    db: Database, groups: list[Meant], text: str, spoken: Callable[[Phrase], list[str]]
) -> tuple[list[Meant], int]:
    people, n_people = containing(db, text, OFFERED)
    wanted = folded(text)
    called = [one for one in groups if wanted and any(wanted in folded(name) for name in spoken(one.name))]
    goods = matching(orders.products(db).values(), text)
    shown = [
        *map(_customer, people),
        *called[:OFFERED],
        *(_product(one.id, one.name, one.key) for one in goods[:OFFERED]),
    ]
    return shown, n_people + len(called) + len(goods) - len(shown)


def _groups(shop: Shop) -> list[Meant]:
    """The owner's own segments, those of the newest run, and the groups of the lifecycle."""
    own = [rule.segment for rule in owner_rules(shop) if rule.segment is not None]
    with shop.open() as db:
        newest = segments.latest(db)
    found = [*own, *(() if newest is None else newest.segments)]
    return [*(_segment(one.id, one.name, one.key) for one in found), *map(_stage, lifecycle_groups(shop))]


def _segment(id_: int, name: Phrase, key: str) -> Meant:
    return Meant("group", segment_ref(id_), name, key)


def _stage(group: GroupLine) -> Meant:
    return Meant("group", group_ref(group.key), group.name, group.key)


def _customer(who: Customer) -> Meant:
    name = Phrase("{name} ({key})", name=who.name, key=who.key) if who.name else Phrase("{key}", key=who.key)
    return Meant("customer", customer_ref(who.id), name, who.key)


def _product(id_: int, name: Name, key: str) -> Meant:
    return Meant("product", product_ref(id_), Phrase("{product}", product=name), key)


def segment_meant(shop: Shop, ref: str) -> int | None:
    """The id of the segment that a ref of a segment or group means, which is made an audience; None for another ref.

    Raises NotFound and NotAllowed as `lifecycle_audience`.
    """
    if ref.startswith(GROUP):
        return lifecycle_audience(shop, ref.removeprefix(GROUP)).id
    return referred(ref, SEGMENT)
