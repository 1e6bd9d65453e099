"""Hierarchical grouping without a table of distances: the two nearest clusters become one, until one is left."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.segments.methods import Labels
from engine.segments.prepare import Points

Linkage = Literal["ward", "average"]
Merges = NDArray[np.float64]

# a table of distances between so many takes 16 MB, and compiled code is faster where it fits
FEW = 2_000


def merges(points: Points, linkage: Linkage) -> Merges:
    """The n - 1 mergers of n points as `scipy.cluster.hierarchy.linkage` writes them: two clusters, height, size.

    "average" is the mean *squared* distance between the members of two clusters.
    """
    if len(points) > FEW:
        return chained(points, linkage)
    from scipy.cluster import hierarchy
    from scipy.spatial.distance import pdist

    if linkage == "ward":
        return np.asarray(hierarchy.linkage(points, "ward"))
    return np.asarray(hierarchy.linkage(pdist(points, "sqeuclidean"), "average"))


def chained(points: Points, linkage: Linkage) -> Merges:
    """`merges` in memory that grows with n, not with n squared; time grows with n squared.

    Both linkages need the clusters' centres only: the mean squared distance between two clusters is that of their
    centres plus the scatter of each.

    Source: Müllner (2011), "Modern hierarchical, agglomerative clustering algorithms", the nearest-neighbour chain of
    section 3.2; it holds for both linkages, which are reducible.
    """
    n = len(points)
    centres = np.array(points, dtype="float64")
    squares = (centres**2).sum(axis=1)
    sizes, scatters = np.ones(n), np.zeros(n)
    at = np.arange(n)  # where cluster i's centre stands among those that are left
    names = np.arange(n)  # and which cluster stands there
    left = n
    found = np.empty((n - 1, 4))
    chain: list[int] = []
    for step in range(n - 1):
        if not chain:
            chain.append(int(names[0]))
        while True:
            here = at[chain[-1]]
            apart = squares[:left] - 2.0 * (centres[:left] @ centres[here]) + squares[here]
            if linkage == "ward":
                apart *= sizes[:left] / (sizes[:left] + sizes[here])
            else:
                apart += scatters[:left]
            apart[here] = np.inf
            before = at[chain[-2]] if len(chain) > 1 else -1
            nearest = int(apart.argmin())
            # of two that are as near, the one it came from, or the chain would go round
            if before >= 0 and apart[before] <= apart[nearest]:
                nearest = int(before)
            if nearest == before:
                break
            chain.append(int(names[nearest]))
        one, other = at[chain.pop()], at[chain.pop()]
        if linkage == "ward":
            height = np.sqrt(max(0.0, 2.0 * sizes[one] * apart[other]))
        else:
            height = max(0.0, apart[other] + scatters[one])
        total = sizes[one] + sizes[other]
        found[step] = names[one], names[other], height, total
        merged = (sizes[one] * centres[one] + sizes[other] * centres[other]) / total
        between = ((centres[one] - centres[other]) ** 2).sum() * sizes[one] * sizes[other] / total**2
        scatters[one] = (sizes[one] * scatters[one] + sizes[other] * scatters[other]) / total + between
        centres[one], squares[one], sizes[one] = merged, (merged**2).sum(), total
        left -= 1
        # the last one moves to where the other stood, so that those left stand together
        for column in (centres, squares, sizes, scatters, names):
            column[other] = column[left]
        at[names[other]] = other
    return _numbered(found, n)


def cut(tree: Merges, k: int) -> Labels:
    """The k clusters of the tree, 0 to k - 1."""
    n = len(tree) + 1
    parent = np.arange(2 * n - 1)
    first, second = tree[: n - k, 0].astype(int), tree[: n - k, 1].astype(int)
    parent[first] = parent[second] = n + np.arange(n - k)
    # numbers grow towards the root, so one pass from there tells each cluster's root
    for node in range(2 * n - 2, -1, -1):
        parent[node] = parent[parent[node]]
    labels: Labels = np.unique(parent[:n], return_inverse=True)[1].astype(np.intp)
    return labels


def _numbered(found: Merges, n: int) -> Merges:
    """The mergers from the lowest up, clusters numbered n, n + 1, … as they come about."""
    found = found[np.argsort(found[:, 2], kind="stable")]
    root = np.arange(n)
    number = np.arange(n)

    def top(name: int) -> int:
        while root[name] != name:
            root[name] = root[root[name]]
            name = int(root[name])
        return name

    for step, (one, other) in enumerate(found[:, :2].astype(int).tolist()):
        a, b = top(one), top(other)
        found[step, :2] = sorted((number[a], number[b]))
        root[b] = a
        number[a] = n + step
    return found
