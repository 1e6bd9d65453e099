"""A purchase model as a churn score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.errors import TooLittleData
from engine.lifecycle.counts import Counts
from engine.lifecycle.models import FittedPurchases, model
from engine.lifecycle.purchases import Floats, Purchases
from engine.phrases import Phrase

ENOUGH = 50_000  # customers, drawn at random from more


def counts_of(past: Purchases) -> Counts:
    """The counts of each customer, in days, as the day `past.as_of` begins."""
    first, last = past.first, past.last
    x, t_x, T = past.n_days - 1, last - first, past.as_of - first  # noqa: N806 - the literature's name
    return Counts(x.astype(np.float64), t_x.astype(np.float64), T.astype(np.float64))


@dataclass(frozen=True)
class FittedModel:
    purchases: FittedPurchases
    horizon: int

    def p_none(self, past: Purchases) -> Floats:
        return np.clip(self.purchases.p_none(counts_of(past), self.horizon), 0.0, 1.0)

    def n_orders(self, past: Purchases) -> Floats:
        """Expected purchase days in the horizon."""
        return np.maximum(self.purchases.expected(counts_of(past), self.horizon), 0.0)


@dataclass(frozen=True)
class OfModel:
    """P(no order) of `engine.lifecycle.models.<model>`."""

    model: str
    effort: int
    words: Phrase

    def fit(self, past: Purchases, horizon: int, rng: Generator) -> FittedModel | None:
        try:
            return FittedModel(model(self.model).fit(counts_of(past.sample(ENOUGH, rng))), horizon)
        except TooLittleData:
            return None
