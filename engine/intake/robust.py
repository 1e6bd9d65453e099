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


def limit(values: Floats) -> float:
    """Above which of the positive `values` one stands far out; infinite with fewer than 20.

    On logarithms, with median and median absolute deviation, so that what stands out does not hide itself. The number
    of deviations is 3.5, or more where so many values make further ones likely: fewer than half a value of a normal
    law is expected above. At least 10 times the median, since all values may be nearly alike.

    Sources: Iglewicz & Hoaglin (1993), "How to Detect and Handle Outliers", 11 (modified z-scores, and the mean
    absolute deviation where the median one is 0); Chauvenet (1863), "A Manual of Spherical and Practical Astronomy"
    II, 558 (half a value).
    """
    logs = np.log(values[values > 0])
    if logs.size < FEWEST:
        return float("inf")
    middle = float(np.median(logs))
    apart = np.abs(logs - middle)
    deviation = float(np.median(apart)) * _TO_DEVIATION or float(np.mean(apart)) * _MEAN_TO_DEVIATION
    deviations = max(LEAST_DEVIATIONS, NormalDist().inv_cdf(1 - 0.5 / logs.size))
    return float(np.exp(middle + max(deviations * deviation, np.log(LEAST_TIMES))))


def far_out(values: Floats) -> NDArray[np.int64]:
    """The positions of the `values` above their `limit`, the largest first."""
    found = np.flatnonzero(values > limit(values))
    return found[np.argsort(-values[found], kind="stable")]
