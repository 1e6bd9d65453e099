"""What goes with what the customer has bought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from engine.phrases import Name, Phrase, counted
from engine.recommend.history import History, Ints
from engine.recommend.rankers import Fitted, Ranker
from engine.recommend.sparse import best_first, largest, only, row_of_each

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BLOCK = 4_000_000  # stored values at once: about 100 MB


@dataclass(frozen=True)
class ItemToItem(Ranker):
    """Cosine between products over the customers who bought both.

    A customer counts 1 / (number of products they bought): who bought everything says little of any pair. A pair
    with n buyers in common counts n / (n + `shrinkage`), and nothing with fewer than `least`. A candidate is
    scored through its `neighbours` nearest products, each by how lately the customer bought it.
    Source: Deshpande & Karypis (2004), "Item-Based Top-N Recommendation Algorithms".
    """

    name: str = "item_to_item"
    personal: bool = True
    neighbours: int = 100
    shrinkage: float = 20.0
    least: int = 2
    half_life_days: float = 90.0

    @property
    def label(self) -> Phrase:
        return Phrase("what goes with what they bought")

    def fit(self, history: History, rng: Generator) -> FittedItemToItem:
        from scipy.sparse import csr_array, diags_array, vstack

        bought = history.matrix(np.ones(len(history.bought)))
        bought.data[:] = 1.0
        breadth = np.maximum(np.diff(bought.indptr), 1)
        damped = csr_array(diags_array(1.0 / breadth) @ bought)
        by_product = bought.T.tocsr()
        step = max(1, BLOCK // max(1, history.products.size))
        blocks = [
            self._nearest(start, by_product[start : start + step], bought, damped)
            for start in range(0, history.products.size, step)
        ]
        similarity = csr_array(vstack([similarity for similarity, _ in blocks]))
        return FittedItemToItem(
            recency=history.matrix(0.5 ** (history.age_days / self.half_life_days)),
            similarity=similarity,
            candidates=similarity.T.tocsr(),
            together=csr_array(vstack([together for _, together in blocks])),
            names=history.names,
        )

    def _nearest(
        self, first: int, block: csr_array, bought: csr_array, damped: csr_array
    ) -> tuple[csr_array, csr_array]:
        """For each product of `block`, which begins with product `first`: similarity and buyers in common."""
        similarity, together = block @ damped, block @ bought
        similarity.sort_indices()
        together.sort_indices()
        size = np.sqrt(damped.sum(axis=0))
        product = first + row_of_each(together)
        similarity.data /= size[product] * size[together.indices]
        similarity.data *= together.data / (together.data + self.shrinkage)
        usable = (together.data >= self.least) & (together.indices != product)
        similarity, together = only(similarity, usable), only(together, usable)
        nearest = largest(similarity, self.neighbours)
        return only(similarity, nearest), only(together, nearest)


@dataclass(frozen=True)
class FittedItemToItem(Fitted):
    recency: csr_array  # customers by products: how lately they bought it
    similarity: csr_array  # candidates by the products that speak for them
    candidates: csr_array  # its transpose
    together: csr_array  # as `similarity`: buyers in common
    names: tuple[Name, ...]

    def scores(self, customers: Ints) -> csr_array:
        return self.recency[customers] @ self.candidates

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        shares = self.recency[customers].multiply(self.similarity[products]).tocsr()
        _, sources, places = best_first(shares)
        most = sources[places == 1]
        n_buyers = self.together[products, most]
        return [
            counted(
                "{n} person who bought {other} also bought this",
                "{n} people who bought {other} also bought this",
                n=int(n),
                other=self.names[source],
            )
            for n, source in zip(n_buyers, most, strict=True)
        ]


RANKER = ItemToItem()
