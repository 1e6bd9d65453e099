"""What to believe of the rates of two variants at one look, under Beta priors: chance to win, and what a choice risks.

These are no verdict: looked at again and again, a chance above 95 % comes up in every second campaign of equal
variants. They say what to do if one has to choose now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

STEPS = 200_000  # of a rate from 0 to 1, in sums


@dataclass(frozen=True)
class Belief:
    """Beta(wins + 1, misses + 1) of one variant."""

    wins: float
    misses: float

    @classmethod
    def of(cls, wins: int, sends: int, prior: tuple[float, float] = (1.0, 1.0)) -> Belief:
        return cls(wins + prior[0], sends - wins + prior[1])

    @property
    def mean(self) -> float:
        return self.wins / (self.wins + self.misses)


def chance_to_win(first: Belief, second: Belief) -> float:
    """The chance that the second rate is above the first.

    Source: Cook (2005), "Exact Calculation of Beta Inequalities".
    """
    from scipy.special import betainc

    return _mean_over(second, lambda rate: float(betainc(first.wins, first.misses, rate)))


def expected_loss(chosen: Belief, other: Belief) -> float:
    """How much of a rate is lost in the mean by choosing: E[max(other - chosen, 0)].

    Source: Stucchio (2015), "Bayesian A/B Testing at VWO", section 5: E[X; X > Y] is the mean of X times the chance
    under one more win.
    """
    more, less = Belief(other.wins + 1, other.misses), Belief(chosen.wins + 1, chosen.misses)
    return other.mean * chance_to_win(chosen, more) - chosen.mean * (1 - chance_to_win(other, less))


def lift_quantile(first: Belief, second: Belief, share: float) -> float:
    """The value below which second / first - 1 lies with the chance `share`."""
    from scipy.optimize import brentq
    from scipy.special import betainc

    def below(lift: float) -> float:
        chance = _mean_over(first, lambda rate: float(betainc(second.wins, second.misses, min(rate * (1 + lift), 1.0))))
        return chance - share

    high = 1.0
    while below(high) < 0:
        high *= 2
    return float(brentq(below, -1 + 1e-12, high, xtol=1e-9))


def _mean_over(belief: Belief, of: Callable[[float], float]) -> float:
    from scipy.integrate import quad
    from scipy.stats import beta

    posterior = beta(belief.wins, belief.misses)
    cuts = sorted({float(posterior.ppf(at)) for at in (1e-12, 1e-4, 0.1, 0.5, 0.9, 1 - 1e-4, 1 - 1e-12)} | {0.0, 1.0})
    pieces = (
        quad(lambda rate: of(rate) * posterior.pdf(rate), low, high, epsabs=1e-13, epsrel=1e-11)[0]
        for low, high in pairwise(cuts)
    )
    return float(sum(pieces))


def chance_to_be_best(beliefs: Sequence[Belief], k: int) -> float:
    """The chance that the rate of the k-th is the highest of all."""
    from scipy.special import betainc

    others = [belief for j, belief in enumerate(beliefs) if j != k]
    return _mean_over(beliefs[k], lambda rate: float(np.prod([betainc(of.wins, of.misses, rate) for of in others])))


def expected_shortfall(beliefs: Sequence[Belief], k: int) -> float:
    """How far the k-th is behind the best in the mean: E[max] - E[k]. Of two it is `expected_loss`."""
    from scipy.special import betainc

    rates = (np.arange(STEPS) + 0.5) / STEPS
    all_below = np.prod([betainc(belief.wins, belief.misses, rates) for belief in beliefs], axis=0)
    return float((1 - all_below).mean()) - beliefs[k].mean
