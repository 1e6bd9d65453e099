"""Every variant to the same number of people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.experiments.tally import Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class Uniform:
    """1/K for each of K variants, whatever has happened: it learns most about all of them."""

    @property
    def label(self) -> Phrase:
        return Phrase("the same number for each")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return np.full(tally.n_variants, 1 / tally.n_variants)


POLICY = Uniform()
