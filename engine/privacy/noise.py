"""Noise of OpenDP's own generator on whole numbers: the only place where an exact figure becomes one to be told.

Two data sets are neighbours if one has exactly one customer more. Whoever calls says how much such a customer can
change: by 1 in one cell of a histogram, by at most `bound` in a sum. OpenDP works out what that costs, exactly
(integers, no floating point), and its randomness is the system's cryptographic one: it has no seed, on purpose.

Source: Dwork & Roth (2014), "The Algorithmic Foundations of Differential Privacy", ch. 3; Canonne, Kamath & Steinke
(2020), "The Discrete Gaussian for Differential Privacy", for the sampler; OpenDP 0.16.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

SURE: Final = 0.95  # how sure “give or take” is
_ROUNDING: Final = 1e-9  # OpenDP rounds what a scale costs upwards; so much larger a scale stays below what is stated


def scale_for(epsilon: float, sensitivity: int = 1) -> float:
    """The scale of discrete Laplace noise at which a change of `sensitivity` costs no more than `epsilon`."""
    if not (math.isfinite(epsilon) and epsilon > 0 and sensitivity > 0):
        raise ValueError(f"epsilon is {epsilon}, sensitivity {sensitivity}: both must be above 0")
    return sensitivity / epsilon * (1 + _ROUNDING)


def cost(scale: float, sensitivity: int = 1) -> float:
    """The epsilon of noise of this scale, as OpenDP works it out."""
    return float(_laplace(scale).map(d_in=sensitivity))


def noisy(exact: Sequence[int] | Ints, *, epsilon: float, sensitivity: int = 1) -> Ints:
    """`exact` with noise, in its shape: epsilon-private if a customer changes it by `sensitivity` in sum (L1)."""
    values = np.asarray(exact, np.int64)
    return np.array(_within(epsilon, sensitivity)(values.ravel().tolist()), np.int64).reshape(values.shape)


def border_near(values: Ints, borders: Sequence[int], quantile: float, epsilon: float) -> int:
    """The one of `borders` near which this quantile of `values` lies, chosen with chance by how well it fits.

    Epsilon-private if a customer has at most one value. Source: Smith (2011), "Privacy-Preserving Statistical
    Estimation with Optimal Convergence Rates"; McKenna & Sheldon (2020), "Permute-and-Flip".
    """
    return int(_quantile(tuple(borders), quantile, epsilon)(values.tolist()))


def give_or_take(scale: float, sure: float = SURE) -> int:
    """The smallest number that noise of this scale exceeds, up or down, in at most 1 − `sure` of all cases."""
    shrink = math.exp(-1 / scale)
    # P(|noise| > t) = 2 shrink^(t + 1) / (1 + shrink)
    return max(0, math.ceil(scale * math.log(2 / ((1 - sure) * (1 + shrink))) - 1))


def variance(scale: float) -> float:
    """Of discrete Laplace noise of this scale."""
    shrink = math.exp(-1 / scale)
    return 2 * shrink / (1 - shrink) ** 2


@cache
def _opendp() -> Any:
    # takes over a second to import, which only reports should wait for
    import opendp.prelude as dp

    dp.enable_features("contrib")
    return dp


@lru_cache(64)
def _quantile(borders: tuple[int, ...], quantile: float, epsilon: float) -> Any:
    dp = _opendp()
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.symmetric_distance()
    # one value more moves the score of a border by as much at most, up or down
    scale = 2 * max(quantile, 1 - quantile) / epsilon * (1 + _ROUNDING)
    chosen = dp.m.make_private_quantile(
        *space, dp.max_divergence(), candidates=list(borders), alpha=quantile, scale=scale
    )
    if chosen.map(d_in=1) > epsilon:
        raise ArithmeticError(f"a border at {quantile} would cost more than {epsilon}")
    return chosen


@lru_cache(64)
def _within(epsilon: float, sensitivity: int) -> Any:
    """Noise that costs no more than `epsilon`, as OpenDP works it out."""
    scale = scale_for(epsilon, sensitivity)
    if cost(scale, sensitivity) > epsilon:
        raise ArithmeticError(f"noise of scale {scale} would cost more than {epsilon}")
    return _laplace(scale)


@lru_cache(64)
def _laplace(scale: float) -> Any:
    dp = _opendp()
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    return dp.m.make_laplace(*space, scale=scale)
