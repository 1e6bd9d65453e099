"""The variant that could be the best: the highest rate under which its outcomes are not too unlikely."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.random import Generator

from engine.experiments.stepping import first_step, steps
from engine.experiments.tally import Counts, Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class KlUcb:
    """argmax of the largest q with N · kl(mean, q) ≤ ln t. Counts and ties as in `engine.experiments.stepping`.

    Source: Garivier & Cappé (2011), "The KL-UCB Algorithm for Bounded Stochastic Bandits and Beyond", algorithm 1
    with c = 0, as they recommend.
    """

    @property
    def label(self) -> Phrase:
        return Phrase("what could be best, by likelihood")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return first_step(tally, index)

    def steps(self, tally: Tally, n: int) -> Counts:
        return steps(tally, n, index)


def index(mean: float, sends: int, total: int) -> float:
    return highest_rate(mean, math.log(total) / sends)


def highest_rate(mean: float, most: float) -> float:
    """The largest q with kl(mean, q) = p ln(p/q) + (1-p) ln((1-p)/(1-q)) ≤ most, p the mean.

    By Newton's method from Pinsker's bound, which is never too low: kl is convex in q, so each step stays above.
    """
    if most <= 0:
        return mean
    if mean >= 1 - 1e-12:
        return 1.0
    if mean <= 0:
        return -math.expm1(-most)
    own = mean * math.log(mean) + (1 - mean) * math.log1p(-mean)
    rate = min(mean + math.sqrt(most / 2), 1 - 1e-12)
    for _ in range(100):
        excess = own - mean * math.log(rate) - (1 - mean) * math.log1p(-rate) - most
        step = excess * rate * (1 - rate) / (rate - mean)
        if step <= 1e-13:
            break
        rate -= step
    return rate


POLICY = KlUcb()
