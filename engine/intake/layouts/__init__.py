"""Layouts: how one kind of export calls its columns. A new layout is one file in this folder with a `LAYOUT` in it.

Columns are matched by name, never by position. Of the layouts that recognise a file the one with the highest
`precedence` reads it; `by_name` recognises everything that has understandable names, and comes last.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

from engine.phrases import Phrase

Kind = Literal["orders", "customers", "products", "events"]


@dataclass(frozen=True)
class Matched:
    """What a table is, and which column is which: field → position of its column."""

    kind: Kind
    columns: Mapping[str, int]
    notes: tuple[Phrase, ...] = ()


class Layout(Protocol):
    """A way to read the headers of one kind of export."""

    @property
    def name(self) -> str: ...

    @property
    def precedence(self) -> int: ...

    def match(self, headers: Sequence[str]) -> Matched | None:
        """None if these are not the headers of this layout."""


@cache
def registered() -> tuple[Layout, ...]:
    """All layouts of this folder, the one to ask first in front."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    layouts: list[Layout] = [module.LAYOUT for module in modules]
    return tuple(sorted(layouts, key=lambda layout: (-layout.precedence, layout.name)))


def matched(headers: Sequence[str]) -> Matched | None:
    """What the first layout says that recognises these headers; None if none does."""
    return next((found for layout in registered() if (found := layout.match(headers)) is not None), None)
