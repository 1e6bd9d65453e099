"""Gradient-boosted trees on what a customer's orders say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from threadpoolctl import threadpool_limits

from engine.lifecycle.lessons import lessons, telling
from engine.lifecycle.predictors import predictors
from engine.lifecycle.purchases import Floats, Purchases
from engine.phrases import Phrase


@dataclass(frozen=True)
class FittedBoosted:
    trees: Any
    names: tuple[str, ...]
    horizon: int

    def p_none(self, past: Purchases) -> Floats:
        if not past.n:
            return np.empty(0)
        table = predictors(past, self.horizon)
        with threadpool_limits(limits=1):
            p: Floats = self.trees.predict_proba(np.column_stack([table[name] for name in self.names]))[:, 1]
        return p


@dataclass(frozen=True)
class Boosted:
    """`trees` small trees; asks for `rows` (customer, earlier day) and `of_each` outcome."""

    trees: int = 70
    leaves: int = 5
    rate: float = 0.05
    in_leaf: int = 40
    rows: int = 400
    of_each: int = 60
    effort: int = 7
    words = Phrase("many small rules learned from customers' orders")

    def fit(self, past: Purchases, horizon: int, rng: Generator) -> FittedBoosted | None:
        from sklearn.ensemble import HistGradientBoostingClassifier  # it loads slowly

        known = lessons(past, horizon, rng)
        if known is None or not known.worth(self.rows, self.of_each):
            return None
        names = tuple(telling(known.table))
        if not names:
            return None
        trees = HistGradientBoostingClassifier(
            max_iter=self.trees,
            max_leaf_nodes=self.leaves,
            learning_rate=self.rate,
            min_samples_leaf=self.in_leaf,
            l2_regularization=5.0,
            early_stopping=False,
            random_state=int(rng.integers(2**31)),
        )
        with threadpool_limits(limits=1):  # waiting for each other costs several threads more than they save
            trees.fit(np.column_stack([known.table[name] for name in names]), known.none)
        return FittedBoosted(trees, names, horizon)


SCORE = Boosted()
