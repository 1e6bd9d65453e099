"""Bets against “there is no difference”, sized so that they are decided where the plan ends.

X is what one outcome speaks for a difference; if there is none, its mean is 0 whatever came before. A gambler who
stakes λ of the wealth, chosen from the past, is then expected to gain nothing: the product of 1 + λX has a mean of at
most 1 at every moment, and by Ville's inequality it ever reaches w with probability at most 1/w. So looking again
costs nothing; what costs is to stake too little or too much. The mean is exact, not a limit for many outcomes.

Nineteen twentieths of the wealth are staked as if the sum of X were a Brownian motion that must cross a line by the end
of the plan: the chance of that, 2(1 - Φ(x)), is the present wealth as a share of the target, and grows by h(x) / √left
with each unit of X, where h is the normal hazard and `left` the variance of all X that are still to come (O'Brien and
Fleming's line). The rest is spread over stakes from small to large, which stay as they are: it keeps the process alive
when people are added.

Source: Ville (1939); Waudby-Smith & Ramdas (2024), "Estimating Means of Bounded Random Variables by Betting";
O'Brien & Fleming (1979), "A Multiple Testing Procedure for Clinical Trials".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

ALPHA = 0.05
# Either of two equal variants may look better, and each does so wrongly with probability ALPHA / 2 at most. A
# twentieth is asked for on top of the 2 / ALPHA of the proof, so that a count of false calls stays below ALPHA by more
# than its noise; it costs less than one hundredth of the plan.
ENOUGH = 1.05 * 2 / ALPHA

PLANNED = 0.95  # of the wealth is bet towards the planned end
BOLDNESS = 1.0  # of the stake that a Brownian motion would ask for
MOST_STAKED = 0.97  # of the wealth, if the worst happens
N_SPREAD = 4  # stakes of the rest, each a third of the one before
SPREAD = 1 / 3
STEPS = 400  # outcomes that are bet on one by one; later as many of them at once as keeps the steps as fine
LEAST = 1e-200
LARGEST = 1e200


@dataclass(frozen=True, eq=False)
class Bets:
    """What may be bet on, one outcome after the other along the first axis; all other axes are games of their own.

    gains: X. left: the variance of this and all later X of the plan, 0 once it is used up. worst: at least as large
    as -X can be. All but the gains are known before the outcome.
    """

    gains: Values
    left: Values
    worst: Values


@dataclass(frozen=True, eq=False)
class Grown:
    """What 1 has become: `now`, at its `highest`, and after how many outcomes it was enough (one more than all: never).

    One entry per game. path: the wealth after `at` outcomes, moments × games; only if asked for.
    """

    now: Values
    highest: Values
    reached: NDArray[np.int64]
    at: NDArray[np.int64]
    path: Values


def grown(bets: Bets, *, target: float = ENOUGH, with_path: bool = False) -> Grown:
    """The wealth after all outcomes. It is looked at, and bet anew, after every 400th of the outcomes so far."""
    n, shape = len(bets.gains), bets.gains.shape[1:]
    planned = np.full(shape, PLANNED)
    spread = np.full((N_SPREAD, *shape), (1 - PLANNED) / N_SPREAD)
    fractions = MOST_STAKED * SPREAD ** np.arange(N_SPREAD)
    now, highest, reached = np.ones(shape), np.ones(shape), np.full(shape, n + 1)
    moments: list[int] = []
    path: list[Values] = []
    start = 0
    while start < n:
        rows = slice(start, start + max(1, start // STEPS))
        gains, worst = bets.gains[rows], bets.worst[rows].max(axis=0)
        staked = stake(now, bets.left[start], worst, target)
        start += len(gains)
        planned = planned * np.prod(1 + staked * gains, axis=0)
        for which, fraction in enumerate(fractions):
            spread[which] = np.minimum(spread[which] * np.prod(1 + fraction / worst * gains, axis=0), LARGEST)
        now = planned + spread.sum(axis=0)
        reached = np.where((now >= target) & (reached > n), start, reached)
        highest = np.maximum(highest, now)
        if with_path:
            moments.append(start)
            path.append(now)
    return Grown(now, highest, reached, np.array(moments, np.int64), np.array(path).reshape(len(path), *shape))


def stake(wealth: Values, left: Values, worst: Values, target: float) -> Values:
    """λ, the share of the wealth per unit of X, that is bet towards the planned end."""
    from scipy.special import ndtri

    chance = np.clip(wealth / target, LEAST, 1.0) / 2
    hazard = np.exp(-0.5 * ndtri(chance) ** 2) / (np.sqrt(2 * np.pi) * chance)
    bold = np.minimum(BOLDNESS * hazard / np.sqrt(np.maximum(left, 1e-12)), MOST_STAKED / worst)
    staked: Values = np.where((left <= 0) | (wealth >= target), 0.0, bold)
    return staked


def chance_of_enough(wealth: Values, left: Values, drift: Values, target: float = ENOUGH) -> Values:
    """The chance that `wealth` still reaches the target by the planned end, if X has a mean of `drift` per variance."""
    from scipy.special import ndtr, ndtri

    still = -ndtri(np.clip(wealth / target, LEAST, 1.0) / 2)
    chance: Values = np.where(wealth >= target, 1.0, ndtr(drift * np.sqrt(np.maximum(left, 0)) - still))
    return chance
