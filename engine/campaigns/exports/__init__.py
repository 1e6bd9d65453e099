"""The layouts in which lists to send are written, one file each, found by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Final

from engine.errors import NotFound
from engine.phrases import Phrase
from engine.sheets import Bare

PLAIN: Final = "plain"


@dataclass(frozen=True)
class Row:
    """One message with whom it is for. An address that is not known, or hidden in part, is None."""

    campaign: int
    customer: str
    name: str | None
    email: str | None
    phone: str | None
    version: str
    text: str
    subject: str | None = None
    html: str | None = None

    @property
    def number(self) -> str | None:
        """The phone number as platforms read it: its digits, with the + of a country's code."""
        digits = "".join(char for char in self.phone or "" if char.isdecimal() or char == "+")
        return Bare(digits) if re.fullmatch(r"\+?[0-9]{7,15}", digits) else None

    @property
    def first_name(self) -> str | None:
        """What a greeting would say: the word before the first blank, or a name without blanks as it is."""
        return self.name.split()[0] if self.name and self.name.strip() else None

    @property
    def last_name(self) -> str | None:
        words = (self.name or "").split()
        return " ".join(words[1:]) or None


@dataclass(frozen=True)
class ExportLayout:
    """`header`: its columns; `cells`: those of one row. `needs`: the field without which a row is of no use there.

    Headers that a platform reads are given as they are; those that are phrases are said in the owner's language.
    """

    name: str
    label: Phrase
    header: tuple[Phrase | str, ...]
    cells: Callable[[Row], tuple[str | None, ...]]
    needs: str | None = None


@cache
def export_layouts() -> Mapping[str, ExportLayout]:
    """All layouts by name, the plain one first."""
    modules = iter_modules([str(Path(__file__).parent)])
    found = [import_module(f"{__name__}.{module.name}").LAYOUT for module in modules]
    ordered = sorted(found, key=lambda layout: (layout.name != PLAIN, layout.name))
    return MappingProxyType({layout.name: layout for layout in ordered})


def export_layout(name: str) -> ExportLayout:
    """Raises NotFound, which lists those there are."""
    layouts = export_layouts()
    found = layouts.get(name.strip().casefold())
    if found is None:
        raise NotFound(
            Phrase("There is no layout “{name}” of a list; there are: {names}.", name=name, names=tuple(layouts))
        )
    return found
