"""The eight groups that shops in China know: recency, frequency and money, each above or below the shop's own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.random import Generator

from engine import columns as c
from engine.feature_table import FeatureTable
from engine.phrases import Money, Phrase, counted
from engine.progress import Progress
from engine.segments.methods import Auto, Grouping, NamedGroup
from engine.segments.rfm import grouped, rfm_of

# by recency, frequency and money, 1 where they are high
NAMES = {
    (1, 1, 1): ("key-value", Phrase("Key customers who buy now")),
    (0, 1, 1): ("key-to-keep", Phrase("Key customers to keep in touch with")),
    (1, 0, 1): ("key-to-grow", Phrase("Key customers to win for more orders")),
    (0, 0, 1): ("key-to-win-back", Phrase("Key customers to win back")),
    (1, 1, 0): ("ordinary-value", Phrase("Ordinary customers who buy now")),
    (0, 1, 0): ("ordinary-to-keep", Phrase("Ordinary customers to keep in touch with")),
    (1, 0, 0): ("ordinary-to-grow", Phrase("Ordinary customers to win for more orders")),
    (0, 0, 0): ("ordinary-to-win-back", Phrase("Ordinary customers to win back")),
}


@dataclass(frozen=True)
class Eight:
    """High is an order at most as long ago, more orders, and more money than the `middle` of the shop's customers.

    The middle matters: of Online Retail's 4,338 customers 689 are key customers who buy now if it is the mean, and
    1,299 if it is the median. The median is usual here, since a few large buyers lift the mean above nearly everybody.
    """

    middle: Literal["mean", "median"] = "median"
    takes_k: ClassVar[bool] = False

    def fit(self, table: FeatureTable, k: int | Auto, rng: Generator, progress: Progress) -> Grouping:
        rfm = rfm_of(table)
        cuts = rfm.mean() if self.middle == "mean" else rfm.median()
        recent = rfm[c.RECENCY_DAYS] <= cuts[c.RECENCY_DAYS]
        often, much = (rfm[key] > cuts[key] for key in (c.FREQUENCY, c.MONETARY))
        cell = np.asarray(4 * recent + 2 * often + much, dtype=np.intp)
        days, orders = float(cuts[c.RECENCY_DAYS]), float(cuts[c.FREQUENCY])
        money = Money(float(cuts[c.MONETARY]), table.currency)
        groups = {number: _group(number, days, orders, money) for number in range(8)}
        return grouped(groups, cell, {"middle": [days, orders, money.amount]})


def _group(number: int, days: float, orders: float, money: Money) -> NamedGroup:
    recent, often, much = number >> 2, number >> 1 & 1, number & 1
    key, name = NAMES[recent, often, much]
    # whole days and orders beyond the middle
    day, order = math.floor(days) + 1, math.floor(orders) + 1
    rules = (
        counted("last order less than {n} day ago", "last order less than {n} days ago", n=day)
        if recent
        else counted("last order at least {n} day ago", "last order at least {n} days ago", n=day),
        counted("at least {n} order", "at least {n} orders", n=order)
        if often
        else counted("at most {n} order", "at most {n} orders", n=order - 1),
        Phrase("spent more than {money:0} in all", money=money)
        if much
        else Phrase("spent at most {money:0} in all", money=money),
    )
    return NamedGroup(key, name, rules)


SEGMENTER = Eight()
