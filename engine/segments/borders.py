"""Customers near a border go to the segment whose rules they keep, as long as the groups stay what they are."""

from __future__ import annotations

import numpy as np

from engine.segments.choose import centres
from engine.segments.methods import Labels
from engine.segments.prepare import Points

LEAST_KEPT = 0.85  # of what the found groups explain


def settled(points: Points, found: Labels, labels: Labels, named: Labels) -> tuple[Labels, float]:
    """`labels` with customers moved to the segment that the rules name, those first whom it changes least.

    As many are moved as leave 85 % of what the groups `found` explain of the differences between customers, and
    no segment loses half of those it had; and how much of it is left.

    Source: after Dasgupta, Frost, Moshkovitz & Rashtchian (2020), "Explainable k-Means and k-Medians Clustering",
    where the groups are those of the tree, at the price of a larger cost.
    """
    before = explained(points, found)
    if not before > 0:
        return labels, 1.0
    wrong = np.flatnonzero(named != labels)
    middles = centres(points, labels)
    dearer = ((points[wrong] - middles[named[wrong]]) ** 2).sum(axis=1)
    dearer -= ((points[wrong] - middles[labels[wrong]]) ** 2).sum(axis=1)
    cheapest_first = wrong[np.argsort(dearer, kind="stable")]
    least = np.bincount(found) / 2

    def moved(n: int) -> Labels:
        result = labels.copy()
        result[cheapest_first[:n]] = named[cheapest_first[:n]]
        return result

    few, many = 0, len(wrong)
    while few < many:
        middle = (few + many + 1) // 2
        tried = moved(middle)
        stays = (np.bincount(tried, minlength=len(least)) >= least).all()
        if stays and explained(points, tried) >= LEAST_KEPT * before:
            few = middle
        else:
            many = middle - 1
    final = moved(few)
    return final, explained(points, final) / before


def explained(points: Points, labels: Labels) -> float:
    """How much of the customers' differences lies between the groups: the sum of squares of their middles."""
    sizes = np.bincount(labels)
    present = sizes > 0
    sums = np.column_stack([np.bincount(labels, weights=column) for column in points.T])[present]
    middles = sums / sizes[present, None]
    return float((sizes[present, None] * (middles - points.mean(axis=0)) ** 2).sum())
