"""Released numbers made to fit together: nothing here sees the data, so nothing here costs privacy.

Source: Hay, Rastogi, Miklau & Suciu (2010), "Boosting the Accuracy of Differentially Private Histograms Through
Consistency"; the projection: Duchi, Shalev-Shwartz, Singer & Chandra (2008), figure 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.privacy.noise import variance
from engine.privacy.release import Figure

Floats = NDArray[np.float64]


def best_total(single: Figure, histograms: Sequence[Figure]) -> tuple[float, float]:
    """How many customers there are, and its variance: a count and histograms of them all, weighed by their noise."""
    told = [(float(single.values[0]), variance(single.scale))]
    told += [(float(sum(one.values)), len(one.values) * variance(one.scale)) for one in histograms]
    weights = np.array([1 / noise for _, noise in told])
    total = float(np.dot(weights, [value for value, _ in told]) / weights.sum())
    return max(0.0, total), float(1 / weights.sum())


def adding_up(histogram: Figure, total: float) -> Floats:
    """The cells nearest to the released ones that are not below 0 and add up to `total`."""
    return on_simplex(np.array(histogram.values, float), total)


def on_simplex(values: Floats, total: float) -> Floats:
    """The nearest numbers, none below 0, whose sum is `total`."""
    if total <= 0:
        return np.zeros_like(values)
    falling = np.sort(values)[::-1]
    over = (np.cumsum(falling) - total) / np.arange(1, values.size + 1)
    last = int(np.flatnonzero(falling >= over)[-1])
    return np.asarray(np.maximum(values - over[last], 0.0))
