"""Groups that the data find, privately: k-means of which every look at the customers is noisy.

A look is a count of the customers in each cell of a fixed grid, from which a first guess is made; then, a few times,
how many customers are nearest to each middle and the sum of their coordinates (Lloyd's algorithm); at last how many are
in each group. Everything between the looks is worked out from what they told, so only they cost. A customer is one
point in the box from −1 to 1, on a grid of `GRID` steps, so that all sums are whole numbers.

Source: Blum, Dwork, McSherry & Nissim (2005), "Practical Privacy: the SuLQ Framework"; how the budget is parted between
counts and sums: Su, Cao, Li, Bertino & Jin (2016), "Differentially Private K-Means Clustering", section 4.2.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.privacy.noise import Ints, give_or_take, noisy, scale_for

Points = NDArray[np.float64]  # customers × dimensions
Middles = NDArray[np.float64]  # groups × dimensions

GRID: Final = 256  # steps from the middle of the box to its wall
LOOKS: Final = 2  # of Lloyd's algorithm
START, LLOYD, SIZES = 0.3, 0.55, 0.15  # shares of the budget
PER_SIDE: Final = 5  # cells of the first guess, per dimension
TRIES: Final = 10  # of the first guess, which cost nothing
_COUNTS_TO_SUMS: Final = 0.225  # Su et al.: how far from the middle of its group a coordinate usually is


@dataclass(frozen=True)
class Groups:
    """`middles` in the box; `sizes` with noise of `scale`, so they may be below nothing."""

    middles: Middles
    sizes: Ints
    scale: float


def private_groups(points: Points, k: int, epsilon: float, rng: Generator) -> Groups:
    """`k` groups of the points, epsilon-private; what is outside of the box counts as at its wall.

    `rng` is for first guesses only, and no noise comes from it.
    """
    whole = on_grid(points)
    middles = _first_guess(noisy(in_cells(whole), epsilon=START * epsilon), points.shape[1], k, START * epsilon, rng)
    for _ in range(LOOKS):
        counts, sums = look(*statistics(whole, middles), LLOYD * epsilon / LOOKS)
        middles = moved(middles, counts, sums)
    sizes = np.bincount(nearest(whole, middles), minlength=k).astype(np.int64)
    return Groups(middles, noisy(sizes, epsilon=SIZES * epsilon), scale_for(SIZES * epsilon))


def smallest_told(dimensions: int, epsilon: float) -> int:
    """How many points a group must have for its middle to be no further off than a quarter of the box by noise."""
    for_sums = LLOYD * epsilon / LOOKS * (1 - share_of_counts(dimensions))
    return math.ceil(give_or_take(scale_for(for_sums, dimensions * GRID)) / (GRID / 2))


def on_grid(points: Points) -> Ints:
    """Whole coordinates from −GRID to GRID."""
    return np.rint(np.clip(np.nan_to_num(points), -1, 1) * GRID).astype(np.int64)


def in_cells(whole: Ints) -> Ints:
    """How many points are in each cell of the first guess's grid."""
    dimensions = whole.shape[1]
    at = np.minimum((whole + GRID) * PER_SIDE // (2 * GRID + 1), PER_SIDE - 1)
    cell = at @ PER_SIDE ** np.arange(dimensions)
    counts: Ints = np.bincount(cell, minlength=PER_SIDE**dimensions).astype(np.int64)
    return counts


def nearest(whole: Ints, middles: Middles) -> Ints:
    """The group of each point."""
    # without the points' own squares, which are the same for all groups
    scores = whole @ (middles.T * GRID) - 0.5 * GRID**2 * (middles**2).sum(axis=1)
    group: Ints = scores.argmax(axis=1).astype(np.int64)
    return group


def statistics(whole: Ints, middles: Middles) -> tuple[Ints, Ints]:
    """How many points are nearest to each middle, and the sum of their coordinates."""
    k, dimensions = middles.shape
    group = nearest(whole, middles)
    counts = np.bincount(group, minlength=k).astype(np.int64)
    sums = np.zeros((k, dimensions), np.int64)
    np.add.at(sums, group, whole)
    return counts, sums


def look(counts: Ints, sums: Ints, epsilon: float) -> tuple[Ints, Ints]:
    """The same with noise: a point is one of a count, and up to GRID in each coordinate of one sum."""
    dimensions = sums.shape[-1]
    for_counts = epsilon * share_of_counts(dimensions)
    return (
        noisy(counts, epsilon=for_counts),
        noisy(sums, epsilon=epsilon - for_counts, sensitivity=dimensions * GRID),
    )


def moved(middles: Middles, counts: Ints, sums: Ints) -> Middles:
    """Each middle to where its noisy points are; one with hardly any stays. From released numbers only."""
    enough = counts[..., None] > 1
    to = sums / np.maximum(counts[..., None], 1) / GRID
    return np.where(enough, np.clip(to, -1, 1), middles)


def share_of_counts(dimensions: int) -> float:
    part = float(np.cbrt(4 * dimensions * _COUNTS_TO_SUMS**2))
    return part / (part + dimensions)


def _first_guess(cells: Ints, dimensions: int, k: int, epsilon: float, rng: Generator) -> Middles:
    """Groups of the cells that stand out from the noise. From released numbers only."""
    from sklearn.cluster import KMeans

    side = (np.arange(PER_SIDE) + 0.5) * 2 / PER_SIDE - 1
    # the first coordinate changes fastest, as in `in_cells`
    centres = np.array([at[::-1] for at in itertools.product(side, repeat=dimensions)])
    out = give_or_take(scale_for(epsilon), 1 - 0.1 / cells.size)
    weights = np.where(cells > out, cells, 0).astype(float)
    if np.count_nonzero(weights) < k:
        weights = np.maximum(cells, 0).astype(float) + 1e-6
    fitted = KMeans(k, n_init=TRIES, random_state=int(rng.integers(2**31))).fit(centres, sample_weight=weights)
    return np.asarray(fitted.cluster_centers_, float)
