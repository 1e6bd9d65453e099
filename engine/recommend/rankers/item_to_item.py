"""What goes with what the customer has bought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.random import Generator

from engine.phrases import Phrase
from engine.recommend.history import History
from engine.recommend.interactions import divided, ever, newest
from engine.recommend.rankers import Kept, Ranker
from engine.recommend.sparse import largest, only, row_of_each
from engine.recommend.through import FittedThrough, resumed_weights
from engine.recommend.weighting import Weighting, compared

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BLOCK = 4_000_000  # stored values at once: about 100 MB


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

    def fit(self, history: History, rng: Generator) -> FittedThrough:
        from scipy.sparse import csr_array, vstack

        learned = divided(newest(history, self.fit_half_life_days), self.breadth)
        vectors, bought = compared(learned.T.tocsr(), self.weighting), ever(history)
        by_product, across = bought.T.tocsr(), vectors.T.tocsr()
        step = max(1, BLOCK // max(1, history.products.size))
        blocks = [
            self._nearest(start, vectors[start : start + step] @ across, by_product[start : start + step] @ bought)
            for start in range(0, history.products.size, step)
        ] or [(csr_array((0, 0)),) * 2]
        weights, together = (csr_array(vstack(matrices)) for matrices in zip(*blocks, strict=True))
        return FittedThrough.of(history, newest(history, self.half_life_days), weights, together)

    def resumed(self, history: History, kept: Kept) -> FittedThrough:
        return FittedThrough.of(history, newest(history, self.half_life_days), resumed_weights(history, kept), None)

    def _nearest(self, first: int, similarity: csr_array, together: csr_array) -> tuple[csr_array, csr_array]:
        """Of rows that begin with product `first`, those pairs that count: similarity and buyers in common."""
        similarity.sort_indices()
        together.sort_indices()
        similarity.data *= together.data / (together.data + self.shrinkage)
        usable = (together.data >= self.least) & (together.indices != first + row_of_each(together))
        similarity, together = only(similarity, usable), only(together, usable)
        nearest = largest(similarity, self.neighbours)
        return only(similarity, nearest), only(together, nearest)


RANKER = ItemToItem()
