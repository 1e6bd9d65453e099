"""Each variant as often as it is likely to bring in the most money per message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.experiments import chances
from engine.experiments.tally import Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class ThompsonRevenue:
    """P(variant's mean is highest) for money per send, those that brought none included; normal–gamma prior.

    The mean and variance to expect are those of all variants together, worth as much as `sends` sends of each; so
    the currency does not matter. Where no money is known a win counts as 1. While all sends brought the same, all
    variants are equal. Waiting sends narrow as in `thompson`.
    Source: Murphy (2007), "Conjugate Bayesian Analysis of the Gaussian Distribution", section 3.
    """

    sends: float = 4.0

    @property
    def label(self) -> Phrase:
        return Phrase("by the chance to bring most money")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        known, n = tally.sends, max(int(tally.sends.sum()), 1)
        expected = tally.money.sum() / n
        variance = max(float(tally.squares.sum()) / n - expected**2, 0.0)
        if variance <= 1e-12 * expected**2 or not tally.sends.any():
            return np.full(tally.n_variants, 1 / tally.n_variants)
        mean = tally.money / np.maximum(known, 1)
        within = np.maximum(tally.squares - known * mean**2, 0.0)
        size = self.sends + known
        centre = (self.sends * expected + tally.money) / size
        shape = (self.sends + known) / 2
        rate = (self.sends * variance + within + self.sends * known * (mean - expected) ** 2 / size) / 2
        scale = np.sqrt(rate / (shape * (size + tally.waiting)))
        return chances.of_students(centre / scale.max(), scale / scale.max(), 2 * shape)


POLICY = ThompsonRevenue()
