"""Ways to group customers: one file each, found by its name. `kmeans.py` is the method `kmeans`.

A new method is one file here with a frozen dataclass of settings that follows `Segmenter`, and a line
`SEGMENTER = …` with its usual settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.errors import NotAllowed
from engine.feature_table import FeatureTable
from engine.phrases import Phrase
from engine.progress import Progress

Auto = Literal["auto"]
Labels = NDArray[np.intp]


@dataclass(frozen=True)
class NamedGroup:
    """A group that the method itself names and describes, such as a cell of a grid, or those who fit no group."""

    key: str
    name: Phrase
    rules: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Grouping:
    """`labels[i]` is the group, 0 to k - 1 and none of them empty, of the i-th customer.

    `quality` is what was measured on the way, ready for JSON: of k-means, `silhouette` (of the chosen k),
    `silhouettes`, `prediction_strength` and `weights` (by k, written as text), and `stability` (by label; a
    segmentation has it by the key of the segment). `named` has, by label, the groups that are named
    by the method instead of by what sets them apart.
    """

    labels: Labels
    quality: Mapping[str, Any]
    named: Mapping[int, NamedGroup] = field(default_factory=dict)

    @property
    def k(self) -> int:
        return int(self.labels.max()) + 1


class Segmenter(Protocol):
    """Settings of a method. `takes_k`: whether it makes as many groups as it is asked for, or finds their number."""

    @property
    def takes_k(self) -> bool: ...

    def fit(self, table: FeatureTable, k: int | Auto, rng: Generator, progress: Progress) -> Grouping:
        """The customers of `table` (20 rows or more, not all alike) in groups.

        `k` is the number of groups, at most the number of customers that differ; with "auto" the data decide,
        and one group says that there are none.
        """
        ...


def methods() -> list[str]:
    """The names of all methods, sorted."""
    return sorted(module.name for module in iter_modules(__path__))


def segmenter(method: str) -> Segmenter:
    """The method of this name. Raises NotAllowed if there is none."""
    if method not in methods():
        raise NotAllowed(
            Phrase(
                "There is no way of grouping customers named {method}; there are: {known}.",
                method=method,
                known=tuple(methods()),
            )
        )
    found: Segmenter = import_module(f"{__name__}.{method}").SEGMENTER
    return found
