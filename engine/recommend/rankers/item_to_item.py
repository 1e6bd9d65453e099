"""What goes with what the customer has bought."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phrases import Phrase
from engine.recommend.history import History
from engine.recommend.interactions import divided, ever, newest
from engine.recommend.rankers import Kept, Ranker
from engine.recommend.sparse import strongest
from engine.recommend.through import FittedThrough, Pairs, no_pairs, resumed_weights
from engine.recommend.weighting import Weighting, compared

Dense = NDArray[np.float32]

BLOCK = 4_000_000  # pairs at once: about 100 MB


@dataclass(frozen=True)
class ItemToItem(Ranker):
    """Similarity between products over the customers who bought both, compared as `weighting` says.

    For it the last purchase counts half after `fit_half_life_days` (inf: always 1), divided by the sum of the
    customer's row to the power of `breadth`: who bought everything says little of any pair. A pair with n buyers in
    common counts n / (n + `shrinkage`), and nothing with fewer than `least`. A candidate is scored through its
    `neighbours` nearest products, the last purchase of each counting half after `half_life_days`.
    Source: Deshpande & Karypis (2004), "Item-Based Top-N Recommendation Algorithms", sections 4.1 and 4.2.
    """

    name: str = "item_to_item"
    personal: bool = True
    weighting: Weighting = "cosine"
    neighbours: int = 100
    shrinkage: float = 20.0
    least: int = 2
    fit_half_life_days: float = 60.0
    breadth: float = 0.5
    half_life_days: float = 90.0

    @property
    def label(self) -> Phrase:
        return Phrase("what goes with what they bought")

    def lacking(self, history: History) -> Phrase | None:
        return no_pairs(history)

    def fit(self, history: History, rng: Generator) -> FittedThrough:
        learned = divided(newest(history, self.fit_half_life_days), self.breadth)
        vectors, bought = compared(learned.T.tocsr(), self.weighting), ever(history)
        across, by_product = vectors.T.tocsr(), bought.T.tocsr()
        n_products = history.products.size
        blocks = []
        step = max(1, BLOCK // max(1, n_products))
        for start in range(0, n_products, step):
            block = slice(start, start + step)
            similarity, together = (vectors[block] @ across).toarray(), (by_product[block] @ bought).toarray()
            blocks.append(self._nearest(start, similarity, together))
        pairs = Pairs.below_each_other(blocks)
        weights, together = pairs.matrices(np.arange(n_products), n_products, self.least)
        return FittedThrough.of(history, newest(history, self.half_life_days), weights, together)

    def resumed(self, history: History, kept: Kept) -> FittedThrough:
        return FittedThrough.of(history, newest(history, self.half_life_days), resumed_weights(history, kept), None)

    def _nearest(self, first: int, similarity: Dense, together: Dense) -> Pairs:
        """Of rows that begin with product `first`: those pairs that count."""
        similarity *= together / np.maximum(together + np.float32(self.shrinkage), 1)
        similarity[together < self.least] = 0  # before the nearest are chosen
        similarity[np.arange(similarity.shape[0]), first + np.arange(similarity.shape[0])] = 0
        source = strongest(similarity, self.neighbours)
        weight, both = (np.take_along_axis(all_, source, axis=1) for all_ in (similarity, together))
        return Pairs(source, weight, both)


RANKER = ItemToItem()
