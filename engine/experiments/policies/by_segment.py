"""In each group of people each variant as often as it is likely to be the best there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.random import Generator

from engine.experiments import chances
from engine.experiments.contexts import Features, Seen
from engine.experiments.policies.thompson import posterior
from engine.experiments.priors import Level, Prior
from engine.experiments.tally import Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class BySegment:
    """Thompson sampling in each group; people whose features are the same are one group.

    A group's variants are expected to be to each other as they are in all groups together, give or take `apart` (a
    share of the rate): a small group borrows from the others, a large one has its own say.
    Source: Morris (1983), "Parametric Empirical Bayes Inference".
    """

    prior: Prior = field(default_factory=Level)
    apart: float = 0.3

    @property
    def label(self) -> Phrase:
        return Phrase("by the chance to be best, per group")

    def informed(self, prior: Prior) -> BySegment:
        return replace(self, prior=prior)

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return chances.of_betas(*posterior(tally, self.prior))

    def chances(self, seen: Seen, people: Features, rng: Generator) -> Weights:
        kinds, which = np.unique(people, axis=0, return_inverse=True)
        in_common = self._in_common(seen.tally())
        best = np.empty((len(kinds), seen.n_variants))
        for row, kind in enumerate(kinds):
            own = (seen.features == kind).all(axis=1)
            part = Seen(seen.features[own], seen.variant[own], seen.outcome[own], seen.n_variants)
            best[row] = chances.of_betas(*posterior(part.tally(), in_common))
        return best[which.reshape(-1)]

    def _in_common(self, tally: Tally) -> Level:
        """What a group is to expect from all groups together."""
        a, b = self.prior.betas(tally)
        a, b = a + tally.wins, b + tally.sends - tally.wins
        rates = a / (a + b)
        level = float(rates.mean())
        doubt = np.sqrt(b / a / (a + b + 1))  # the standard deviation of a beta, as a share of its mean
        spreads = np.hypot(self.apart, doubt)
        return Level(level, spread=self.apart, tilts=tuple(rates / level), spreads=tuple(spreads))


POLICY = BySegment()
