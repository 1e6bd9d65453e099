"""What everyone buys now: the same list for all, for where nothing is known of the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from engine.phrases import Phrase, counted
from engine.recommend.history import Floats, History, Ints
from engine.recommend.interactions import newest
from engine.recommend.rankers import Fitted, Ranker

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Popular(Ranker):
    """The number of people who bought a product in the last `days` days; ties by all who ever did, each counting half
    `half_life_days` after the last time. The `length` first.
    """

    name: str = "popular"
    personal: bool = False
    days: int = 21
    half_life_days: float = 30.0
    length: int = 100

    @property
    def label(self) -> Phrase:
        return Phrase("what most people buy now")

    def fit(self, history: History, rng: Generator) -> FittedPopular:
        lately, ever = history.buyers(self.days), history.buyers()
        fading = newest(history, self.half_life_days)
        ties = np.bincount(fading.indices, fading.data, minlength=ever.size)
        score = lately + ties / (1.0 + ties.max(initial=0))
        best = np.lexsort((np.arange(score.size), -score))[: self.length]
        best = np.sort(best[ever[best] > 0])
        return FittedPopular(best, score, lately, ever, self.days, history.as_of.date())


@dataclass(frozen=True)
class FittedPopular(Fitted):
    best: Ints
    score: Floats
    lately: Ints  # people per product
    ever: Ints
    days: int
    until: date

    def scores(self, customers: Ints) -> csr_array:
        from scipy.sparse import csr_array

        n = customers.size
        starts = np.arange(n + 1) * self.best.size
        values = np.tile(self.score[self.best], n)
        return csr_array((values, np.tile(self.best, n), starts), shape=(n, self.score.size))

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        reason = {product: self._reason(product) for product in np.unique(products).tolist()}
        return [reason[product] for product in products.tolist()]

    def _reason(self, product: int) -> Phrase:
        if self.lately[product]:
            return counted(
                "popular, not personal: bought by {n} person in the {days} days up to {until}",
                "popular, not personal: bought by {n} people in the {days} days up to {until}",
                n=int(self.lately[product]),
                days=self.days,
                until=self.until,
            )
        return counted(
            "popular, not personal: bought by {n} person so far",
            "popular, not personal: bought by {n} people so far",
            n=int(self.ever[product]),
        )


RANKER = Popular()
