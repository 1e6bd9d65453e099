"""How many sends it takes to see a difference, and which difference a number of sends can show.

For one look at the planned end, 5 % false alarms on both sides and a chance of 80 % to see what is there.
"""

from __future__ import annotations

from math import asin, sqrt
from statistics import NormalDist

ALPHA = 0.05
POWER = 0.8


def sends_needed(rate: float, other: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """Sends per variant to tell `rate` from `other`, not rounded; infinite if they are the same.

    Source: Fleiss, Levin & Paik (2003), "Statistical Methods for Rates and Proportions", eq. 4.14 (no continuity
    correction).
    """
    if not (0 <= rate <= 1 and 0 <= other <= 1):
        raise ValueError(f"rates are {rate} and {other}, must be from 0 to 1")
    if rate == other:
        return float("inf")
    mean = (rate + other) / 2
    equal = NormalDist().inv_cdf(1 - alpha / 2) * sqrt(2 * mean * (1 - mean))
    apart = NormalDist().inv_cdf(power) * sqrt(rate * (1 - rate) + other * (1 - other))
    return ((equal + apart) / (rate - other)) ** 2


def detectable_rate(rate: float, sends: float, alpha: float = ALPHA, power: float = POWER) -> float | None:
    """The lowest rate above `rate` that `sends` per variant can tell from it; None if not even 1 can be told."""
    if rate >= 1 or sends_needed(rate, 1.0, alpha, power) > sends:
        return None
    low, high = rate, 1.0
    for _ in range(60):  # halvings: to the last digit of a float
        middle = (low + high) / 2
        if sends_needed(rate, middle, alpha, power) > sends:
            low = middle
        else:
            high = middle
    return high


def clearly_better(rate: float) -> float:
    """The rate that is worth a test: twice `rate`, or half the misses where that is less far (above one third)."""
    return min(2 * rate, (1 + rate) / 2)


def sends_needed_unpooled(rate: float, other: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """The same for Wald's test, whose variance is unpooled: packages differ in which of the two they plan for."""
    z = NormalDist().inv_cdf(1 - alpha / 2) + NormalDist().inv_cdf(power)
    return z**2 * (rate * (1 - rate) + other * (1 - other)) / (rate - other) ** 2


def sends_needed_arcsine(rate: float, other: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """The same by the arcsine, whose variance hangs on no rate; to the last digit, with the chance of the wrong side.

    Source: Cohen (1988), "Statistical Power Analysis", chapter 6.
    """
    h = 2 * asin(sqrt(other)) - 2 * asin(sqrt(rate))
    normal = NormalDist()
    z = normal.inv_cdf(1 - alpha / 2)

    def reached(sends: float) -> float:
        shift = abs(h) * sqrt(sends / 2)
        return normal.cdf(shift - z) + normal.cdf(-shift - z)

    low, high = 0.0, 1.0
    while reached(high) < power:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < power else (low, middle)
    return high


def power_at(rate: float, other: float, sends: float, alpha: float = ALPHA) -> float:
    """The chance that `sends` per variant tell `rate` from `other`, on either side, by the pooled test."""
    mean = (rate + other) / 2
    z = NormalDist().inv_cdf(1 - alpha / 2) * sqrt(2 * mean * (1 - mean) / sends)
    apart = sqrt((rate * (1 - rate) + other * (1 - other)) / sends)
    normal = NormalDist()
    return normal.cdf((abs(other - rate) - z) / apart) + normal.cdf((-abs(other - rate) - z) / apart)
