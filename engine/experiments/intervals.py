"""Intervals for rates, for one look at counts that are not chosen by their outcome."""

from __future__ import annotations

from math import hypot, sqrt
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """From `low` to `high`, both shares (not per cent)."""

    low: float
    high: float


def wilson(wins: int, sends: int, confidence: float = CONFIDENCE) -> Interval:
    """Where the rate behind `wins` of `sends` (at least 1) lies; within 0 and 1, and never of width 0.

    Source: Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference"; Newcombe (1998a),
    method 3.
    """
    if not 0 <= wins <= sends or sends == 0:
        raise ValueError(f"{wins} of {sends} is no rate")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = wins + z * z / 2
    half = z * sqrt(wins * (sends - wins) / sends + z * z / 4)
    # at the ends the formula gives 0 and 1 but for rounding
    low = 0.0 if wins == 0 else (middle - half) / (sends + z * z)
    high = 1.0 if wins == sends else (middle + half) / (sends + z * z)
    return Interval(low, high)


def newcombe(wins_a: int, sends_a: int, wins_b: int, sends_b: int, confidence: float = CONFIDENCE) -> Interval:
    """Where the difference of the rates, b minus a, lies; within -1 and 1.

    Source: Newcombe (1998b), "Interval Estimation for the Difference Between Independent Proportions", method 10.
    """
    a, b = wins_a / sends_a, wins_b / sends_b
    of_a, of_b = wilson(wins_a, sends_a, confidence), wilson(wins_b, sends_b, confidence)
    below = hypot(b - of_b.low, of_a.high - a)
    above = hypot(of_b.high - b, a - of_a.low)
    return Interval(b - a - below, b - a + above)


def wald(wins_a: int, sends_a: int, wins_b: int, sends_b: int, confidence: float = CONFIDENCE) -> Interval:
    """The same by the normal approximation with unpooled variances; far too narrow for few wins."""
    return _around(wins_a, sends_a, wins_b, sends_b, confidence)


def agresti_caffo(wins_a: int, sends_a: int, wins_b: int, sends_b: int, confidence: float = CONFIDENCE) -> Interval:
    """The same as `wald` with one win and one miss added to both.

    Source: Agresti & Caffo (2000), "Simple and Effective Confidence Intervals for Proportions and Differences".
    """
    return _around(wins_a + 1, sends_a + 2, wins_b + 1, sends_b + 2, confidence)


def clopper_pearson(wins: int, sends: int, confidence: float = CONFIDENCE) -> Interval:
    """The exact interval of one rate, which is never too narrow. Source: Clopper & Pearson (1934)."""
    from scipy.stats import beta

    tail = (1 - confidence) / 2
    low = 0.0 if wins == 0 else float(beta.ppf(tail, wins, sends - wins + 1))
    high = 1.0 if wins == sends else float(beta.ppf(1 - tail, wins + 1, sends - wins))
    return Interval(low, high)


def jeffreys(wins: int, sends: int, confidence: float = CONFIDENCE) -> Interval:
    """The middle of the posterior under Beta(1/2, 1/2). Source: Brown, Cai & DasGupta (2001), section 4."""
    from scipy.stats import beta

    tail = (1 - confidence) / 2
    low, high = beta.ppf([tail, 1 - tail], wins + 0.5, sends - wins + 0.5)
    return Interval(float(low), float(high))


def agresti_coull(wins: int, sends: int, confidence: float = CONFIDENCE) -> Interval:
    """Source: Agresti & Coull (1998), "Approximate Is Better than 'Exact'"."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (wins + z * z / 2) / (sends + z * z)
    half = z * sqrt(middle * (1 - middle) / (sends + z * z))
    return Interval(middle - half, middle + half)


def _around(wins_a: int, sends_a: int, wins_b: int, sends_b: int, confidence: float) -> Interval:
    a, b = wins_a / sends_a, wins_b / sends_b
    half = NormalDist().inv_cdf((1 + confidence) / 2) * sqrt(a * (1 - a) / sends_a + b * (1 - b) / sends_b)
    return Interval(b - a - half, b - a + half)
