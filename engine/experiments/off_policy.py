"""What another policy would have earned, from what a policy with known chances did.

The wins of those who happened to get what the other would have given them count for more where that happened seldom:
w = (its chance) / (the chance at the draw).

Source: Horvitz & Thompson (1952); Swaminathan & Joachims (2015) on self-normalisation; Dudík, Langford & Li (2011),
"Doubly Robust Policy Evaluation and Learning"; Kong (1992) on the effective sample size. Names as in Open Bandit
Pipeline (Saito et al. 2021), whose `ipw`, `snipw`, `dm` and `dr` are the same sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np

from engine.errors import TooLittleData
from engine.experiments.intervals import CONFIDENCE, Interval
from engine.experiments.tally import Counts, Weights
from engine.phrases import counted

FEWEST_EFFECTIVE = 100.0  # people; below it a handful of them decide everything

Method = Literal["ips", "snips", "dm", "dr"]


@dataclass(frozen=True, eq=False)
class Logged:
    """One entry per message: the variant it was, what came of it, the chance of that variant when it was drawn."""

    variant: Counts
    reward: Weights
    propensity: Weights


@dataclass(frozen=True)
class Earned:
    """The mean reward of a message, with its interval; `effective` is how many people's worth of data it rests on."""

    mean: float
    interval: Interval
    effective: float
    method: Method


def would_have_earned(
    logged: Logged,
    chances: Weights,
    method: Method = "dr",
    expected: Weights | None = None,
    fewest: float = FEWEST_EFFECTIVE,
) -> Earned:
    """`chances`: messages × variants, of the other policy. `expected`: the same, the reward of each variant as a model
    has it; left out, it is each variant's mean.

    The interval is by the normal approximation of the mean. Raises TooLittleData where the effective sample size is
    below `fewest`: the two policies did too different things.
    """
    rows = np.arange(logged.variant.size)
    weights = chances[rows, logged.variant] / logged.propensity
    effective = float(weights.sum() ** 2 / max(float((weights**2).sum()), 1e-300))
    if effective < fewest:
        raise TooLittleData(
            counted(
                "What was sent says too little about that other way of sharing out: it is worth the answers of {n} "
                "person only.",
                "What was sent says too little about that other way of sharing out: it is worth the answers of {n} "
                "people only.",
                n=round(effective),
            )
        )
    model = _means(logged, chances.shape[1]) if expected is None else expected
    values = _values(logged, chances, weights, model, method)
    mean = float(values.mean())
    half = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * sqrt(float(values.var(ddof=1)) / values.size)
    return Earned(mean, Interval(mean - half, mean + half), effective, method)


def _values(logged: Logged, chances: Weights, weights: Weights, model: Weights, method: Method) -> Weights:
    """One value per message, whose mean is the estimate and whose variance is that of the estimate times n."""
    if method == "ips":
        return np.asarray(weights * logged.reward, float)
    if method == "snips":
        share = weights / weights.mean()
        mean = float((share * logged.reward).mean())
        return np.asarray(mean + share * (logged.reward - mean), float)
    direct: Weights = (chances * model).sum(axis=1)
    if method == "dm":
        return direct
    of_chosen = np.broadcast_to(model, chances.shape)[np.arange(logged.variant.size), logged.variant]
    return np.asarray(direct + weights * (logged.reward - of_chosen), float)


def _means(logged: Logged, n_variants: int) -> Weights:
    sends = np.bincount(logged.variant, minlength=n_variants)
    rewards = np.bincount(logged.variant, weights=logged.reward, minlength=n_variants)
    means = np.full(n_variants, float(logged.reward.mean()))
    np.divide(rewards, sends, out=means, where=sends > 0)
    return means
