"""How good results are, measured on the shop's own data. One file here is one kind of result; its name is the file's.

Each file has `EVALUATOR`. What it finds is words, numbers and charts that any face can draw, so nothing else has to be
told about a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal, Protocol, runtime_checkable

from sqlite_utils import Database

from engine.errors import NotFound
from engine.phrases import Phrase
from engine.progress import Progress
from engine.shop import Shop

# what a bar stands for: an expectation, what really came, what is in force, what else there is
Tone = Literal["expected", "came", "chosen", "other"]


@dataclass(frozen=True)
class Bar:
    """`value` is 0 or more; `said` stands beside the bar. `low` and `high` are where the true value likely lies."""

    value: float
    said: Phrase
    tone: Tone = "chosen"
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Row:
    """One or several bars below a label."""

    label: Phrase
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Chart:
    """Rows of bars with one scale; at `full`, or else the largest value, a bar is as long as can be.

    `mark` is a value to be marked on the scale, such as what chance would reach.
    """

    title: Phrase
    note: Phrase
    rows: tuple[Row, ...]
    full: float | None = None
    mark: float | None = None


@dataclass(frozen=True)
class Found:
    """What an evaluator has found.

    `verdict` says in one sentence how far the results can be trusted, or why the shop's own data cannot support a test
    yet: then there are no charts. `facts` are what else to know, `numbers` the same for programs, ready for JSON.
    `slower` are the words of a button for a test that takes longer and tells more; None where there is no more to try.
    """

    verdict: Phrase
    facts: tuple[Phrase, ...]
    charts: tuple[Chart, ...]
    numbers: Mapping[str, Any]
    as_of: date
    computed_at: datetime
    slower: Phrase | None = None


@dataclass(frozen=True)
class Evaluation:
    """`found` about one kind of result, with the kind's name and what it is called."""

    kind: str
    label: Phrase
    found: Found
    deep: bool = False  # whether what takes long was asked for


class Evaluator(Protocol):
    """One kind of result that can be put to the test."""

    @property
    def label(self) -> Phrase:
        """What is tested, in a few words."""
        ...

    def found(self, shop: Shop, db: Database, *, refresh: bool, progress: Progress) -> Found:
        """From the store if the data are the same; with `refresh` computed anew, once per cause. Raises EngineError."""
        ...


@runtime_checkable
class SlowEvaluator(Evaluator, Protocol):
    """One that can also try what takes long."""

    def found_slowly(self, shop: Shop, db: Database, *, refresh: bool, progress: Progress) -> Found: ...


def evaluations() -> dict[str, Phrase]:
    """What each kind of result is called, by its name."""
    return {name: evaluator(name).label for name in _names()}


def evaluator(kind: str) -> Evaluator:
    """The evaluator of this kind. Raises NotFound if there is none."""
    if kind not in _names():
        raise NotFound(
            Phrase("“{kind}” cannot be put to the test; there are: {known}.", kind=kind, known=tuple(_names()))
        )
    found: Evaluator = import_module(f"{__name__}.{kind}").EVALUATOR
    return found


def _names() -> list[str]:
    return sorted(module.name for module in iter_modules(__path__))
