"""Logistic regression on what a customer's orders say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.special import expit

from engine.lifecycle.lessons import lessons, telling
from engine.lifecycle.predictors import predictors
from engine.lifecycle.purchases import Floats, Purchases
from engine.lifecycle.regression import posterior_mode
from engine.phrases import Phrase

FREE = 1e3  # standard deviation of a prior that says nothing
FURTHEST = 4.0  # standard deviations: a predictor beyond counts as that far


@dataclass(frozen=True)
class Scales:
    """Predictors on the scale that the regression works on: signed logs, standardised; the unknown are the mean."""

    names: tuple[str, ...]
    gaps: tuple[str, ...]  # of which it counts whether they are known
    mean: Floats
    deviation: Floats

    def __call__(self, table: dict[str, Floats]) -> Floats:
        scaled = (_logs(table, self.names) - self.mean) / self.deviation
        unknown = [np.isnan(table[name]).astype(np.float64) for name in self.gaps]
        return np.column_stack([np.clip(np.nan_to_num(scaled), -FURTHEST, FURTHEST), *unknown])


@dataclass(frozen=True)
class FittedLogistic:
    scales: Scales
    weights: Floats  # the first is the intercept
    horizon: int

    def p_none(self, past: Purchases) -> Floats:
        p: Floats = expit(self.scales(predictors(past, self.horizon)) @ self.weights[1:] + self.weights[0])
        return p


@dataclass(frozen=True)
class Logistic:
    """L2-penalised by 1 / `strength` but for the intercept; asks for `rows` (customer, earlier day), `of_each` outcome.

    Its weights are those of scikit-learn's LogisticRegression(C=strength), which would take longer to load than to fit.
    """

    strength: float = 0.1
    rows: int = 60
    of_each: int = 15
    effort: int = 6
    words = Phrase("several signs in a customer's orders taken together")

    def fit(self, past: Purchases, horizon: int, rng: Generator) -> FittedLogistic | None:
        known = lessons(past, horizon, rng)
        if known is None or not known.worth(self.rows, self.of_each):
            return None
        scales = _scales(known.table)
        scaled = scales(known.table)
        design = np.column_stack([np.ones(known.none.size), scaled])
        spread = np.concatenate([[FREE], np.full(scaled.shape[1], np.sqrt(self.strength))])
        return FittedLogistic(scales, posterior_mode(design, known.none, np.zeros(spread.size), spread), horizon)


def _scales(table: dict[str, Floats]) -> Scales:
    names = tuple(telling(table))
    logs = _logs(table, names)
    gaps = tuple(name for name in names if np.isnan(table[name]).any())
    deviation = np.nanstd(logs, axis=0)
    return Scales(names, gaps, np.nanmean(logs, axis=0), np.where(deviation > 0, deviation, 1.0))


def _logs(table: dict[str, Floats], names: tuple[str, ...]) -> Floats:
    if not names:
        return np.empty((len(next(iter(table.values()))), 0))
    values = np.column_stack([table[name] for name in names])
    logs: Floats = np.sign(values) * np.log1p(np.abs(values))
    return logs


SCORE = Logistic()
