"""How often a customer has come back in the time that they have been known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.special import expit

from engine.lifecycle.lessons import lessons
from engine.lifecycle.predictors import pace
from engine.lifecycle.purchases import Floats, Purchases
from engine.lifecycle.regression import posterior_mode
from engine.phrases import Phrase


@dataclass(frozen=True)
class FittedPace:
    """P = expit(weights @ (1, log(pace / horizon)))."""

    weights: Floats
    horizon: int

    def p_none(self, past: Purchases) -> Floats:
        p: Floats = expit(_design(pace(past, self.horizon), self.horizon) @ self.weights)
        return p


@dataclass(frozen=True)
class Pace:
    """Logistic in the log of the pace, calibrated on earlier days of the shop; the prior as in `recency`."""

    usual: tuple[float, float] = (-0.5, 1.5)
    spread: tuple[float, float] = (1.0, 0.5)
    effort: int = 2
    words = Phrase("how often somebody has come back")

    def fit(self, past: Purchases, horizon: int, rng: Generator) -> FittedPace:
        known = lessons(past, horizon, rng)
        weights = np.array(self.usual)
        if known is not None:
            design = _design(known.table["pace"], horizon)
            weights = posterior_mode(design, known.none, weights, np.array(self.spread))
        return FittedPace(np.array([weights[0], max(weights[1], 0.0)]), horizon)


def _design(days: Floats, horizon: int) -> Floats:
    return np.column_stack([np.ones(days.size), np.log(np.maximum(days, 1.0) / horizon)])


SCORE = Pace()
