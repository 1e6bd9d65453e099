"""HDBSCAN: groups at whatever density each has, as long as they are large enough."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from engine.feature_table import FeatureTable
from engine.progress import Progress
from engine.segments.density import Found, by_density
from engine.segments.methods import Auto, Grouping
from engine.segments.prepare import Points, points


@dataclass(frozen=True)
class Hdbscan:
    """The groups that last longest while the density that is asked for rises, with at least `share` of the customers.

    Source: Campello, Moulavi & Sander (2013), "Density-Based Clustering Based on Hierarchical Density Estimates".
    """

    share: float = 0.01
    fewest: int = 10
    most: int = 10_000
    takes_k: ClassVar[bool] = False

    def fit(self, table: FeatureTable, k: int | Auto, rng: Generator, progress: Progress) -> Grouping:
        everyone = points(table)
        smallest = max(self.fewest, round(self.share * min(len(everyone), self.most)))
        return by_density(everyone, partial(found, smallest=smallest), self.most, rng)


def found(points: Points, smallest: int) -> Found:
    """HDBSCAN's groups of the points."""
    from sklearn.cluster import HDBSCAN

    labels = HDBSCAN(min_cluster_size=min(smallest, len(points)), copy=True).fit_predict(points)
    return Found(np.asarray(labels, dtype=np.intp), {"smallest": smallest})


SEGMENTER = Hdbscan()
