"""Ways to treat the gaps of a field: one file each, found by its name. `median.py` is the treatment `median`.

A new treatment is one file here with a frozen dataclass of settings that follows `Treatment`, and a line
`TREATMENT = …` with its usual settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

import pandas as pd
from numpy.random import Generator

from engine.errors import NotAllowed
from engine.missing.fields import Field
from engine.phrases import Phrase

DEFAULT = "none"


@dataclass(frozen=True)
class Treated:
    """`frame` has the rows that are left, each with its index, and `filled` says of each whether its cell was filled.

    `statement` is what a result has to say that uses the frame.
    """

    frame: pd.DataFrame
    filled: pd.Series
    statement: Phrase


class Treatment(Protocol):
    """Settings of a treatment."""

    @property
    def words(self) -> Phrase:
        """What it is called."""
        ...

    @property
    def meaning(self) -> Phrase:
        """What it does, and for which kinds of field, in one sentence."""
        ...

    def refusal(self, frame: pd.DataFrame, field: Field) -> Phrase | None:
        """Why it cannot treat this field, in one sentence; None if it can."""
        ...

    def apply(self, frame: pd.DataFrame, field: Field, rng: Generator) -> Treated:
        """`frame` (`engine.missing.fields.prepared`) with the gaps of `field` treated, as a new frame.

        Cells that were known are as they were, and so are all other columns. Rows with the same index and cells come
        out alike, whatever their order. Only for a field that it does not refuse.
        """
        ...


@cache
def treatments() -> dict[str, Treatment]:
    """All treatments by name: what leaves gaps alone, what leaves rows out, then what fills, the simplest first."""
    names = sorted((module.name for module in iter_modules(__path__)), key=_place)
    return {name: import_module(f"{__name__}.{name}").TREATMENT for name in names}


_ORDER = ("none", "delete", "median", "mean", "mode", "neighbours", "iterative", "interpolate")


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def treatment(name: str) -> Treatment:
    """The treatment of this name. Raises NotAllowed if there is none."""
    known = treatments()
    if name not in known:
        raise NotAllowed(
            Phrase("There is no treatment named {name}; there are: {known}.", name=name, known=tuple(known))
        )
    return known[name]


def treatment_words(name: str) -> Phrase:
    """What the treatment is called; its name where there is none such any more."""
    known = treatments()
    return known[name].words if name in known else Phrase("{field}", field=name)
