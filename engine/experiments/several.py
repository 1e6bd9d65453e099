"""Many p-values at once, and whether groups have the sizes they were meant to have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.experiments.betting import Values

# Below this the sizes of the groups are no accident; it is told before anything else.
MISMATCH = 0.01


def holm(p: Sequence[float]) -> Values:
    """Adjusted p-values: those below α keep the chance of any false alarm below α. Source: Holm (1979)."""
    values = np.asarray(p, dtype=float)
    order = np.argsort(values)
    steps = np.maximum.accumulate(values[order] * np.arange(values.size, 0, -1))
    return _back(np.minimum(steps, 1.0), order)


def benjamini_hochberg(p: Sequence[float]) -> Values:
    """Adjusted p-values: of those below α at most the share α is false, in the mean.

    Source: Benjamini & Hochberg (1995).
    """
    values = np.asarray(p, dtype=float)
    order = np.argsort(values)[::-1]
    steps = np.minimum.accumulate(values[order] * values.size / np.arange(values.size, 0, -1))
    return _back(np.minimum(steps, 1.0), order)


def sample_ratio(observed: Sequence[int], shares: Sequence[float]) -> tuple[float, float]:
    """Chi-squared and p-value of the sizes of groups against the shares that were meant (any scale).

    Source: Fabijan et al. (2019), "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments".
    """
    from scipy.stats import chi2

    counts, meant = np.asarray(observed, float), np.asarray(shares, float)
    expected = counts.sum() * meant / meant.sum()
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return statistic, float(chi2.sf(statistic, counts.size - 1))


def _back(values: Values, order: NDArray[np.int64]) -> Values:
    placed = np.empty_like(values)
    placed[order] = values
    return placed
