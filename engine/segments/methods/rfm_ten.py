"""The common grid of ten: how lately against how often, in fifths of the shop's customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from numpy.random import Generator

from engine import columns as c
from engine.feature_table import FeatureTable
from engine.phrases import Phrase
from engine.progress import Progress
from engine.segments.methods import Auto, Grouping, NamedGroup
from engine.segments.rfm import Cell, days_between, grouped, orders_between, placed, rfm_of, scores

CELLS = (
    Cell("champions", Phrase("Champions"), (5, 5), (4, 5)),
    Cell("loyal", Phrase("Loyal customers"), (3, 4), (4, 5)),
    Cell("potential-loyalists", Phrase("On the way to loyal"), (4, 5), (2, 3)),
    Cell("new", Phrase("New customers"), (5, 5), (1, 1)),
    Cell("promising", Phrase("Promising"), (4, 4), (1, 1)),
    Cell("need-attention", Phrase("In need of attention"), (3, 3), (3, 3)),
    Cell("about-to-sleep", Phrase("About to fall asleep"), (3, 3), (1, 2)),
    Cell("cannot-lose", Phrase("Not to be lost"), (1, 2), (5, 5)),
    Cell("at-risk", Phrase("At risk"), (1, 2), (3, 4)),
    Cell("hibernating", Phrase("Asleep"), (1, 2), (1, 2)),
)


@dataclass(frozen=True)
class Ten:
    """By fifths of recency and of the number of orders; money does not count."""

    takes_k: ClassVar[bool] = False

    def fit(self, table: FeatureTable, k: int | Auto, rng: Generator, progress: Progress) -> Grouping:
        rfm = rfm_of(table)
        cell = placed(CELLS, scores(-rfm[c.RECENCY_DAYS]), scores(rfm[c.FREQUENCY]))
        groups = {}
        for number, one in enumerate(CELLS):
            members = rfm[cell == number]
            if not members.empty:
                rules = (days_between(members[c.RECENCY_DAYS]), orders_between(members[c.FREQUENCY]))
                groups[number] = NamedGroup(one.key, one.name, rules)
        return grouped(groups, cell, {})


SEGMENTER = Ten()
