"""The rules that always hold for what is recommended, as the owner sets them: values that JSON can hold.

What may be shown under them: `allowed.py` (of products) and `ruled.py` (of picks for customers).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from difflib import get_close_matches
from typing import Any

from engine.errors import NotAllowed, NotFound
from engine.phrases import Name, Phrase

LAST_PLACE = 50  # that something can be pinned to
LONGEST_REST = 3_650  # days
_LEVELS = re.compile(r"\s*(?:->|[>/\\|›»;；、])\s*")


@dataclass(frozen=True)
class Pin:
    """A product that is to stand at a place, for the customers of a segment, or for all if None."""

    product: str  # its key
    place: int = 1
    segment: str | None = None  # its key


@dataclass(frozen=True)
class Pause:
    """A product that is left out up to and with a day."""

    product: str  # its key
    until: str  # ISO 8601


@dataclass(frozen=True)
class Rules:
    """What holds for every recommendation; a rule that is None, empty or False holds nothing back.

    Products are named by the shop's own keys, so that the rules outlive another import.
    """

    in_stock: bool = True  # a product whose stock is known to be used up is out
    least_price: float | None = None
    most_price: float | None = None
    least_margin: float | None = None  # (price - cost) / price
    excluded: tuple[str, ...] = ()
    paused: tuple[Pause, ...] = ()
    pinned: tuple[Pin, ...] = ()
    only_categories: tuple[str, ...] = ()
    other_categories: tuple[str, ...] = ()  # these are left out
    rest_days: int | None = None  # what somebody bought in the last so many days is not shown to them
    most_per_category: int | None = None  # in one list
    relevance: float = 1.0  # MMR's lambda: 1 goes by the score alone, 0 only by being different from what stands before
    bought_with: tuple[str, ...] = ()  # only what people bought together with one of these
    launches: float = 0.0  # share of each list's places that go to products launched lately


NAMES = tuple(field.name for field in fields(Rules))


def as_json(rules: Rules) -> dict[str, Any]:
    """The rules that differ from the usual ones."""
    usual = asdict(Rules())
    return {name: value for name, value in asdict(rules).items() if value != usual[name]}


def from_json(values: Mapping[str, Any]) -> Rules:
    """What `as_json` made, also after JSON turned its tuples to lists; rules that are not known any more are none."""
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list | tuple) else value
        for name, value in values.items()
        if name in NAMES
    }
    made: dict[str, type[Pin] | type[Pause]] = {"pinned": Pin, "paused": Pause}
    for name, kind in made.items():
        known[name] = tuple(kind(**one) for one in known.get(name, ()))
    return Rules(**known)


def folded(text: str) -> str:
    """As categories are compared: without case, width and surplus spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def categories_of(category: str | None) -> frozenset[str]:
    """A category as it is compared, and all that it lies in: "Home > Kitchen" is also in "Home"."""
    if not isinstance(category, str):
        return frozenset()
    whole = folded(category)
    return frozenset({whole, *(level for level in _LEVELS.split(whole) if level)} - {""})


def checked(rules: Rules, categories: Iterable[str], name_of: Callable[[str], Name] | None = None) -> Rules:
    """The rules, if they can hold. `categories` are those of the shop's products, `name_of` gives one's name by key.

    Raises NotAllowed where a value is outside its bounds or two rules contradict each other, NotFound for a category
    that no product has, with the nearest.
    """
    _check_numbers(rules)
    _check_products(rules, name_of or (lambda key: Name(key)))
    both = {folded(one) for one in rules.only_categories} & {folded(one) for one in rules.other_categories}
    if both:
        raise NotAllowed(
            Phrase("“{category}” cannot be both a category to show only and one to leave out.", category=min(both))
        )
    there = {level: one for one in categories for level in categories_of(one)}
    for wanted in (*rules.only_categories, *rules.other_categories):
        if folded(wanted) not in there:
            raise _no_category(wanted, there)
    return rules


def _check_numbers(rules: Rules) -> None:
    for price in (rules.least_price, rules.most_price):
        if price is not None and not 0 <= price < math.inf:
            raise NotAllowed(Phrase("A price of {price} cannot be a bound: it must be 0 or more.", price=price))
    if rules.least_price is not None and rules.most_price is not None and rules.least_price > rules.most_price:
        raise NotAllowed(
            Phrase(
                "No product costs at least {least} and at most {most}: swap the two.",
                least=rules.least_price,
                most=rules.most_price,
            )
        )
    if rules.least_margin is not None and not 0 <= rules.least_margin < 1:
        raise NotAllowed(
            Phrase(
                "A margin of {share:.0%} cannot be a bound: it is what remains of the price, so 0% to 99%.",
                share=rules.least_margin,
            )
        )
    if rules.rest_days is not None and not 1 <= rules.rest_days <= LONGEST_REST:
        raise NotAllowed(
            Phrase(
                "Cannot leave out what was bought in the last {n} days: choose 1 to {most}.",
                n=rules.rest_days,
                most=LONGEST_REST,
            )
        )
    if rules.most_per_category is not None and not 1 <= rules.most_per_category <= LAST_PLACE:
        raise NotAllowed(
            Phrase(
                "Cannot show at most {n} of a category: choose 1 to {most}.",
                n=rules.most_per_category,
                most=LAST_PLACE,
            )
        )
    if not 0 <= rules.relevance <= 1:
        raise NotAllowed(
            Phrase(
                "Variety is a number from 0 (none) to 1 (all that counts), not {n}.", n=round(1 - rules.relevance, 4)
            )
        )
    if not 0 <= rules.launches <= 1:
        raise NotAllowed(
            Phrase("New products can have 0% to 100% of the places, not {share:.0%}.", share=rules.launches)
        )
    for pin in rules.pinned:
        if not 1 <= pin.place <= LAST_PLACE:
            raise NotAllowed(
                Phrase("Cannot pin a product to place {place}: choose 1 to {most}.", place=pin.place, most=LAST_PLACE)
            )


def _check_products(rules: Rules, name_of: Callable[[str], Name]) -> None:
    pinned = {pin.product for pin in rules.pinned}
    for key in rules.excluded:
        if key in pinned:
            raise NotAllowed(
                Phrase(
                    "“{product}” is pinned and cannot be left out as well: take the pin off first.",
                    product=name_of(key),
                )
            )
    for pause in rules.paused:
        date.fromisoformat(pause.until)
        if pause.product in pinned:
            raise NotAllowed(
                Phrase(
                    "“{product}” is pinned and cannot be paused as well: take the pin off first.", product=pause.product
                )
            )
        if pause.product in rules.excluded:
            raise NotAllowed(
                Phrase("“{product}” is left out for good; let it in first to pause it.", product=name_of(pause.product))
            )
    places = [(pin.place, pin.segment) for pin in rules.pinned]
    for place, segment in places:
        if places.count((place, segment)) > 1:
            raise NotAllowed(Phrase("Two products cannot be pinned to place {place} for the same people.", place=place))


def _no_category(wanted: str, there: Mapping[str, str]) -> NotFound:
    if not there:
        return NotFound(Phrase("No product has a category yet: import a file of products that tells them."))
    near = get_close_matches(folded(wanted), there, n=1, cutoff=0.6) or [
        level for level in sorted(there) if folded(wanted) in level or level in folded(wanted)
    ]
    if near:
        return NotFound(
            Phrase("No product is in the category “{name}”; the nearest is “{near}”.", name=wanted, near=there[near[0]])
        )
    some = tuple(sorted(set(there.values())))[:8]
    return NotFound(Phrase("No product is in the category “{name}”; there are: {names}.", name=wanted, names=some))
