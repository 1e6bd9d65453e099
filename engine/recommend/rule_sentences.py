"""The rules in words: what holds, and what each took out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from engine.phrases import Money, Name, Phrase, counted
from engine.recommend.rules import Pin, Rules

# after "{n}× ", in a list of what the rules took out
NAMED_RULES = {
    "wanting_none": Phrase("asked for no product"),
    "gone": Phrase("no longer in the shop"),
    "excluded": Phrase("left out by you"),
    "paused": Phrase("paused by you"),
    "in_stock": Phrase("sold out"),
    "price": Phrase("outside your prices"),
    "least_margin": Phrase("below your margin"),
    "only_categories": Phrase("of other categories"),
    "other_categories": Phrase("of a category left out"),
    "bought_with": Phrase("not bought together with it"),
    "refused": Phrase("said no to"),
    "rest_days": Phrase("bought lately"),
    "twins": Phrase("the same under another number"),
    "most_per_category": Phrase("too many of a category"),
}

VARIETY = {"none": 1.0, "some": 0.7, "much": 0.4}  # and MMR's lambda
VARIETY_WORDS = {"none": Phrase("no variety"), "some": Phrase("some variety"), "much": Phrase("much variety")}

Naming = Callable[[str], Name]


class Sentence(NamedTuple):
    """One thing that holds; `clear` is what the founder types behind /rules to end it."""

    rule: str
    words: Phrase
    clear: str


def sentences(
    rules: Rules, name_of: Naming, segment_of: Callable[[str], Phrase], currency: str | None
) -> list[Sentence]:
    """All that holds, in the order in which it is applied. `name_of` gives a product's name by its key."""
    return [
        *_of_products(rules, name_of, currency),
        *_of_people(rules),
        *(
            Sentence("pinned", _pinned(pin, name_of, segment_of), f"unpin {pin.product}")
            for pin in sorted(rules.pinned, key=lambda pin: pin.place)
        ),
        *_of_lists(rules),
    ]


def variety_of(relevance: float) -> Phrase:
    """How much variety a lambda means, in words."""
    for name, value in VARIETY.items():
        if value == relevance:
            return VARIETY_WORDS[name]
    return Phrase("variety {n:.2g} of 1", n=round(1 - relevance, 4))


def _of_products(rules: Rules, name_of: Naming, currency: str | None) -> Iterator[Sentence]:
    for key in rules.excluded:
        yield Sentence("excluded", Phrase("never: {product}", product=name_of(key)), f"allow {key}")
    for pause in rules.paused:
        until = date.fromisoformat(pause.until)
        words = Phrase("paused up to {until}: {product}", until=until, product=name_of(pause.product))
        yield Sentence("paused", words, f"allow {pause.product}")
    if rules.in_stock:
        yield Sentence("in_stock", Phrase("only what is in stock"), "stock off")
    price = _price(rules, currency)
    if price is not None:
        yield Sentence("price", price, "price off")
    if rules.least_margin is not None:
        yield Sentence(
            "least_margin", Phrase("a margin of at least {share:.0%}", share=rules.least_margin), "margin off"
        )
    if rules.only_categories:
        names = rules.only_categories
        yield Sentence("only_categories", Phrase("only of these categories: {names}", names=names), "category off")
    if rules.other_categories:
        names = rules.other_categories
        yield Sentence("other_categories", Phrase("not of these categories: {names}", names=names), "without off")
    if rules.bought_with:
        goods = tuple(name_of(key) for key in rules.bought_with)
        yield Sentence("bought_with", Phrase("only what was bought together with {names}", names=goods), "together off")


def _of_people(rules: Rules) -> Iterator[Sentence]:
    if rules.rest_days is not None:
        words = counted(
            "not what they bought in the last {n} day",
            "not what they bought in the last {n} days",
            n=rules.rest_days,
        )
        yield Sentence("rest_days", words, "bought off")


def _of_lists(rules: Rules) -> Iterator[Sentence]:
    if rules.launches:
        words = Phrase("{share:.0%} of the places for products launched lately", share=rules.launches)
        yield Sentence("launches", words, "new off")
    if rules.most_per_category is not None:
        words = Phrase("at most {n} of a category in a list", n=rules.most_per_category)
        yield Sentence("most_per_category", words, "most off")
    if rules.relevance < 1:
        yield Sentence("relevance", variety_of(rules.relevance), "variety none")


def _price(rules: Rules, currency: str | None) -> Phrase | None:
    least = None if rules.least_price is None else Money(rules.least_price, currency)
    most = None if rules.most_price is None else Money(rules.most_price, currency)
    if least is not None and most is not None:
        return Phrase("prices from {least} to {most}", least=least, most=most)
    if least is not None:
        return Phrase("prices from {least}", least=least)
    return None if most is None else Phrase("prices up to {most}", most=most)


def _pinned(pin: Pin, name_of: Naming, segment_of: Callable[[str], Phrase]) -> Phrase:
    if pin.segment is None:
        return Phrase("pinned to place {place} for everybody: {product}", place=pin.place, product=name_of(pin.product))
    return Phrase(
        "pinned to place {place} for “{segment}”: {product}",
        place=pin.place,
        segment=segment_of(pin.segment),
        product=name_of(pin.product),
    )
