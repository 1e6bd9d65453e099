"""Rankers: one way each to order products for a customer. One file here is one ranker; its name is the file's.

Each file has `RANKER`, a frozen dataclass of settings. Nothing else has to be told about a new one. A ranker names
`Ranker` as its base, and what it fits `Fitted`, where what these do by themselves will do.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phrases import Phrase
from engine.recommend.history import History, Ints
from engine.recommend.scores import Scores

# what a fit took long to learn, as a file of arrays can hold it; products by the store's ids, so that it outlives
# a history to which products are added
Kept = Mapping[str, NDArray[Any]]


class Fitted(Protocol):
    """What a ranker has learned from one history. Customers and products are positions in that history."""

    def scores(self, customers: Ints) -> Scores:
        """A row per customer, a column per product: above 0 for a candidate, and more is better.

        So 400,000 customers and 20,000 products are asked in batches and never lie in memory whole.
        """
        ...

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        """Why each of these candidates, pair by pair: true to the history, and with its own figures."""
        ...

    def kept(self) -> Kept:
        """What `resumed` needs; nothing of a ranker that is fitted in no time."""
        return {}


class Ranker(Protocol):
    """Settings of one way to rank products: a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> Phrase:
        """What it goes by, in a few words of a shopkeeper's."""
        ...

    @property
    def personal(self) -> bool:
        """Whether its lists differ from customer to customer, and know nothing of somebody who did nothing yet."""
        ...

    @property
    def newcomers(self) -> bool:
        """Whether it can speak for a product that nobody has bought yet."""
        return False

    def lacking(self, history: History) -> Phrase | None:
        """What this shop lacks for it, such as ratings; None if it can be fitted."""
        return None

    def fit(self, history: History, rng: Generator) -> Fitted: ...

    def resumed(self, history: History, kept: Kept) -> Fitted:
        """As fitted before, on a history that has grown since: without the work of a fit."""
        return self.fit(history, np.random.default_rng(0))


@cache
def rankers() -> dict[str, Ranker]:
    """Every ranker by its name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").RANKER for name in names}
