"""Gradient-boosted trees: they see that one ranker is to be believed only where another one agrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.phrases import Phrase
from engine.recommend.fusion.combiners import Combined, Combiner
from engine.recommend.fusion.trees import Trees
from engine.recommend.history import Floats, Ints
from engine.recommend.rankers import Kept


@dataclass(frozen=True)
class Boosted(Combiner):
    """`trees` trees of up to `leaves` leaves, each with `in_leaf` pairs or more."""

    name: str = "boosted"
    trees: int = 100
    leaves: int = 12
    rate: float = 0.08
    in_leaf: int = 100
    strength: float = 0.1  # 1 / the L2 penalty on what a leaf says

    @property
    def label(self) -> Phrase:
        return Phrase("all of them together, by many small rules learned from your own past")

    def fit(self, features: Floats, bought: NDArray[np.bool_], rng: Generator) -> Grown:
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
        return Grown(Trees.of(boosted), float(np.log(share / (1 - share))))

    def resumed(self, kept: Kept) -> Grown:
        return Grown(Trees(*(kept[name] for name in Trees._fields)), float(kept["start"]))


@dataclass(frozen=True)
class Grown(Combined):
    trees: Trees
    start: float  # log odds of the pairs that it was learned from

    def probability(self, features: Floats) -> Floats:
        from scipy.special import expit

        found: Floats = expit(self.start + self.trees.said(features.astype(np.float32, copy=False)))
        return found

    def shares(self, features: Floats, groups: Ints) -> Floats:
        """In log odds, away from what is usual."""
        return self.trees.moved(features.astype(np.float32, copy=False), groups, int(groups.max()) + 1)

    def kept(self) -> Kept:
        return {**self.trees._asdict(), "start": np.array(self.start)}


COMBINER = Boosted()
