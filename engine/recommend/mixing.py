"""Lists of several rankers, mixed into one by a stated rule: for shops whose past is too short to learn from.

The rule: a product at place p of a ranker's list gets weight / (5 + p) from it, and what it gets from all lists
adds up. So the order of trust is history, then content, then what is popular: what the customer has bought (buy again)
leads, since its ranker weighs most; what goes with it and what is like it (discover) follow, and lift what stands on
several lists. Rankers of weight 0 fill the places that are left, in their own order. The reason is that of the
weightiest ranker that knows the pair. The weights of the first two and the 5 were chosen on the months July to
September of Online Retail.

Source: Cormack, Clarke & Büttcher (2009), "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
Learning Methods", with weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.recommend.history import History, Ints
from engine.recommend.lists import BATCH, Candidates, Fused, kept_by, places, said_by
from engine.recommend.metrics import Lists, in_batches
from engine.recommend.rankers import Fitted, Kept, rankers
from engine.recommend.scores import candidates
from engine.recommend.trials import Listing, Recommender

HEAD = 5.0
DEPTH = 400  # places of each ranker's list that count
WEIGHTS = (("repeat", 1.0), ("item_to_item", 0.3), ("content", 0.1), ("popular", 0.0))


@dataclass(frozen=True)
class Mixing(Recommender):
    """Rankers and their `weights`, the weightiest first."""

    name: str = "mix"
    weights: tuple[tuple[str, float], ...] = WEIGHTS
    head: float = HEAD

    @property
    def label(self) -> Phrase:
        return Phrase("all of them together, by a fixed rule")

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.weights)

    def fit_watched(self, history: History, rng: Generator, progress: Progress) -> Mix:
        return self.fit(history, rng, progress)

    def fit(self, history: History, rng: Generator, progress: Progress = silent) -> Mix:
        fitted = []
        for done, (name, _) in enumerate(self.weights):
            progress(Phrase("Learning from what was bought"), done / len(self.weights))
            fitted.append(rankers()[name].fit(history, rng))
        return Mix(history, self.weights, tuple(fitted), self.head)

    def resumed(self, history: History, kept: Mapping[str, Kept]) -> Mix:
        """As fitted before, by what was kept then, on a history that has grown since."""
        fitted = tuple(rankers()[name].resumed(history, kept.get(name, {})) for name, _ in self.weights)
        return Mix(history, self.weights, fitted, self.head)


@dataclass(frozen=True)
class Mix(Fused, Listing):
    """The rankers of a mix, fitted."""

    history: History
    weights: tuple[tuple[str, float], ...]
    fitted: tuple[Fitted, ...]
    head: float = HEAD

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.weights)

    def candidates(self, customers: Ints) -> Candidates:
        """By the rule of this module."""
        n_products = self.history.products.size
        best = sum(weight for _, weight in self.weights) / (self.head + 1)
        parts = []
        for position, ((_, weight), model) in enumerate(zip(self.weights, self.fitted, strict=True)):
            row, product, place = candidates(model.scores(customers), DEPTH)
            share = weight / (self.head + place) / (best or 1.0)
            parts.append((row * n_products + product, share, np.full(row.size, position), place))
        pair, shares, known_to, place = (np.concatenate(column) for column in zip(*parts, strict=True))
        # the first mention of a pair is that of its weightiest ranker
        pairs, first, which = np.unique(pair, return_index=True, return_inverse=True)
        score = np.bincount(which, shares, minlength=pairs.size).astype(np.float64)
        row = pairs // max(1, n_products)
        order = np.lexsort((pairs, place[first], -score, row))
        product = (pairs % max(1, n_products))[order]
        return Candidates(row[order], product, score[order], known_to[first][order].astype(np.int64))

    def reasons(self, customers: Ints, products: Ints, ranker: Ints) -> list[Phrase]:
        return said_by(self.fitted, customers, products, ranker)

    def kept(self) -> Mapping[str, Kept]:
        return kept_by(self.names, self.fitted)

    def lists(self, customers: Ints, k: int, *, new: bool) -> Lists:
        had = self.history.matrix(np.ones(len(self.history.bought)))

        def of_batch(batch: Ints) -> Lists:
            found = self.candidates(batch)
            if new:
                own = had[batch].tocoo()
                n = self.history.products.size
                bought = np.isin(found.row * n + found.product, own.row.astype(np.int64) * n + own.col)
                found = found.only(~bought)
            return Lists(found.row, found.product, places(found.row)).first(k)

        return in_batches(customers, BATCH, of_batch)
