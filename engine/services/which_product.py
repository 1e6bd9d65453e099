"""Which product a founder means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlite_utils import Database

from engine.errors import NotAllowed, NotFound
from engine.phrases import Phrase
from engine.shop import Shop
from engine.store import orders
from engine.store.orders import Product

NAMED = 5  # of several products, those that are told
OFFERED = 8  # of several products, those to choose from
REF = "#p"
_ALIKE = 0.5  # of the letters: a name less like it is no suggestion


@dataclass(frozen=True)
class ProductsLike:
    """Some of the `total` products that a text may mean, those whose name begins so first."""

    products: tuple[Product, ...]
    total: int


def product_named(shop: Shop, text: str) -> Product:
    """The one product that `text` means (`the_product`)."""
    with shop.open() as db:
        return the_product(db, text)


def products_like(shop: Shop, text: str) -> ProductsLike:
    """Products with all words of `text` somewhere in their number or names; at most `OFFERED`."""
    with shop.open() as db:
        found = _containing(orders.products(db).values(), text)
    return ProductsLike(tuple(found[:OFFERED]), len(found))


def product_ref(product_id: int) -> str:
    """A short name for a product that means it for good, for buttons; its key may be long."""
    return f"{REF}{product_id}"


def the_product(db: Database, text: str) -> Product:
    """The product that `text` means: its key, its name in either language, a part of it that no other has, its ref.

    Of one product under several numbers it is the first.
    Raises NotFound if it means none, which lists those that are called alike; NotAllowed if it may mean several.
    """
    goods = orders.products(db)
    if not goods:
        raise NotFound(Phrase("There are no products yet: import a file of orders or products first."))
    found = matching(goods.values(), text)
    if not found:
        raise _none(goods.values(), text)
    if len(found) > 1 and not _is_one_thing(found):
        raise NotAllowed(
            Phrase(
                "“{text}” may be one of {n} products: {names}. Write more of the name, or the product's number.",
                text=text.strip(),
                n=len(found),
                names=told(found[:NAMED]),
            )
        )
    return found[0]


def _is_one_thing(goods: Sequence[Product]) -> bool:
    """Whether all go by the same name in the same category: one product under several numbers."""
    return len({(folded(one.name.en), folded(one.name.zh), one.category) for one in goods}) == 1


def matching(goods: Iterable[Product], text: str) -> list[Product]:
    """All that `text` may mean: the one with this key or ref, else those of this very name, else those that have it
    in their name or number.
    """
    goods = list(goods)
    wanted = folded(text)
    if not wanted:
        return []
    for exact in (
        [one for one in goods if one.key == text.strip()],
        [one for one in goods if folded(one.key) == wanted],
        [one for one in goods if wanted in {folded(one.name.en), folded(one.name.zh)}],
        [one for one in goods if product_ref(one.id) == wanted],
    ):
        if exact:
            return exact
    return _containing(goods, text)


def told(goods: Iterable[Product]) -> tuple[Phrase, ...]:
    """Products as a sentence lists them."""
    return tuple(
        Phrase("{key}", key=one.key)
        if one.key in (one.name.en, one.name.zh)
        else Phrase("{name} ({key})", name=one.name, key=one.key)
        for one in goods
    )


def folded(text: str) -> str:
    """As names are compared: without case, width and surplus spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _containing(goods: Iterable[Product], text: str) -> list[Product]:
    wanted = folded(text)
    words = wanted.split()
    if not words:
        return []
    begin: list[Product] = []
    others: list[Product] = []
    for one in goods:
        names = (folded(one.name.en), folded(one.name.zh), folded(one.key))
        if all(any(word in name for name in names) for word in words):
            (begin if any(name.startswith(wanted) for name in names) else others).append(one)
    return [*begin, *others]


def _none(goods: Iterable[Product], text: str) -> NotFound:
    like = _alike(list(goods), text)
    if not like:
        return NotFound(
            Phrase("There is no product “{text}”: no product's name or number has it in it.", text=text.strip())
        )
    return NotFound(Phrase("There is no product “{text}”; similar are: {names}.", text=text.strip(), names=told(like)))


def _alike(goods: Sequence[Product], text: str) -> list[Product]:
    """Those whose name is spelled alike, or has one of the words."""
    by_name = {folded(name): one for one in goods for name in (one.name.en, one.name.zh, one.key)}
    near = get_close_matches(folded(text), by_name, n=NAMED, cutoff=_ALIKE)
    found = {by_name[name].id: by_name[name] for name in near}
    for word in folded(text).split():
        if len(word) > 2:
            found |= {one.id: one for one in _containing(goods, word)[:NAMED]}
    return list(found.values())[:NAMED]
