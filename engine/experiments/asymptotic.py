"""Intervals and tests at every look that hold for many outcomes, as other packages have them; not the house's own.

Under a bandit's choices they are wrong more often than they say (benchmarks/honest_verdicts.py and its source), so a
verdict goes by `betting`.
"""

from __future__ import annotations

from math import exp, log, sqrt

from engine.experiments.betting import ALPHA
from engine.experiments.intervals import Interval


def tuned(at: float, alpha: float = ALPHA) -> float:
    """The ρ that makes the interval narrowest after `at` outcomes. Source: Waudby-Smith et al. (2024), appendix B.2."""
    return sqrt((-2 * log(alpha) + log(-2 * log(alpha) + 1)) / at)


def mixture_interval(estimate: float, se: float, n: int, rho: float, alpha: float = ALPHA) -> Interval:
    """The asymptotic confidence sequence after n outcomes.

    Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), "Time-uniform Central Limit Theory and Asymptotic
    Confidence Sequences", eq. 9.
    """
    known = n * rho**2
    half = se * sqrt(2 * (known + 1) / known * log(sqrt(known + 1) / alpha))
    return Interval(estimate - half, estimate + half)


def mixture_p(estimate: float, se: float, n: int, rho: float) -> float:
    """The p-value that belongs to it: 1 over the mixture's wealth, at most 1."""
    known = n * rho**2
    return min(1.0, sqrt(known + 1) * exp(-known * (estimate / se) ** 2 / (2 * (known + 1))))


def msprt(estimate: float, variance: float, spread: float) -> float:
    """The likelihood ratio of N(0, spread) against no difference; 1 over it is a p-value at every look.

    Source: Johari, Koomen, Pekelis & Walsh (2017), "Peeking at A/B Tests", eq. 12.
    """
    both = variance + spread
    return sqrt(variance / both) * exp(spread * estimate**2 / (2 * variance * both))
