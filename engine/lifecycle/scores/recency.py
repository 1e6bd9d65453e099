"""How long ago the last order was, against the usual days between two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.special import expit

from engine.lifecycle.lessons import lessons
from engine.lifecycle.predictors import usual_gap
from engine.lifecycle.purchases import Floats, Purchases
from engine.lifecycle.regression import posterior_mode
from engine.phrases import Phrase


@dataclass(frozen=True)
class FittedRecency:
    """P = expit(weights @ (1, log(days since the last order / horizon), log(usual gap / horizon)))."""

    weights: Floats
    horizon: int

    def p_none(self, past: Purchases) -> Floats:
        recency = (past.as_of - past.last).astype(np.float64)
        p: Floats = expit(_design(recency, usual_gap(past, self.horizon), self.horizon) @ self.weights)
        return p


@dataclass(frozen=True)
class Recency:
    """Logistic in the logs of recency and of the usual gap (own and shop's), calibrated on earlier days of the shop.

    `usual` are weights to which few outcomes are drawn (normal prior, standard deviation `spread`); they hold where
    there are none. Longer ago never means less risk.
    """

    usual: tuple[float, float, float] = (0.7, 0.4, 0.2)
    spread: tuple[float, float, float] = (1.0, 0.3, 0.3)
    effort: int = 1
    words = Phrase("how long ago the last order was")

    def fit(self, past: Purchases, horizon: int, rng: Generator) -> FittedRecency:
        known = lessons(past, horizon, rng)
        weights = np.array(self.usual)
        if known is not None:
            design = _design(known.table["recency"], known.table["usual_gap"], horizon)
            weights = posterior_mode(design, known.none, weights, np.array(self.spread))
        return FittedRecency(np.array([weights[0], max(weights[1], 0.0), weights[2]]), horizon)


def _design(recency: Floats, gap: Floats, horizon: int) -> Floats:
    logs = [np.log(np.maximum(days, 1.0) / horizon) for days in (recency, gap)]
    return np.column_stack([np.ones(recency.size), *logs])


SCORE = Recency()
