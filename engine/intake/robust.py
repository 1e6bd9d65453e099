"""What stands far out among positive numbers that run over powers of ten, such as sums and pieces."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST = 20  # values: among fewer there is no usual one
LEAST_TIMES = 10.0  # the middle one: nearer than that is what shops sell
LEAST_DEVIATIONS = 3.5  # Iglewicz & Hoaglin's
_TO_DEVIATION = 1.4826  # of a normal law, from its median absolute deviation
_MEAN_TO_DEVIATION = 1.2533  # from its mean absolute deviation


def limit(values: Floats, counts: NDArray[np.int64] | None = None) -> float:
    """Above which of the positive `values` one stands far out; infinite with fewer than 20.

    On logarithms, with median and median absolute deviation, so that what stands out does not hide itself. The number
    of deviations is 3.5, or more where so many values make further ones likely: fewer than half a value of a normal
    law is expected above. At least 10 times the median, since all values may be nearly alike.

    `counts`: each value stands for so many equal ones.

    Sources: Iglewicz & Hoaglin (1993), "How to Detect and Handle Outliers", 11 (modified z-scores, and the mean
    absolute deviation where the median one is 0); Chauvenet (1863), "A Manual of Spherical and Practical Astronomy"
    II, 558 (half a value).
    """
    positive = values > 0
    logs, times = np.log(values[positive]), None if counts is None else counts[positive]
    n = int(logs.size if times is None else times.sum())
    if n < FEWEST:
        return float("inf")
    middle = median(logs, times)
    apart = np.abs(logs - middle)
    deviation = median(apart, times) * _TO_DEVIATION or float(np.average(apart, weights=times)) * _MEAN_TO_DEVIATION
    deviations = max(LEAST_DEVIATIONS, NormalDist().inv_cdf(1 - 0.5 / n))
    return float(np.exp(middle + max(deviations * deviation, np.log(LEAST_TIMES))))


def median(values: Floats, counts: NDArray[np.int64] | None = None) -> float:
    """The middle of the values, each of which stands for `counts` equal ones; of an even number the mean of the two."""
    if counts is None:
        return float(np.median(values))
    by_size = np.argsort(values)
    until = np.cumsum(counts[by_size])
    middle = np.searchsorted(until, [(until[-1] - 1) // 2, until[-1] // 2], side="right")
    return float(np.mean(values[by_size[middle]]))


def far_out(values: Floats) -> NDArray[np.int64]:
    """The positions of the `values` above their `limit`, the largest first."""
    found = np.flatnonzero(values > limit(values))
    return found[np.argsort(-values[found], kind="stable")]
