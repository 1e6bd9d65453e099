"""A logistic regression and gradient-boosted trees, each with half a say in the log odds.

Trees see what a sum cannot: that one ranker is to be believed only where another one agrees. They overdo it where few
pairs were bought, which the sum does not; on the months July to September of Online Retail the mean of both was better
than either. Both are sums of what single features give, so that their mean is one, too.

Source: Bates & Granger (1969), "The Combination of Forecasts"; Friedman (2001), "Greedy function approximation".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.phrases import Phrase
from engine.recommend.fusion.combiners import Combined, Combiner
from engine.recommend.fusion.combiners.logistic import COMBINER as LINE
from engine.recommend.fusion.combiners.logistic import Logistic, Weighed
from engine.recommend.fusion.trees import Trees
from engine.recommend.history import Floats, Ints, Singles
from engine.recommend.rankers import Kept


@dataclass(frozen=True)
class Boosted(Combiner):
    """`trees` of up to `leaves` leaves with `in_leaf` pairs or more, beside the sum that `line` learns.

    What a leaf says is held towards nothing by an L2 penalty of 1 / `strength`.
    """

    name: str = "boosted"
    line: Logistic = LINE
    trees: int = 100
    leaves: int = 8
    rate: float = 0.08
    in_leaf: int = 100
    strength: float = 0.1

    @property
    def label(self) -> Phrase:
        return Phrase("all of them together, by many small rules learned from your own past")

    def fit(self, features: Singles, bought: NDArray[np.bool_], rng: Generator) -> Grown:
        from sklearn.ensemble import HistGradientBoostingClassifier  # it loads slowly

        boosted = HistGradientBoostingClassifier(
            max_iter=self.trees,
            max_leaf_nodes=self.leaves,
            learning_rate=self.rate,
            min_samples_leaf=self.in_leaf,
            l2_regularization=1 / self.strength,
            early_stopping=False,
            random_state=int(rng.integers(2**31)),
        )
        with threadpool_limits(limits=1):  # waiting for each other costs several threads more than they save
            boosted.fit(features, bought)
        share = bought.mean()
        start = float(np.log(share / (1 - share)))
        return Grown(self.line.fit(features, bought, rng), Trees.of(boosted), start)

    def resumed(self, kept: Kept) -> Grown:
        trees = Trees(*(kept[name] for name in Trees._fields))
        return Grown(self.line.resumed(kept), trees, float(kept["start"]))


@dataclass(frozen=True)
class Grown(Combined):
    line: Weighed
    trees: Trees
    start: float  # log odds of the pairs that the trees were grown on

    def probability(self, features: Singles) -> Floats:
        from scipy.special import expit

        by_trees = self.start + self.trees.said(features)
        found: Floats = expit((self.line.log_odds(features) + by_trees) / 2)
        return found

    def shares(self, features: Singles, groups: Ints) -> Floats:
        """In log odds, away from what is usual."""
        by_trees = self.trees.moved(features, groups, int(groups.max()) + 1)
        return (self.line.shares(features, groups) + by_trees) / 2

    def kept(self) -> Kept:
        return {**self.line.kept(), **self.trees._asdict(), "start": np.array(self.start)}


COMBINER = Boosted()
