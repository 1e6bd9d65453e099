"""Noise that several shops make together, so that none of them knows all of it.

The sum of h shares is discrete Laplace: P(k) = (1 - α) / (1 + α) · α^|k|, α = e^(-1/scale), which hides a change of a
count by 1 with ε = 1/scale. A share is the difference of two Pólya (negative binomial) variables with r = 1/h; one of
them is a Poisson number of logarithmic variables.
Source: Ács & Castelluccia (2011), "I Have a DREAM!", on shares; Ghosh, Roughgarden & Sundararajan (2009), "Universally
Utility-Maximizing Privacy Mechanisms", on the discrete Laplace; Kemp (1981), "Efficient Generation of Logarithmically
Distributed Pseudo-Random Variables", algorithm LK.
"""

from __future__ import annotations

from math import exp, expm1, log, log1p
from random import Random, SystemRandom

SURE: Random = SystemRandom()


def share(scale: float, h: int, rng: Random = SURE) -> int:
    """One shop's share, if `h` of them are to make up the whole noise."""
    alpha = exp(-1 / scale)
    return _polya(1 / h, alpha, rng) - _polya(1 / h, alpha, rng)


def deviation(scale: float, shares: float) -> float:
    """The standard deviation of a sum of shares; `shares` is their number divided by h."""
    alpha = exp(-1 / scale)
    return float((2 * alpha * shares) ** 0.5 / (1 - alpha))


def _polya(r: float, alpha: float, rng: Random) -> int:
    return sum(_logarithmic(alpha, rng) for _ in range(_poisson(-r * log1p(-alpha), rng)))


def _poisson(mean: float, rng: Random) -> int:
    """By the times between events, which suits the small means here."""
    n, left = 0, mean
    while (left := left + log(1 - rng.random())) > 0:
        n += 1
    return n


def _logarithmic(alpha: float, rng: Random) -> int:
    u, v = 1 - rng.random(), rng.random()
    if v >= alpha:
        return 1
    q = -expm1(log1p(-alpha) * u)  # 1 - (1 - α)^u
    if v <= q * q:
        return max(1, int(1 + log(v) / log(q))) if v > 0 else 1
    return 2 if v <= q else 1
