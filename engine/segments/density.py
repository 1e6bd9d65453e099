"""Groups where customers lie close together, and those who lie alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from engine.phrases import Phrase
from engine.segments.choose import one_thread, silhouette
from engine.segments.methods import Grouping, Labels, NamedGroup
from engine.segments.prepare import Points

OUTLIER = -1
FITS_NONE = NamedGroup("fits-no-group", Phrase("Fit no group"))


@dataclass(frozen=True)
class Found:
    """`labels` are 0, 1, … and -1 for who fits no group; `quality` is ready for JSON."""

    labels: Labels
    quality: Mapping[str, Any]


def by_density(points: Points, find: Callable[[Points], Found], most: int, rng: Generator) -> Grouping:
    """The groups that `find` sees among all, or among `most` of them: then everyone else is as who is most like them.

    Those who fit no group are a group of that name.
    """
    with one_thread():
        sample = np.arange(len(points))
        if len(points) > most:
            sample = np.sort(rng.choice(len(points), most, replace=False))
        found = find(points[sample])
        labels = found.labels
        if len(sample) < len(points):
            labels = labels[_most_alike(points[sample], points)]
        core = labels[labels >= 0]
        inside = points[labels >= 0]
        told = {"outliers": int((labels == OUTLIER).sum()), "silhouette": silhouette(inside, core, rng)}
    there, numbered = np.unique(labels, return_inverse=True)
    # the groups first, who fits none last
    places = np.argsort(np.argsort(there == OUTLIER, kind="stable"), kind="stable")
    named = {len(there) - 1: FITS_NONE} if there[0] == OUTLIER and len(there) > 1 else {}
    return Grouping(places[numbered].astype(np.intp), {**found.quality, **told}, named)


def distances_to(points: Points, neighbour: int) -> Points:
    """How far each point's `neighbour`-th nearest is, itself being the first; the smallest first."""
    from sklearn.neighbors import NearestNeighbors

    far, _ = NearestNeighbors(n_neighbors=min(neighbour, len(points))).fit(points).kneighbors(points)
    return np.sort(far[:, -1])


def knee(curve: Points) -> float:
    """The value at which a rising curve turns upwards: where it lies furthest below the line between its ends.

    Source: Satopää, Albrecht, Irwin & Raghavan (2011), "Finding a Kneedle in a Haystack".
    """
    low, high = float(curve[0]), float(curve[-1])
    if high == low:
        return high
    along = np.linspace(0, 1, len(curve))
    return float(curve[np.argmax(along - (curve - low) / (high - low))])


def _most_alike(sample: Points, points: Points) -> Labels:
    from sklearn.neighbors import NearestNeighbors

    nearest = NearestNeighbors(n_neighbors=1).fit(sample)
    return np.asarray(nearest.kneighbors(points, return_distance=False)[:, 0], dtype=np.intp)
