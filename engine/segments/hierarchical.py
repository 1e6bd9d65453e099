"""Groups from a tree: those that are left when the tree is cut where it has k branches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator

from engine.feature_table import FeatureTable
from engine.progress import Progress
from engine.segments.choose import centres, choose, nearest, one_thread, stability
from engine.segments.linkage import Linkage, Merges, cut, merges
from engine.segments.methods import Auto, Grouping, Labels
from engine.segments.prepare import Points, points


@dataclass(frozen=True)
class Hierarchical:
    """The tree of all customers, up to `exactly`; above, that of a sample of `sample`, whose groups' centres everyone
    else joins. Ward's groups of a sample of 5,000 were those of everybody but for a few (adjusted Rand index .9975).

    The number of groups is chosen on `to_choose` customers, and how steady they are is seen on `to_shake`: a tree costs
    the square of their number.
    """

    linkage: Linkage
    exactly: int = 10_000
    sample: int = 5_000
    to_choose: int = 2_000
    to_shake: int = 600
    branches: int = 24

    takes_k: ClassVar[bool] = True

    def fit(self, table: FeatureTable, k: int | Auto, rng: Generator, progress: Progress) -> Grouping:
        at = points(table)
        choice = choose(_some(at, self.to_choose, rng), self._group, k, rng, progress)
        labels, tree = self.everyone(at, choice.k, rng)
        with one_thread():
            steady = stability(at, labels, self._group, rng, enough=self.to_shake)
        return Grouping(labels, {**choice.quality(), "stability": steady, "tree": tree, "cut": choice.k})

    def everyone(self, points: Points, k: int, rng: Generator) -> tuple[Labels, Mapping[str, Any]]:
        """The group of each point, none of them empty, and the upper end of the tree (`top`)."""
        with one_thread():
            in_tree = points if len(points) <= self.exactly else _some(points, self.sample, rng)
            tree = merges(in_tree, self.linkage)
            labels = cut(tree, k)
            if len(in_tree) < len(points):
                joined = nearest(points, centres(in_tree, labels))
                labels = np.unique(joined, return_inverse=True)[1].astype(np.intp)
        return labels, top(tree, self.branches, len(in_tree))

    def _group(self, points: Points, k: int, rng: Generator) -> Labels:
        return cut(merges(points, self.linkage), k)


def top(tree: Merges, branches: int, n: int) -> Mapping[str, Any]:
    """The upper end of the tree, ready for JSON: `sizes` of its last `branches` clusters, and the `mergers` of these.

    A merger is (one, other, height): clusters 0, 1, … are those of `sizes`, the i-th merger makes number
    len(sizes) + i. `customers` is how many the tree was made of.
    """
    branches = min(branches, n)
    first = n - branches  # the mergers below are not shown
    old = sorted({int(number) for number in tree[first:, :2].ravel() if number < n + first})
    number = {name: at for at, name in enumerate(old)}
    number |= {n + first + at: branches + at for at in range(branches - 1)}
    sizes = [int(tree[name - n, 3]) if name >= n else 1 for name in old]
    mergers = [[number[int(one)], number[int(other)], float(height)] for one, other, height, _ in tree[first:]]
    return {"sizes": sizes or [n], "mergers": mergers, "customers": n}


def _some(points: Points, n: int, rng: Generator) -> Points:
    return points if len(points) <= n else points[np.sort(rng.choice(len(points), n, replace=False))]
