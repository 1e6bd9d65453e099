"""BG/NBD: a customer buys at a rate of his own, and after each repeat purchase leaves with a chance of his own.

Source: Fader, Hardie & Lee (2005), "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD Model".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.lifecycle.beta_geometric import BetaGeometric, likelihood
from engine.lifecycle.counts import Counts, Floats
from engine.lifecycle.fitted import Fitted, fit
from engine.lifecycle.fitting import Gradient


@dataclass(frozen=True)
class BgNbd:
    """`usual_…` is the prior of `engine.lifecycle.fitted`, `spread` how sure one customer of CDNOW makes it."""

    names = ("r", "alpha", "a", "b")
    usual_r: float = 0.5
    usual_a: float = 0.8
    usual_b: float = 2.5
    spread = np.array([2.5, 4.2, 11.4, 14.1])

    def fit(self, counts: Counts) -> Fitted:
        return fit(self, counts)

    def law(self, params: Floats) -> BetaGeometric:
        r, alpha, a, b = params.tolist()
        return BetaGeometric(r, alpha, a, b, leaves_at_first=False)

    def likelihood(self, counts: Counts) -> Gradient:
        return likelihood(counts, leaves_at_first=False)

    def usual(self, per_purchase: float) -> Floats:
        return np.array([self.usual_r, self.usual_r * per_purchase, self.usual_a, self.usual_b])


MODEL = BgNbd()
