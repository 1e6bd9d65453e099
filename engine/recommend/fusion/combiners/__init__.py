"""How to learn which pairs are bought. One file here is one way; its name is the file's, and it has a `COMBINER`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phrases import Phrase
from engine.recommend.history import Floats, Singles
from engine.recommend.rankers import Kept


class Combined(Protocol):
    """What was learned of features and what was bought."""

    def probability(self, features: Singles) -> Floats:
        """That each pair is bought within the horizon it was learned with."""
        ...

    def shares(self, features: Singles, groups: NDArray[np.int64]) -> Floats:
        """How much each ranker speaks for each pair: a row per pair, a column per group 0, 1, … of features.

        `groups` says to which group each feature belongs; -1 to none.
        """
        ...

    def kept(self) -> Kept: ...


class Combiner(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> Phrase: ...

    def fit(self, features: Singles, bought: NDArray[np.bool_], rng: Generator) -> Combined: ...

    def resumed(self, kept: Kept) -> Combined: ...


@cache
def combiners() -> dict[str, Combiner]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").COMBINER for name in names}
