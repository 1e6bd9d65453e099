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
