"""A clock that runs faster, or slower, for new customers: time as the models of purchases feel it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.lifecycle.counts import Counts, Floats, Horizon

BOOSTS = (-0.8, -0.4, 0.25, 0.5, 1.0, 2.0, 4.0)
FADES = (1 / 16, 1 / 8, 1 / 4, 1 / 2)  # of the mean time since the first purchase
SAMPLE = 20_000  # customers, every k-th of all
WORTH = 2.0  # what its two parameters have to add to the log-likelihood (Akaike)


@dataclass(frozen=True)
class Clock:
    """Time since the first purchase runs 1 + `boost` times as fast at first, and `fade` later e times less so.

    With boost 1 a new customer buys twice as often as the same customer will, still being one, when he is an old one.
    """

    boost: float = 0.0
    fade: float = 1.0

    def at(self, age: Floats) -> Floats:
        """What the clock shows."""
        shown: Floats = age - self.boost * self.fade * np.expm1(-age / self.fade)
        return shown

    def counts(self, counts: Counts) -> Counts:
        return Counts(counts.x, self.at(counts.t_x), self.at(counts.T))

    def horizon(self, counts: Counts, horizon: Horizon) -> Floats:
        """By how much the clock goes on, for each customer, in the horizon after the as-of day."""
        return self.at(counts.T + horizon) - self.at(counts.T)

    def log_speed(self, ages: Floats) -> float:
        """The sum of the logs of its speed at these ages: what the change of time adds to a log-likelihood."""
        return float(np.log1p(self.boost * np.exp(-ages / self.fade)).sum())


def clock(counts: Counts, loglik: Callable[[Counts], float]) -> Clock:
    """The clock under which the counts are most likely, by a model's highest `loglik`: first how strong, then how long.

    Purchases are a Poisson process in the clock's time, so each adds the log of the clock's speed at its age. The
    usual clock unless another is better by `WORTH`; always the usual one if the counts come without ages.
    """
    if counts.ages is None or not len(counts.ages):
        return Clock()
    step = -(-len(counts) // SAMPLE)
    few, share, mean_time = counts.at(slice(None, None, step)), 1 / step, float(counts.T.mean())
    ages = counts.ages

    def height(other: Clock) -> float:
        return loglik(other.counts(few)) + share * other.log_speed(ages)

    still = Clock()
    by_boost = max((Clock(boost, mean_time * FADES[1]) for boost in BOOSTS), key=height)
    best = max((Clock(by_boost.boost, mean_time * fade) for fade in FADES), key=height)
    return best if height(best) > height(still) + WORTH * share else still
