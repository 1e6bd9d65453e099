"""Pairs of a customer and a product that some ranker proposes, described by what all of them say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.recommend.fusion.facts import NAMES, Facts
from engine.recommend.history import Floats, Ints
from engine.recommend.lists import places
from engine.recommend.rankers import Fitted
from engine.recommend.scores import candidates, of_pairs

DEPTH = 150  # candidates of each ranker
SAID = ("score", "to the best", "place")  # of each ranker about each pair


class Pairs(NamedTuple):
    """Parallel arrays, by row and product: a pair, what each ranker scores it, and what `facts` say of it."""

    row: Ints  # position among the customers that were asked for
    product: Ints
    scores: Floats  # a column per ranker; 0 where it knows nothing
    facts: Floats

    def only(self, kept: Ints) -> Pairs:
        return Pairs(self.row[kept], self.product[kept], self.scores[kept], self.facts[kept])

    @property
    def bought(self) -> np.ndarray:
        """Whether the customer had bought the product."""
        flags: np.ndarray = self.facts[:, NAMES.index("bought")] > 0
        return flags


def proposed(fitted: Sequence[Fitted], facts: Facts, customers: Ints) -> Pairs:
    """The first DEPTH of every ranker for these customers, each pair once."""
    n = facts.products.shape[0]
    scores = [model.scores(customers) for model in fitted]
    listed = [candidates(one, DEPTH)[:2] for one in scores]
    keys = np.unique(np.concatenate([row * n + product for row, product in listed]))
    row, product = keys // n, keys % n
    table = np.column_stack([np.maximum(0, of_pairs(one, row, product)) for one in scores])
    return Pairs(row, product, table, facts.described(customers, row, product))


def features(pairs: Pairs, scale: Floats) -> Floats:
    """What a combiner learns from: of each ranker SAID, then the facts; float32.

    A score counts by the logarithm of how many times `scale` it is, a number for each ranker.
    """
    said = []
    for column, unit in zip(pairs.scores.T, scale, strict=True):
        best = np.zeros(int(pairs.row.max(initial=-1)) + 1)
        np.maximum.at(best, pairs.row, column)
        order = np.lexsort((-column, pairs.row))
        place = np.empty(column.size)
        place[order] = places(pairs.row[order])
        said += [np.log1p(column / unit), column / np.maximum(1e-12, best)[pairs.row], (column > 0) / (5.0 + place)]
    return np.column_stack([*said, pairs.facts]).astype(np.float32)


def scale_of(scores: Floats) -> Floats:
    """A usual score of each ranker: the median of those above 0; 1 where there is none."""
    known = [column[column > 0] for column in scores.T]
    return np.array([np.median(column) if column.size else 1.0 for column in known])
