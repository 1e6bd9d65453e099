"""Whether groups come back: in the other half of the customers, and in customers drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.random import Generator

from engine.segments.methods import Labels
from engine.segments.prepare import Points

Grouper = Callable[[Points, int, Generator], Labels]

SPLITS = 10
HOPELESS = 0.5  # after the first quarter of the splits
RESAMPLES = 25
CHANCE_ALONE = 0.6  # Hennig (2007), section 4: a group of less stability is not to be trusted
ENOUGH = 1_500  # customers to group again and again


class Strength(NamedTuple):
    """A prediction strength, 0 to 1, and its standard error."""

    mean: float
    error: float


def prediction_strength(points: Points, k: int, group: Grouper, rng: Generator) -> Strength:
    """How far groups found in one half of the customers are found again in the other half.

    The share of pairs in a group of one half that the centres of the other half keep together, in the group where it
    is smallest; the mean of 10 splits, both ways each, or of 3 if these leave no hope. A half in which fewer than k
    customers differ counts as 0.

    Source: Tibshirani & Walther (2005), "Cluster Validation by Prediction Strength", equation 2.1.
    """
    strengths: list[float] = []
    for split in range(SPLITS):
        if split == 3 and np.mean(strengths) < HOPELESS:
            break
        shuffled = rng.permutation(len(points))
        first, second = points[shuffled[: len(points) // 2]], points[shuffled[len(points) // 2 :]]
        if not (so_many_differ(first, k) and so_many_differ(second, k)):
            strengths.append(0.0)
            continue
        strengths.append(_both_ways(first, second, k, group, rng))
    return Strength(float(np.mean(strengths)), float(np.std(strengths, ddof=1) / np.sqrt(len(strengths))))


def _both_ways(first: Points, second: Points, k: int, group: Grouper, rng: Generator) -> float:
    in_first, in_second = group(first, k, rng), group(second, k, rng)
    there = _kept_together(in_second, nearest(second, centres(first, in_first)), k)
    back = _kept_together(in_first, nearest(first, centres(second, in_second)), k)
    return (there + back) / 2


def _kept_together(found: Labels, carried: Labels, k: int) -> float:
    """The smallest share of pairs of one group in `found` that are in one group in `carried`, too."""
    sizes = np.zeros((k, k))
    np.add.at(sizes, (found, carried), 1)
    members = sizes.sum(axis=1)
    pairs = members * (members - 1)
    kept = (sizes * (sizes - 1)).sum(axis=1)
    # a group of one has no pair that could hold
    return float(np.min(np.divide(kept, pairs, out=np.zeros(k), where=pairs > 0)))


def stability(points: Points, labels: Labels, group: Grouper, rng: Generator, *, enough: int = ENOUGH) -> list[float]:
    """By group of `labels` (0 to k - 1), 0 to 1: how much of it comes back when customers are drawn anew.

    The mean over 25 draws with replacement of the Jaccard similarity (shared members by members of either) with the
    group most like it that is found among those drawn. Below .6 a group is a pattern of chance, from .75 on it can be
    relied on. A group without a member in a draw has 0 there. Above `enough` customers of a sample of these.

    Source: Hennig (2007), "Cluster-wise assessment of cluster stability", sections 2 and 3.
    """
    k = int(labels.max()) + 1
    if k == 1:
        return [1.0]
    if len(points) > enough:
        sample = rng.choice(len(points), enough, replace=False)
        points, labels = points[sample], labels[sample]
    back = np.zeros(k)
    for _ in range(RESAMPLES):
        drawn = rng.integers(len(points), size=len(points))
        if not so_many_differ(points[drawn], k):
            continue
        _, found = np.unique(group(points[drawn], k, rng), return_inverse=True)
        _, once = np.unique(drawn, return_index=True)
        back += _most_alike(labels[drawn[once]], found[once], k)
    return [float(share) for share in back / RESAMPLES]


def _most_alike(labels: Labels, found: Labels, k: int) -> Points:
    """For each group of `labels`, the Jaccard similarity to the group of `found` that is most like it."""
    shared = np.zeros((k, int(found.max()) + 1))
    np.add.at(shared, (labels, found), 1)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0) - shared
    alike: Points = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0).max(axis=1)
    return alike


def centres(points: Points, labels: Labels) -> Points:
    """The mean point of each group, one row per group."""
    sizes = np.bincount(labels)
    return np.column_stack([np.bincount(labels, weights=column) / sizes for column in points.T])


def nearest(points: Points, to: Points) -> Labels:
    """The row of `to` that is nearest to each point."""
    # |p - c|² without |p|², which is the same for all centres
    distances: Points = (to**2).sum(axis=1) - 2 * points @ to.T
    labels: Labels = distances.argmin(axis=1)
    return labels


def n_different(points: Points) -> int:
    """How many customers differ from each other; without a column, none does."""
    return len(pd.DataFrame(points).drop_duplicates()) if points.shape[1] else min(1, len(points))


def so_many_differ(points: Points, k: int) -> bool:
    """Whether at least `k` customers differ from each other; looks no further than it has to."""
    seen: set[bytes] = set()
    for point in points + 0.0:  # zero has one sign
        seen.add(point.tobytes())
        if len(seen) >= k:
            return True
    return k <= 0
