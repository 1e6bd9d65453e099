"""For each person the variant that could be the best for people like that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.experiments.contexts import Features, Moments, Seen
from engine.experiments.tally import Counts, Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class LinUcb:
    """argmax of xᵀθ + width · sqrt(xᵀA⁻¹x), one ridge regression for each variant; ties go by order.

    θ comes from the known outcomes; A counts what was sent, those of the same batch included, so that a batch
    spreads out. `width` is the paper's α; outcomes of a few per cent need a small one.
    Source: Li, Chu, Langford & Schapire (2010), "A Contextual-Bandit Approach to Personalized News Article
    Recommendation", algorithm 1; Desautels, Krause & Burdick (2014) on batches.
    """

    width: float = 0.2
    ridge: float = 1.0

    @property
    def label(self) -> Phrase:
        return Phrase("what could be best for each person")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return np.eye(tally.n_variants)[self.steps(tally, 1)[0]]

    def steps(self, tally: Tally, n: int) -> Counts:
        return self.choices(Moments.alike(tally), np.ones((n, 1)))

    def chances(self, seen: Seen, people: Features, rng: Generator) -> Weights:
        return np.eye(seen.n_variants)[self.choices(Moments.of(seen), people)]

    def choices(self, moments: Moments, people: Features) -> Counts:
        """The variant of each of the people, in order."""
        coefficients, inverse = moments.fit(self.ridge)
        n_variants, n_features = coefficients.shape
        means = people @ coefficients.T
        flat = inverse.reshape(n_variants * n_features, n_features)
        chosen = np.empty(len(people), dtype=np.int64)
        for i, (x, mean) in enumerate(zip(people, means, strict=True)):
            leaning = (flat @ x).reshape(n_variants, n_features)
            doubt = leaning @ x
            best = int((mean + self.width * np.sqrt(doubt)).argmax())
            # Sherman & Morrison (1950): the inverse after one more row
            inverse[best] -= np.outer(leaning[best], leaning[best] / (1 + doubt[best]))
            chosen[i] = best
        return chosen


POLICY = LinUcb()
