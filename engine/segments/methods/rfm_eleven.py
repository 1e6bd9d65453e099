"""The groups that Shopify shows, by fifths: how lately, against how often and how much together.

Shopify tells in words what each group is (https://shopify.dev/docs/api/admin-graphql/latest/enums/customerrfmgroup)
and that frequency and money count as their mean; where exactly one group ends and the next begins is ours. Its
eleventh group, prospects, are people without an order, who are in no group here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numpy.random import Generator

from engine import columns as c
from engine.feature_table import FeatureTable
from engine.phrases import Phrase
from engine.progress import Progress
from engine.segments.methods import Auto, Grouping, NamedGroup
from engine.segments.rfm import BEST, Cell, days_between, grouped, placed, rfm_of, scores

CELLS = (
    Cell("champions", Phrase("Champions"), (5, 5), (4, 5)),
    Cell("loyal", Phrase("Loyal customers"), (3, 4), (4, 5)),
    Cell("active", Phrase("Active customers"), (4, 5), (2.5, 3.5)),
    Cell("new", Phrase("New customers"), (5, 5), (1, 2)),
    Cell("promising", Phrase("Promising"), (3, 4), (1, 2)),
    Cell("needs-attention", Phrase("In need of attention"), (3, 3), (2.5, 3.5)),
    Cell("previously-loyal", Phrase("Once loyal"), (1, 2), (4.5, 5)),
    Cell("at-risk", Phrase("At risk"), (1, 2), (3, 4)),
    Cell("almost-lost", Phrase("Almost lost"), (1, 2), (2, 2.5)),
    Cell("dormant", Phrase("Asleep"), (1, 2), (1, 1.5)),
)


@dataclass(frozen=True)
class Eleven:
    """By fifths of recency, and by the mean of the fifths of orders and money."""

    takes_k: ClassVar[bool] = False

    def fit(self, table: FeatureTable, k: int | Auto, rng: Generator, progress: Progress) -> Grouping:
        rfm = rfm_of(table)
        both = (scores(rfm[c.FREQUENCY]) + scores(rfm[c.MONETARY])) / 2
        cell = placed(CELLS, scores(-rfm[c.RECENCY_DAYS]), both)
        groups = {}
        for number, one in enumerate(CELLS):
            days = rfm.loc[cell == number, c.RECENCY_DAYS]
            if not days.empty:
                groups[number] = NamedGroup(one.key, one.name, (days_between(days), _points(*one.other)))
        return grouped(groups, cell, {})


def _points(low: float, high: float) -> Phrase:
    return Phrase("{low:g} to {high:g} of {best} points for orders and money", low=low, high=high, best=BEST)


SEGMENTER = Eleven()
