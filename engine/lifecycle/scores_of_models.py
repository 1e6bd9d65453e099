"""A purchase model as a churn score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.lifecycle.counts import Counts
from engine.lifecycle.models import FittedPurchases, model
from engine.lifecycle.purchases import Floats, Purchases
from engine.phrases import Phrase


def counts_of(past: Purchases) -> Counts:
    """The counts of each customer, in days, as the day `past.as_of` begins."""
    first, last = past.first, past.last
    x, t_x, T = past.n_days - 1, last - first, past.as_of - first  # noqa: N806 - the literature's name
    return Counts(x.astype(np.float64), t_x.astype(np.float64), T.astype(np.float64), _ages(past))


def _ages(past: Purchases) -> Floats:
    """Days from the first purchase to each other one."""
    ages = past.days - np.repeat(past.first, past.n_days)
    return ages[ages > 0].astype(np.float64)


def learn(name: str, past: Purchases, horizon: int) -> FittedPurchases:
    """The purchase model of this name, fitted to `past`.

    Where all customers together were known for less than a horizon, one who came back never makes it up: the pace of
    such a shop is anybody's guess, and a purchase in a horizon, which follows the usual gap, a fair one.
    """
    known = counts_of(past)
    short = horizon - float(known.T.sum())
    if short > 0:
        known = Counts(np.append(known.x, 0.0), np.append(known.t_x, 0.0), np.append(known.T, short), known.ages)
    return model(name).fit(known)


def expected_orders(fitted: FittedPurchases, counts: Counts, horizon: float) -> Floats:
    """Purchase days expected in the horizon: no more than it has, nor than at the pace of somebody who never leaves."""
    most: float | Floats = horizon
    if "r" in fitted.params:
        most = np.minimum((fitted.params["r"] + counts.x) / (fitted.params["alpha"] + counts.T), 1.0) * horizon
    return np.fmax(np.fmin(fitted.expected(counts, horizon), most), 0.0)


def shape_of(fitted: FittedPurchases) -> float:
    """Of the gamma distribution of the customers' rates; the mean of those in a mixture of models."""
    shapes = [value for name, value in fitted.params.items() if name == "r" or name.endswith("_r")]
    return float(np.mean(shapes)) if shapes else 1.0


@dataclass(frozen=True)
class FittedModel:
    purchases: FittedPurchases
    horizon: int

    def p_none(self, past: Purchases) -> Floats:
        return np.clip(self.purchases.p_none(counts_of(past), self.horizon), 0.0, 1.0)

    def n_orders(self, past: Purchases) -> Floats:
        """Expected purchase days in the horizon."""
        return expected_orders(self.purchases, counts_of(past), self.horizon)


@dataclass(frozen=True)
class OfModel:
    """P(no order) of `engine.lifecycle.models.<model>`, learned from `enough` customers, drawn at random from more."""

    model: str
    effort: int
    words: Phrase
    enough: int = 50_000

    def fit(self, past: Purchases, horizon: int, rng: Generator) -> FittedModel | None:
        if not past.n:
            return None
        return FittedModel(learn(self.model, past.sample(self.enough, rng), horizon), horizon)
