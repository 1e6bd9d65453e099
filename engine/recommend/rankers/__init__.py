"""Rankers: one way each to order products for a customer. One file here is one ranker; its name is the file's.

Each file has `RANKER`, a frozen dataclass of settings. Nothing else has to be told about a new one.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from engine.phrases import Phrase
from engine.recommend.history import History, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class Fitted(Protocol):
    """What a ranker has learned from one history. Customers and products are positions in that history."""

    def scores(self, customers: Ints) -> csr_array:
        """A row per customer, a column per product; more is better.

        What is stored is a candidate, what is not stored the ranker knows nothing about. So 400,000 customers and
        20,000 products are asked in batches and never lie in memory whole.
        """
        ...

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        """Why each of these candidates, pair by pair: true to the history, and with its own figures."""
        ...


class Ranker(Protocol):
    """Settings of one way to rank products: a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def name(self) -> str: ...

    @property
    def weight(self) -> float:
        """What its list counts in the mix; 0 for one that is not personal: it only fills the places that are left."""
        ...

    def fit(self, history: History) -> Fitted: ...


@cache
def rankers() -> dict[str, Ranker]:
    """Every ranker by its name, the weightiest first."""
    found: list[Ranker] = [
        import_module(f"{__name__}.{module.name}").RANKER for module in pkgutil.iter_modules(__path__)
    ]
    return {ranker.name: ranker for ranker in sorted(found, key=lambda ranker: (-ranker.weight, ranker.name))}
