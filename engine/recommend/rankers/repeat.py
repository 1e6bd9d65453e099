"""What the customer buys again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phrases import Phrase, counted
from engine.recommend.history import History, Ints
from engine.recommend.interactions import decayed
from engine.recommend.purchases import Purchases
from engine.recommend.rankers import Fitted, Ranker

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Repeat(Ranker):
    """The customer's own orders of a product, each counting half after `half_life_days`, times the root of one more
    than the people who bought it in the last `recent_days` days, times what its rhythm says.

    So a favourite that nobody buys any more, such as a product of last season, gives way to one that is alive. Of a
    product bought on two days or more, `rhythm` is the days since the last one by the median days between: right
    after a purchase it counts half, from a quarter of the usual gap on in full. That it is overdue takes nothing
    away: beside the half-life it did not help on Online Retail, July to September, where being not due helped a
    little, and two purchases on following days would make everything overdue.
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
        purchases = Purchases.of(history)
        strength = decayed(history, self.half_life_days)
        strength.data *= np.sqrt(1.0 + history.buyers(self.recent_days)).astype(np.float32)[strength.indices]
        strength.data *= self._due(history, purchases)
        return FittedRepeat(strength, purchases)

    def _due(self, history: History, purchases: Purchases) -> NDArray[np.float32]:
        """What the rhythm of each pair says: 1 where there is none."""
        first, last = history.pairs
        due = np.ones(first.size, np.float32)
        several = np.flatnonzero(last > first)
        _, gap = purchases.rhythm(first[several], last[several] + 1)  # NaN where all were on one day
        rhythm = history.age_days[last[several]] / gap
        due[several] = np.fmin(1.0, 0.5 + 2.0 * rhythm)
        return due


@dataclass(frozen=True)
class FittedRepeat(Fitted):
    strength: csr_array  # customers by products
    purchases: Purchases

    def scores(self, customers: Ints) -> csr_array:
        return self.strength[customers]

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        times = self.purchases.times(customers, products).tolist()
        n_days, gap = self.purchases.rhythm(*self.purchases.rows(customers, products))
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
