"""Half by the chance to be best, half for what could be best instead: it tells the first from the second soonest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.random import Generator

from engine.experiments import chances
from engine.experiments.policies.thompson import posterior
from engine.experiments.priors import Level, Prior
from engine.experiments.tally import Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class TopTwo:
    """With α_k the probability that k is best: β α_k + (1 - β) α_k Σ_{j≠k} α_j / (1 - α_j).

    That is: draw a best variant; with a chance of 1 - `leader` draw on until another comes, and take that.
    Source: Russo (2016), "Simple Bayesian Algorithms for Best Arm Identification", section 3.3.
    """

    leader: float = 0.5
    prior: Prior = field(default_factory=Level)

    @property
    def label(self) -> Phrase:
        return Phrase("the two most promising, half and half")

    def informed(self, prior: Prior) -> TopTwo:
        return replace(self, prior=prior)

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return top_two(chances.of_betas(*posterior(tally, self.prior)), self.leader)


def top_two(best: Weights, leader: float) -> Weights:
    """From the probabilities to be best, along one axis. One variant alone gets everything."""
    n_variants = best.size
    if n_variants == 1:
        return np.ones(1)
    # row j: the chances of the others if j is not taken; where all of those are 0 they are equal
    others = np.where(np.eye(n_variants, dtype=bool), 0.0, np.maximum(best, np.finfo(float).tiny))
    second = best @ (others / others.sum(axis=1, keepdims=True))
    both = leader * best + (1 - leader) * second
    weights: Weights = both / both.sum()
    return weights


POLICY = TopTwo()
