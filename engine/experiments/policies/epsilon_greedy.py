"""All for the best rate so far, but for a tenth that goes to all alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.experiments.floors import with_floor
from engine.experiments.tally import Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class EpsilonGreedy:
    """`epsilon` is shared out evenly, the rest goes to the best rate so far; ties share it.

    While nothing of a variant is known, its rate is that of all together. What is sent and not answered changes
    nothing.
    Source: Sutton & Barto (2018), "Reinforcement Learning", section 2.2.
    """

    epsilon: float = 0.1

    @property
    def label(self) -> Phrase:
        return Phrase("nine in ten to the best so far")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return with_floor(greedy(tally), self.epsilon / tally.n_variants)


def greedy(tally: Tally) -> Weights:
    """All for the best rate so far, in equal parts where several are best."""
    best = np.isclose(tally.means, tally.means.max(), rtol=1e-12, atol=0)
    weights: Weights = best / best.sum()
    return weights


POLICY = EpsilonGreedy()
