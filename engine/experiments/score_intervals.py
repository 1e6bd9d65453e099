"""Intervals that turn a score test around: all differences, or ratios, of two rates that the test would let stand.

Source: Miettinen & Nurminen (1985), "Comparative Analysis of Two Rates", with their factor n / (n - 1). Without it the
interval for a ratio is that of Koopman (1984).
"""

from __future__ import annotations

from collections.abc import Callable
from math import acos, copysign, cos, exp, inf, log, pi, sqrt
from statistics import NormalDist

from engine.experiments.intervals import CONFIDENCE, Interval

Constrained = Callable[[int, int, int, int, float], float]


def rate_given_difference(wins_a: int, sends_a: int, wins_b: int, sends_b: int, difference: float) -> float:
    """The likeliest rate of a if that of b is larger by `difference` (Miettinen & Nurminen, appendix I)."""
    line = (sends_a * difference - sends_a - sends_b - 2 * wins_a) * difference + wins_a + wins_b
    return cubic_rate(wins_a, sends_a, wins_b, sends_b, difference, line)


def cubic_rate(wins_a: int, sends_a: int, wins_b: int, sends_b: int, difference: float, line: float) -> float:
    """The root of their cubic that is a rate; `line` is the factor of the rate itself."""
    cube = sends_a + sends_b
    square = (sends_b + 2 * sends_a) * difference - cube - wins_a - wins_b
    rest = wins_a * difference * (1 - difference)
    shift = square / (3 * cube)
    q = shift**3 - square * line / (6 * cube**2) + rest / (2 * cube)
    p = copysign(sqrt(max(shift**2 - line / (3 * cube), 0.0)), q)
    turn = 1.0 if p == 0 else min(max(q / p**3, -1.0), 1.0)
    return min(max(2 * p * cos((pi + acos(turn)) / 3) - shift, 0.0), 1.0)


def score_difference(
    wins_a: int,
    sends_a: int,
    wins_b: int,
    sends_b: int,
    confidence: float = CONFIDENCE,
    constrained: Constrained = rate_given_difference,
) -> Interval:
    """Where the difference of the rates, b minus a, lies."""
    limit = NormalDist().inv_cdf((1 + confidence) / 2)
    a, b = wins_a / sends_a, wins_b / sends_b

    def score(difference: float) -> float:
        rate_a = constrained(wins_a, sends_a, wins_b, sends_b, difference)
        rate_b = min(max(rate_a + difference, 0.0), 1.0)
        variance = rate_b * (1 - rate_b) / sends_b + rate_a * (1 - rate_a) / sends_a
        return _standard(b - a - difference, variance, sends_a + sends_b)

    edge = 1 - 1e-12
    low = -1.0 if score(-edge) <= limit else _root(lambda d: score(d) - limit, -edge, b - a)
    high = 1.0 if score(edge) >= -limit else _root(lambda d: score(d) + limit, b - a, edge)
    return Interval(low, high)


def score_ratio(wins_a: int, sends_a: int, wins_b: int, sends_b: int, confidence: float = CONFIDENCE) -> Interval:
    """Where the ratio of the rates, b over a, lies; infinite at the top if a has no wins."""
    limit = NormalDist().inv_cdf((1 + confidence) / 2)
    a, b = wins_a / sends_a, wins_b / sends_b

    def score(log_ratio: float) -> float:
        ratio = exp(log_ratio)
        rate_a = _rate_given_ratio(wins_a, sends_a, wins_b, sends_b, ratio)
        rate_b = min(rate_a * ratio, 1.0)
        variance = rate_b * (1 - rate_b) / sends_b + ratio**2 * rate_a * (1 - rate_a) / sends_a
        return _standard(b - a * ratio, variance, sends_a + sends_b)

    low = 0.0 if wins_b == 0 else exp(_root(lambda r: score(r) - limit, -30.0, log(b / a) if a else 30.0))
    high = inf if wins_a == 0 else exp(_root(lambda r: score(r) + limit, log(b / a) if b else -30.0, 30.0))
    return Interval(low, high)


def log_ratio(
    wins_a: int, sends_a: int, wins_b: int, sends_b: int, confidence: float = CONFIDENCE, *, added: float = 0.0
) -> Interval | None:
    """The same by the normal approximation of its logarithm; None where nobody bought of one of them.

    `added` to wins and sends (1/2) gives an interval even then. Source: Katz et al. (1978); Walter (1975) for 1/2.
    """
    x_a, n_a, x_b, n_b = (count + added for count in (wins_a, sends_a, wins_b, sends_b))
    if not x_a or not x_b:
        return None
    half = NormalDist().inv_cdf((1 + confidence) / 2) * sqrt(1 / x_a - 1 / n_a + 1 / x_b - 1 / n_b)
    middle = log(x_b / n_b / (x_a / n_a))
    return Interval(exp(middle - half), exp(middle + half))


def _standard(distance: float, variance: float, n: int) -> float:
    if variance <= 0:
        return copysign(inf, distance) if abs(distance) > 1e-12 else 0.0
    return distance / sqrt(variance * n / (n - 1))


def _rate_given_ratio(wins_a: int, sends_a: int, wins_b: int, sends_b: int, ratio: float) -> float:
    """The likeliest rate of a if that of b is `ratio` times it (their equation 12)."""
    square = (sends_a + sends_b) * ratio
    line = -(sends_b * ratio + wins_b + sends_a + wins_a * ratio)
    rest = wins_a + wins_b
    return float(-line - sqrt(max(line**2 - 4 * square * rest, 0.0))) / (2 * square)


def _root(of: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(of, low, high, xtol=1e-14, rtol=1e-14))
