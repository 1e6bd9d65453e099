"""Layouts: how one kind of export calls its columns. A new layout is one file in this folder with a `LAYOUT` in it.

Columns are matched by name, never by position. Of the layouts that recognise a file the one with the highest
`precedence` reads it; `by_name` recognises everything that has understandable names, and comes last.

The revenue of an order is what the buyer paid for its goods: after discounts, after refunds, without shipping. Where a
file tells lines and the order's sum, the order's discount is spread over its lines by what they cost. A layout says
which columns tell this: `fields.PAID` and `fields.SHIPPING`, or `fields.DISCOUNT` and its kin.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Literal, Protocol

from engine.intake.synonyms import folded
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

Kind = Literal["orders", "customers", "products", "events", "items"]


@dataclass(frozen=True)
class Reshaped:
    """A table in another shape, and its column per field. Lines that were one row have its number, each of them."""

    table: Table
    cells: Mapping[str, Column]
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Matched:
    """What a table is, and which column is which: field → position of its column.

    kind         "items" are lines of orders without date and buyer, which another table tells
    reshape      how the table becomes one row per order line; None if it is so already
    platform     whose export it is, as its users call it; "" if unknown
    items_apart  the platform tells the items of these orders better in another export
    currency     what its money is in if no column tells; None if it may be anything
    hint         where the platform tells who the buyer is, for a file that does not
    """

    kind: Kind
    columns: Mapping[str, int]
    notes: tuple[Phrase, ...] = ()
    reshape: Callable[[Table, Mapping[str, Column]], Reshaped] | None = None
    platform: str = ""
    hint: Phrase | None = None
    currency: str | None = None
    items_apart: bool = False


class Layout(Protocol):
    """A way to read the headers of one kind of export."""

    @property
    def name(self) -> str: ...

    @property
    def precedence(self) -> int: ...

    def match(self, headers: Sequence[str]) -> Matched | None:
        """None if these are not the headers of this layout."""


@dataclass(frozen=True)
class Known:
    """A layout whose columns have fixed names.

    needed    a file is of this layout if it has all these headers, folded; alternatives with "|" between
    words     field → the headers that may be it, folded, by preference
    """

    name: str
    kind: Kind
    needed: str
    words: Mapping[str, str]
    platform: str
    hint: Phrase | None = None
    notes: tuple[Phrase, ...] = ()
    reshape: Callable[[Table, Mapping[str, Column]], Reshaped] | None = None
    currency: str | None = None
    items_apart: bool = False
    precedence: int = 20

    def match(self, headers: Sequence[str]) -> Matched | None:
        if not has_all(headers, self.needed):
            return None
        columns = chosen(headers, self.words)
        return Matched(
            self.kind,
            columns,
            self.notes,
            self.reshape,
            self.platform,
            self.hint,
            self.currency,
            self.items_apart,
        )


@cache
def registered() -> tuple[Layout, ...]:
    """All layouts of this folder, the one to ask first in front."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    layouts: list[Layout] = [module.LAYOUT for module in modules]
    return tuple(sorted(layouts, key=lambda layout: (-layout.precedence, layout.name)))


def matched(headers: Sequence[str]) -> Matched | None:
    """What the first layout says that recognises these headers; None if none does."""
    return next((found for layout in registered() if (found := layout.match(headers)) is not None), None)


def known(headers: Sequence[str]) -> Matched | None:
    """What the first layout of one platform says that recognises these headers; None if only their names are known."""
    return next((found for layout in registered() if layout.precedence > 0 and (found := layout.match(headers))), None)


def chosen(headers: Sequence[str], words: Mapping[str, str]) -> dict[str, int]:
    """Field → position of the first of its words (folded, by preference) that is a header and not another field's."""
    at: dict[str, int] = {}
    for position, header in enumerate(headers):
        at.setdefault(folded(header), position)
    found: dict[str, int] = {}
    for field, some in words.items():
        free = (at[word] for word in some.split() if word in at and at[word] not in found.values())
        found.update((field, position) for position in islice(free, 1))
    return found


def has_all(headers: Sequence[str], words: str) -> bool:
    """Whether each of the words (folded; alternatives with "|" between) is a header."""
    there = {folded(header) for header in headers}
    return all(there & set(word.split("|")) for word in words.split())


def column(table: Table, word: str) -> Column | None:
    """The first column whose folded header is `word`."""
    return next((one for one in table.columns if folded(one.header) == word), None)
