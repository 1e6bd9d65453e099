"""How long ago the last order was, against how often such a customer buys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.special import expit

from engine.lifecycle.lessons import Lessons, lessons
from engine.lifecycle.predictors import usual_gap
from engine.lifecycle.purchases import Floats, Purchases
from engine.phrases import Phrase

ROUNDS = 20


@dataclass(frozen=True)
class FittedRecency:
    """P = expit(weights @ (1, log(days since last order / horizon), log(usual gap / horizon)))."""

    weights: Floats
    horizon: int

    def p_none(self, past: Purchases) -> Floats:
        known = _design((past.as_of - past.last).astype(np.float64), usual_gap(past, self.horizon), self.horizon)
        p: Floats = expit(known @ self.weights)
        return p


@dataclass(frozen=True)
class Recency:
    """Logistic in the logs of recency and of the usual gap (own and shop's), calibrated on earlier days of the shop.

    `usual` are weights to which few outcomes are drawn (normal prior, standard deviation `spread`); they hold where
    there are none. More recency never means less risk.
    """

    usual: tuple[float, float, float] = (0.7, 0.5, 0.5)
    spread: tuple[float, float, float] = (1.0, 0.3, 0.3)
    effort: int = 1
    words = Phrase("how long ago the last order was")

    def fit(self, past: Purchases, horizon: int, rng: Generator) -> FittedRecency:
        known = lessons(past, horizon, rng)
        prior = np.array(self.usual)
        return FittedRecency(prior if known is None else self._learned(known, prior, horizon), horizon)

    def _learned(self, known: Lessons, prior: Floats, horizon: int) -> Floats:
        """The posterior mode, by Newton's method."""
        design = _design(known.table["recency"], known.table["usual_gap"], horizon)
        penalty = 1 / np.array(self.spread) ** 2
        weights = prior
        for _ in range(ROUNDS):
            p = expit(design @ weights)
            slope = design.T @ (known.none - p) - penalty * (weights - prior)
            curvature = (design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty)
            weights = weights + np.clip(np.linalg.solve(curvature, slope), -1, 1)
        return np.array([weights[0], max(weights[1], 0.0), weights[2]])


def _design(recency: Floats, gap: Floats, horizon: int) -> Floats:
    logs = [np.log(np.maximum(days, 1.0) / horizon) for days in (recency, gap)]
    return np.column_stack([np.ones(recency.size), *logs])


SCORE = Recency()
