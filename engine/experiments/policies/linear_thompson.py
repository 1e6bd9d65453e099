"""For each person each variant as often as it is likely to be the best for people like that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.experiments import chances
from engine.experiments.contexts import Features, Moments, Seen
from engine.experiments.tally import Counts, Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class LinearThompson:
    """P(xᵀθ_k is highest), θ_k normal about its ridge regression with covariance v A⁻¹; computed, not drawn.

    v is the variance of all known outcomes together (1/4, the most a rate can have, while there are none). A counts
    what was sent, answered or not.
    Source: Agrawal & Goyal (2013), "Thompson Sampling for Contextual Bandits with Linear Payoffs".
    """

    ridge: float = 1.0

    @property
    def label(self) -> Phrase:
        return Phrase("by the chance to be best, per person")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        best: Weights = self._best(Moments.alike(tally), np.ones((1, 1)), _variance(tally))[0]
        return best

    def chances(self, seen: Seen, people: Features, rng: Generator) -> Weights:
        known = seen.outcome[seen.known]
        return self._best(Moments.of(seen), people, float(known.var()) if known.size else 0.25)

    def choices(self, moments: Moments, people: Features, variance: float, rng: Generator) -> Counts:
        """The variant of each of the people, drawn with these probabilities, which are not worked out."""
        coefficients, inverse = moments.fit(self.ridge)
        doubts = np.stack([((people @ one) * people).sum(axis=1) for one in inverse], axis=1)
        spread = np.sqrt(variance * np.maximum(doubts, 0))
        drawn = people @ coefficients.T + spread * rng.standard_normal(spread.shape)
        chosen: Counts = drawn.argmax(axis=1).astype(np.int64)
        return chosen

    def _best(self, moments: Moments, people: Features, variance: float) -> Weights:
        # people who are alike have the same chances
        kinds, which = np.unique(people, axis=0, return_inverse=True)
        coefficients, inverse = moments.fit(self.ridge)
        means = kinds @ coefficients.T
        doubts = np.einsum("md,kde,me->mk", kinds, inverse, kinds)
        spread = np.sqrt(max(variance, 1e-6) * np.maximum(doubts, 1e-12))
        best: Weights = chances.of_normals(means, spread)[which.reshape(-1)]
        return best


def _variance(tally: Tally) -> float:
    n = int(tally.sends.sum())
    if not n:
        return 0.25
    rate = float(tally.wins.sum()) / n
    return rate * (1 - rate)


POLICY = LinearThompson()
