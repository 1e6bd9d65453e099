"""Intervals that hold at every look (confidence sequences), by the same bets as the verdict.

A value is out once the bets against it have ever been worth 2/α; the interval is what is left. It is about 1.4 times
as wide at the planned end as one for a single look.

Source: Waudby-Smith & Ramdas (2024), "Estimating Means of Bounded Random Variables by Betting", section 4.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.experiments.betting import ENOUGH, Bets, Values, grown
from engine.experiments.evidence import Outcomes, Sent, comparison, rate_bets
from engine.experiments.intervals import Interval, newcombe, wilson
from engine.experiments.plan import LearningPlan

TRIED, FINER = 9, 2  # values at once, and how many times more finely after the first
REACH = 3.0  # how many times as wide as an interval for one look it is looked for


def difference_sequence(sent: Sent, plan: LearningPlan, k: int, j: int, *, times: int = 1) -> Interval:
    """Where the rate of k minus that of j lies; from -1 to 1 while nothing is known.

    `times`: the share of the bound that this look has, 1 / times (see `evidence`).
    """
    first, second = sent.of(k), sent.of(j)
    if not first.size or not second.size:
        return Interval(-1.0, 1.0)
    around = newcombe(int(second.sum()), second.size, int(first.sum()), first.size)

    def bets(differences: Values) -> Bets:
        return comparison(sent, plan, k, j, differences, sent.n_variants)[0]

    return _not_out(bets, float(first.mean() - second.mean()), around, (-1.0, 1.0), ENOUGH * times)


def rate_sequence(outcomes: Outcomes, plan: LearningPlan, *, times: int = 1) -> Interval:
    """Where the rate behind the outcomes of one variant lies; from 0 to 1 while nothing is known."""
    if not outcomes.size:
        return Interval(0.0, 1.0)
    around = wilson(int(outcomes.sum()), outcomes.size)

    def bets(rates: Values) -> Bets:
        return rate_bets(outcomes, plan.sends_now, rates)

    return _not_out(bets, float(outcomes.mean()), around, (0.0, 1.0), ENOUGH * times)


def _not_out(
    bets: Callable[[Values], Bets], middle: float, around: Interval, ends: tuple[float, float], target: float
) -> Interval:
    low = _outside(bets, 0, (ends[0], max(ends[0], middle - REACH * (middle - around.low)), middle), target)
    high = _outside(bets, 1, (ends[1], min(ends[1], middle + REACH * (around.high - middle)), middle), target)
    return Interval(low, high)


def _outside(bets: Callable[[Values], Bets], side: int, between: tuple[float, float, float], target: float) -> float:
    """The last value that is out, looked for from the second to the third of `between`, or else from the first."""
    end, reach, middle = between
    near = _edge(bets, side, np.linspace(reach, middle, TRIED), target)
    if near is not None or reach == end:
        return end if near is None else near
    far = _edge(bets, side, np.linspace(end, reach, TRIED), target)
    return end if far is None else far


def _edge(bets: Callable[[Values], Bets], side: int, values: Values, target: float, finer: int = FINER) -> float | None:
    """The last of the values, from outside to inside, that is out; None if none is."""
    both = bets(values)
    one = Bets(both.gains[..., side], both.left[..., side], both.worst[..., side])
    out = np.flatnonzero(grown(one, target=target).highest >= target)
    if not out.size:
        return None
    last = int(out.max())
    if not finer or last + 1 == len(values):
        return float(values[last])
    return _edge(bets, side, np.linspace(values[last], values[last + 1], TRIED), target, finer - 1)
