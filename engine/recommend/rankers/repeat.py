"""What the customer buys again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from engine.phrases import Phrase, counted
from engine.recommend.history import History, Ints
from engine.recommend.interactions import decayed
from engine.recommend.purchases import Purchases
from engine.recommend.rankers import Fitted, Ranker

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Repeat(Ranker):
    """The customer's own orders of a product, each counting half after `half_life_days`,
    times the root of one more than the people who bought it in the last `recent_days` days.

    So a favourite that nobody buys any more, such as a product of last season, gives way to one that is alive.
    Source: the recency-decayed personal frequency of Hu et al. (2020), "Modeling Personalized Item Frequency
    Information for Next-basket Recommendation".
    """

    name: str = "repeat"
    personal: bool = True
    half_life_days: float = 240.0
    recent_days: int = 30

    @property
    def label(self) -> Phrase:
        return Phrase("what they buy again")

    def fit(self, history: History, rng: Generator) -> FittedRepeat:
        strength = decayed(history, self.half_life_days)
        strength.data *= np.sqrt(1.0 + history.buyers(self.recent_days)).astype(np.float32)[strength.indices]
        return FittedRepeat(strength, Purchases.of(history))


@dataclass(frozen=True)
class FittedRepeat(Fitted):
    strength: csr_array  # customers by products
    purchases: Purchases

    def scores(self, customers: Ints) -> csr_array:
        return self.strength[customers]

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        times = self.purchases.times(customers, products).tolist()
        n_days, gap = self.purchases.rhythm(customers, products)
        last = self.purchases.last(customers, products).tolist()
        return [_reason(*facts) for facts in zip(times, n_days.tolist(), gap.tolist(), last, strict=True)]


def _reason(times: int, n_days: int, gap: float, last: date) -> Phrase:
    if times == 1:
        return Phrase("bought once, on {last}", last=last)
    if n_days == 1:
        return Phrase("bought {times} times, all on {last}", times=times, last=last)
    if n_days == 2 and times > 2:
        return Phrase("bought {times} times on two days; the last time on {last}", times=times, last=last)
    if n_days == 2:
        return counted(
            "bought twice, {n} day apart; the last time on {last}",
            "bought twice, {n} days apart; the last time on {last}",
            n=round(gap),
            last=last,
        )
    return counted(
        "bought {times} times, usually {n} day apart; the last time on {last}",
        "bought {times} times, usually {n} days apart; the last time on {last}",
        n=round(gap),
        times=times,
        last=last,
    )


RANKER = Repeat()
