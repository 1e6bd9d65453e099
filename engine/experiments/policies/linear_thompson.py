"""For each person each variant as often as it is likely to be the best for people like that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.experiments import chances
from engine.experiments.contexts import Features, Moments, Seen, means_and_doubts
from engine.experiments.tally import Counts, Tally, Weights
from engine.phrases import Phrase

_AHEAD = 1_024


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
        means, doubts = means_and_doubts(people, coefficients, inverse)
        drawn = means + np.sqrt(variance * doubts) * rng.standard_normal(doubts.shape)
        chosen: Counts = drawn.argmax(axis=0).astype(np.int64)
        return chosen

    def one_by_one(
        self, moments: Moments, people: Iterable[Features], variance: float, rng: Generator
    ) -> Iterator[int]:
        """The variant of each person as they come (each a vector), while no outcome comes in."""
        coefficients, inverse = moments.fit(self.ridge)
        n_variants, n_features = coefficients.shape
        flat = inverse.reshape(n_variants * n_features, n_features)
        lucks = variance**0.5 * rng.standard_normal((_AHEAD, n_variants))
        for step, x in enumerate(people):
            if step % _AHEAD == 0 and step:
                lucks = variance**0.5 * rng.standard_normal((_AHEAD, n_variants))
            doubt = (flat @ x).reshape(n_variants, n_features) @ x
            yield int((coefficients @ x + np.sqrt(doubt) * lucks[step % _AHEAD]).argmax())

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
