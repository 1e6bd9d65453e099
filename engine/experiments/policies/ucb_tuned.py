"""The variant that could be the best, where a rate that varies less is known sooner."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.random import Generator

from engine.experiments.stepping import first_step, steps
from engine.experiments.tally import Counts, Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class UcbTuned:
    """argmax(mean + sqrt(ln t / N · min(1/4, V))), V = mean (1 - mean) + sqrt(2 ln t / N) bounds the variance.

    Counts and ties as in `engine.experiments.stepping`.
    Source: Auer, Cesa-Bianchi & Fischer (2002), section 4, UCB1-TUNED.
    """

    @property
    def label(self) -> Phrase:
        return Phrase("what could be best, by its spread")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return first_step(tally, index)

    def steps(self, tally: Tally, n: int) -> Counts:
        return steps(tally, n, index)


def index(mean: float, sends: int, total: int) -> float:
    doubt = math.log(total) / sends
    return mean + math.sqrt(doubt * min(0.25, mean * (1 - mean) + math.sqrt(2 * doubt)))


POLICY = UcbTuned()
