"""Pairs of a customer and a product that some ranker proposes, described by what all of them say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.recommend.fusion.facts import NAMES, Facts
from engine.recommend.history import Floats, Ints, Singles
from engine.recommend.rankers import Fitted
from engine.recommend.scores import among_best, as_table

DEPTH = 60  # candidates of each ranker
SAID = ("score", "to the best")  # of each ranker about each pair


class Pairs(NamedTuple):
    """Parallel arrays, by row and product: a pair, what each ranker scores it, and what `facts` say of it."""

    row: Ints  # position among the customers that were asked for
    product: Ints
    scores: Singles  # a column per ranker; 0 where it knows nothing
    facts: Singles

    def only(self, kept: Ints) -> Pairs:
        return Pairs(self.row[kept], self.product[kept], self.scores[kept], self.facts[kept])

    @property
    def bought(self) -> np.ndarray:
        """Whether the customer had bought the product."""
        flags: np.ndarray = self.facts[:, NAMES.index("bought")] > 0
        return flags


def proposed(fitted: Sequence[Fitted], facts: Facts, customers: Ints) -> Pairs:
    """The first DEPTH of every ranker for these customers, each pair once."""
    scores = [as_table(model.scores(customers)) for model in fitted]
    listed = np.zeros((customers.size, facts.products.shape[0]), np.bool_)
    for one in scores:
        listed |= among_best(one, DEPTH)
    row, product = np.nonzero(listed)
    table = np.empty((row.size, len(scores)), np.float32)
    for at, one in enumerate(scores):
        table[:, at] = np.maximum(0, one[row, product])
    return Pairs(row, product, table, facts.described(customers, row, product))


def features(pairs: Pairs, scale: Floats) -> Singles:
    """What a combiner learns from: of each ranker SAID, then the facts; float32.

    A score counts by the logarithm of how many times `scale` it is, a number for each ranker.
    """
    n_said = len(SAID) * pairs.scores.shape[1]
    table = np.empty((pairs.row.size, n_said + pairs.facts.shape[1]), np.float32)
    starts = np.flatnonzero(np.diff(pairs.row, prepend=-1))
    n_pairs = np.diff(np.append(starts, pairs.row.size))
    for at, unit in enumerate(scale.tolist()):
        column = pairs.scores[:, at]
        highest = np.maximum.reduceat(column, starts) if starts.size else column
        table[:, len(SAID) * at] = np.log1p(column / unit)
        table[:, len(SAID) * at + 1] = column / np.repeat(np.maximum(1e-12, highest), n_pairs)
    table[:, n_said:] = pairs.facts
    return table


def scale_of(scores: Singles) -> Floats:
    """A usual score of each ranker: the median of those above 0; 1 where there is none."""
    known = [column[column > 0] for column in scores.T]
    return np.array([np.median(column) if column.size else 1.0 for column in known])
