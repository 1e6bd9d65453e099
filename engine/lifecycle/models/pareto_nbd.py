"""Pareto/NBD: a customer buys at a rate of his own, and leaves at any time, at another rate of his own.

Source: Schmittlein, Morrison & Colombo (1987), "Counting Your Customers: Who Are They and What Will They Do Next?"
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.lifecycle.counts import Counts, Floats
from engine.lifecycle.fitted import Fitted, fit
from engine.lifecycle.fitting import Gradient
from engine.lifecycle.pareto import Pareto, likelihood


@dataclass(frozen=True)
class ParetoNbd:
    """`usual_…` is the prior of `engine.lifecycle.fitted`, `spread` how sure one customer of CDNOW makes it."""

    names = ("r", "alpha", "s", "beta")
    usual_r: float = 0.5
    usual_s: float = 0.6
    usual_beta: float = 1.0  # times alpha
    spread = np.array([5.0, 5.0, 15.0, 25.0])

    def fit(self, counts: Counts) -> Fitted:
        return fit(self, counts)

    def law(self, params: Floats) -> Pareto:
        return Pareto(*params.tolist())

    def likelihood(self, counts: Counts) -> Gradient:
        return likelihood(counts)

    def usual(self, per_purchase: float) -> Floats:
        alpha = self.usual_r * per_purchase
        return np.array([self.usual_r, alpha, self.usual_s, self.usual_beta * alpha])


MODEL = ParetoNbd()
