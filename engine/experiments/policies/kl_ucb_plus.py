"""The variant that could be the best, with less doubt about those that were sent often."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.random import Generator

from engine.experiments.policies.kl_ucb import highest_rate
from engine.experiments.stepping import first_step, steps
from engine.experiments.tally import Counts, Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class KlUcbPlus:
    """argmax of the largest q with N · kl(mean, q) ≤ ln(t / N). Counts and ties as in `engine.experiments.stepping`.

    Source: Garivier & Cappé (2011), section 4, KL-UCB+.
    """

    @property
    def label(self) -> Phrase:
        return Phrase("what could be best, with less doubt")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return first_step(tally, index)

    def steps(self, tally: Tally, n: int) -> Counts:
        return steps(tally, n, index)


def index(mean: float, sends: int, total: int) -> float:
    return highest_rate(mean, math.log(total / sends) / sends)


POLICY = KlUcbPlus()
