"""A logistic regression: the log odds are a sum, so that the share of each ranker in it is a fact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phrases import Phrase
from engine.recommend.fusion.combiners import Combined, Combiner
from engine.recommend.history import Floats, Singles
from engine.recommend.rankers import Kept


@dataclass(frozen=True)
class Logistic(Combiner):
    """With an L2 penalty of 1 / (2 · `strength`) on the weights of standardised features."""

    name: str = "logistic"
    strength: float = 0.1  # with 1 a shop whose few pairs separate well was learned by heart

    @property
    def label(self) -> Phrase:
        return Phrase("all of them together, weighed by your own past")

    def fit(self, features: Singles, bought: NDArray[np.bool_], rng: Generator) -> Weighed:
        from sklearn.linear_model import LogisticRegression

        mean, spread = features.mean(axis=0, dtype=np.float64), features.std(axis=0, dtype=np.float64)
        spread[spread < 1e-9] = 1.0  # what is the same for all says nothing
        standardised = (features - mean.astype(np.float32)) / spread.astype(np.float32)
        # by Newton's steps: few features, many pairs
        found = LogisticRegression(C=self.strength, solver="newton-cholesky", max_iter=50).fit(standardised, bought)
        weights = found.coef_[0].astype(np.float64) / spread
        return Weighed(weights, float(found.intercept_[0] - mean @ weights), mean)

    def resumed(self, kept: Kept) -> Weighed:
        return Weighed(kept["weights"], float(kept["intercept"]), kept["usual"])


@dataclass(frozen=True)
class Weighed(Combined):
    weights: Floats  # per feature, in its own unit
    intercept: float
    usual: Floats  # of the features that it was learned from

    def log_odds(self, features: Singles) -> Floats:
        found: Floats = features @ self.weights + self.intercept
        return found

    def probability(self, features: Singles) -> Floats:
        from scipy.special import expit

        found: Floats = expit(self.log_odds(features))
        return found

    def shares(self, features: Singles, groups: NDArray[np.int64]) -> Floats:
        part = (features - self.usual) * self.weights
        return np.column_stack([part[:, groups == group].sum(axis=1) for group in range(groups.max() + 1)])

    def kept(self) -> Kept:
        return {"weights": self.weights, "intercept": np.array(self.intercept), "usual": self.usual}


COMBINER = Logistic()
