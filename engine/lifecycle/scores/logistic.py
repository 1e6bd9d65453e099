"""Logistic regression on what a customer's orders say."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from threadpoolctl import threadpool_limits

from engine.lifecycle.lessons import lessons, telling
from engine.lifecycle.predictors import predictors
from engine.lifecycle.purchases import Floats, Purchases
from engine.phrases import Phrase

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
    weights: Floats
    intercept: float
    horizon: int

    def p_none(self, past: Purchases) -> Floats:
        logits = self.scales(predictors(past, self.horizon)) @ self.weights + self.intercept
        p: Floats = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return p


@dataclass(frozen=True)
class Logistic:
    """L2-penalised by 1 / `strength`; asks for `rows` (customer, earlier day) and `of_each` outcome."""

    strength: float = 0.1
    rows: int = 60
    of_each: int = 15
    effort: int = 6
    words = Phrase("a regression on each customer's orders")

    def fit(self, past: Purchases, horizon: int, rng: Generator) -> FittedLogistic | None:
        from sklearn.linear_model import LogisticRegression  # it loads slowly

        known = lessons(past, horizon, rng)
        if known is None or not known.worth(self.rows, self.of_each):
            return None
        scales = _scales(known.table)
        regression: Any = LogisticRegression(C=self.strength, max_iter=300)
        with warnings.catch_warnings(), threadpool_limits(limits=1):
            warnings.simplefilter("ignore")  # not the last digit of the optimum: far closer than the data can tell
            regression.fit(scales(known.table), known.none)
        return FittedLogistic(scales, regression.coef_[0], float(regression.intercept_[0]), horizon)


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
