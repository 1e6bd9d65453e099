"""MBG/NBD: BG/NBD where customers may leave after their first purchase already.

Source: Batislam, Denizel & Filiztekin (2007), "Empirical Validation and Comparison of Models for Customer Base
Analysis".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.lifecycle.beta_geometric import BetaGeometric, likelihood
from engine.lifecycle.counts import Counts, Floats
from engine.lifecycle.fitted import Fitted, fit
from engine.lifecycle.fitting import Gradient


@dataclass(frozen=True)
class MbgNbd:
    """`usual_…` is the prior of `engine.lifecycle.fitted`, `spread` how sure one customer of CDNOW makes it."""

    names = ("r", "alpha", "a", "b")
    usual_r: float = 0.5
    usual_a: float = 0.9
    usual_b: float = 1.6
    spread = np.array([7.7, 5.5, 8.4, 16.2])

    def fit(self, counts: Counts) -> Fitted:
        return fit(self, counts)

    def law(self, params: Floats) -> BetaGeometric:
        r, alpha, a, b = params.tolist()
        return BetaGeometric(r, alpha, a, b, leaves_at_first=True)

    def likelihood(self, counts: Counts) -> Gradient:
        return likelihood(counts, leaves_at_first=True)

    def usual(self, per_purchase: float) -> Floats:
        return np.array([self.usual_r, self.usual_r * per_purchase, self.usual_a, self.usual_b])


MODEL = MbgNbd()
