"""DBSCAN: groups are where customers lie densely; it is good at finding who fits no group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from engine.feature_table import FeatureTable
from engine.progress import Progress
from engine.segments.density import Found, by_density, distances_to, knee
from engine.segments.methods import Auto, Grouping
from engine.segments.prepare import Points, points


@dataclass(frozen=True)
class Dbscan:
    """A place is dense if twice as many customers as there are features are within a distance: that at which the curve
    of the distances to the neighbour of this rank turns upwards for the second time.

    At the first turn Online Retail falls into slices of one, two and three orders; at the second, those are one group
    and who is beyond it is alone.

    Source: Ester, Kriegel, Sander & Xu (1996), "A Density-Based Algorithm for Discovering Clusters", section 4.2;
    Sander, Ester, Kriegel & Xu (1998) for the number of neighbours.
    """

    per_feature: int = 2
    most: int = 20_000
    takes_k: ClassVar[bool] = False

    def fit(self, table: FeatureTable, k: int | Auto, rng: Generator, progress: Progress) -> Grouping:
        everyone = points(table)
        neighbours = max(self.per_feature * everyone.shape[1], 4)
        return by_density(everyone, partial(found, neighbours=neighbours), self.most, rng)


def found(points: Points, neighbours: int) -> Found:
    """DBSCAN's groups of the points, with the distance that their own k-distance curve tells."""
    from sklearn.cluster import DBSCAN

    # customers who are all alike have no distance; any will do
    curve = distances_to(points, neighbours)
    distance = knee(curve[curve >= knee(curve)]) or 1.0
    labels = DBSCAN(eps=distance, min_samples=neighbours).fit_predict(points)
    return Found(np.asarray(labels, dtype=np.intp), {"distance": distance, "neighbours": neighbours})


SEGMENTER = Dbscan()
