"""Each variant as often as it is likely to be the best."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from numpy.random import Generator

from engine.experiments import chances
from engine.experiments.priors import Level, Prior
from engine.experiments.tally import Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class Thompson:
    """P(variant is best) under a Beta prior for yes/no outcomes: computed, not drawn.

    Source: Chapelle & Li (2011), "An Empirical Evaluation of Thompson Sampling".
    """

    prior: Prior = field(default_factory=Level)

    @property
    def label(self) -> Phrase:
        return Phrase("by the chance to be best")

    def informed(self, prior: Prior) -> Thompson:
        return replace(self, prior=prior)

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return chances.of_betas(*posterior(tally, self.prior))

    def draw(self, tally: Tally, rng: Generator) -> int:
        """One variant with the probability of its weight, without working out the weights."""
        return int(rng.beta(*posterior(tally, self.prior)).argmax())


def posterior(tally: Tally, prior: Prior) -> tuple[Weights, Weights]:
    """a and b of each variant's Beta distribution.

    A send that waits for its outcome narrows it about the mean that is known without it: what will be learned from
    it need not be bought again by the next batch.
    """
    a, b = prior.betas(tally)
    a, b = a + tally.wins, b + (tally.sends - tally.wins)
    narrowed = 1 + tally.waiting / (a + b)
    return a * narrowed, b * narrowed


POLICY = Thompson()
