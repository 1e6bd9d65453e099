"""What customers can be grouped by: one basis per file. `behavioural.py` is the basis `behavioural`.

A new basis is one file here with a frozen dataclass that follows `Basis`, and a line `BASIS = …`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

import pandas as pd

from engine.errors import NotAllowed, TooLittleData
from engine.feature_table import FeatureTable
from engine.features.told import Told
from engine.phrases import Phrase, counted

NO_PARTS: Mapping[str, Phrase] = {}
USUAL = ("behavioural",)
_ORDER = ("behavioural", "demographic", "geographic", "psychographic")


class Sources(Protocol):
    """What a basis may draw on; each is read from the store when it is asked for. Frames are by customer."""

    @property
    def told(self) -> tuple[Told, ...]:
        """What is known of anybody beside the orders: the columns of `known`."""
        ...

    @property
    def n_buyers(self) -> int:
        """How many customers have an order."""
        ...

    @property
    def has_events(self) -> bool: ...

    @property
    def as_of(self) -> pd.Timestamp:
        """The day from which days count."""
        ...

    @property
    def behaviour(self) -> pd.DataFrame:
        """`engine.features.behavioural` of all who ordered."""
        ...

    @property
    def orders(self) -> pd.DataFrame:
        """A row per order: customer, order, at, revenue, quantity; by time."""
        ...

    @property
    def bought(self) -> pd.DataFrame:
        """A row per order and product: customer, order, product, quantity, revenue, category (may be missing)."""
        ...

    @property
    def engagement(self) -> pd.DataFrame:
        """`engine.features.events` of all with an event."""
        ...

    @property
    def known(self) -> pd.DataFrame:
        """What is `told` of all customers, gaps as they are."""
        ...

    @property
    def unread(self) -> Mapping[str, int]:
        """How many answers are no finite number where a number is asked, by column of `known`."""
        ...

    @property
    def treatments(self) -> Mapping[str, str]:
        """How the founder wants gaps treated, by column, where a treatment was chosen."""
        ...

    def treated(self, keys: Sequence[str]) -> tuple[pd.DataFrame, tuple[Phrase, ...]]:
        """These columns of `known` with their gaps treated as was chosen, and what to say of it."""
        ...


class Basis(Protocol):
    """One thing that customers are grouped by."""

    @property
    def label(self) -> Phrase:
        """What it is called: “where they live”."""
        ...

    @property
    def parts(self) -> Mapping[str, Phrase]:
        """What can be looked at beside what is usual, by name; “all” is all of it."""
        ...

    def has_data(self, sources: Sources) -> bool:
        """Whether anybody has something of this; cheap."""
        ...

    def table(self, sources: Sources, parts: Sequence[str]) -> FeatureTable:
        """All customers who have something of this, with its `parts` in place of what is usual if there are some.

        Raises TooLittleData with what is missing, in one sentence.
        """
        ...


@cache
def bases() -> tuple[str, ...]:
    """The names of all bases, the usual one first."""
    return tuple(sorted((module.name for module in iter_modules(__path__)), key=_place))


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def basis(name: str) -> Basis:
    """The basis of this name. Raises NotAllowed if there is none."""
    if name not in bases():
        raise NotAllowed(
            Phrase("Customers cannot be grouped by {basis}; choose among: {known}.", basis=name, known=bases())
        )
    found: Basis = import_module(f"{__name__}.{name}").BASIS
    return found


def chosen(wanted: Sequence[str]) -> tuple[str, ...]:
    """The bases as they are stored and compared: each once, in the order of `bases`, its parts by name.

    “behavioural:cadence” asks for one part, “behavioural:all” for all of them. Raises NotAllowed for a basis or a part
    that there is not, and for none.
    """
    parts_of: dict[str, dict[str, None]] = {}
    for one in wanted:
        name, _, part = one.strip().partition(":")
        known = basis(name).parts
        parts = parts_of.setdefault(name, {})
        if part == "all" and known:
            parts.update(dict.fromkeys(known))
        elif part in known:
            parts[part] = None
        elif part:
            raise NotAllowed(_no_part(name, part, known))
    if not parts_of:
        raise NotAllowed(Phrase("Say what customers are grouped by: {known}.", known=bases()))
    return tuple(
        one
        for name in bases()
        if name in parts_of
        for one in ([f"{name}:{part}" for part in basis(name).parts if part in parts_of[name]] or [name])
    )


def _no_part(name: str, part: str, known: Mapping[str, Phrase]) -> Phrase:
    if not known:
        return Phrase("The basis {basis} has no parts; say {basis} alone.", basis=name)
    return Phrase(
        "The basis {basis} has no part {part}; there are: {known}.", basis=name, part=part, known=("all", *known)
    )


def labels(wanted: Sequence[str]) -> tuple[Phrase, ...]:
    """What these bases are called, each once."""
    return tuple(basis(name).label for name in dict.fromkeys(one.partition(":")[0] for one in wanted))


def combined(wanted: Sequence[str], sources: Sources) -> FeatureTable:
    """The customers who have something of each of these bases (as `chosen` gives them), with all features.

    Raises TooLittleData where there is no such customer, or where a basis has nothing.
    """
    parts_of: dict[str, list[str]] = {}
    for one in wanted:
        name, _, part = one.partition(":")
        parts_of.setdefault(name, []).extend([part] if part else [])
    tables = {name: basis(name).table(sources, parts) for name, parts in parts_of.items()}
    if len(tables) == 1:
        return next(iter(tables.values()))
    frame = pd.concat([table.frame for table in tables.values()], axis=1, join="inner").sort_index()
    everybody = frame.index
    for table in tables.values():
        everybody = everybody.union(table.frame.index)
    told = [statement for table in tables.values() for statement in table.statements]
    n_apart = len(everybody) - len(frame)
    if not len(frame):
        raise TooLittleData(
            Phrase(
                "Nobody is known on all of this at once: {bases}. Choose one of them alone.",
                bases=tuple(
                    Phrase("{basis} ({n})", basis=basis(name).label, n=len(table)) for name, table in tables.items()
                ),
            )
        )
    if n_apart:
        told.append(
            counted(
                "{n} customer is not known on all of this and is in no group.",
                "{n} customers are not known on all of this and are in no group.",
                n=n_apart,
            )
        )
    features = tuple(feature for table in tables.values() for feature in table.features)
    return FeatureTable(frame, features, tuple(told))
