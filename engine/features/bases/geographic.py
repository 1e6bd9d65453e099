"""Where customers are: country, region, city; rare places together as “elsewhere”."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from engine.feature_table import ELSEWHERE, Feature, FeatureTable
from engine.features.bases import NO_PARTS, Sources
from engine.features.complete import Column, column, with_rare_together
from engine.features.of_people import people_table
from engine.features.told import Told, of_basis
from engine.phrases import Phrase

NAME = "geographic"
MOST_PLACES = 15
SMALLEST_SHARE = 0.02  # of the customers: a smaller place would not be a group of its own

NOTHING = Phrase(
    "Nothing is known of where your customers are that they could be grouped by: send a list of customers or orders "
    "with their country, region or city."
)


@dataclass(frozen=True)
class Geographic:
    """Two people of one city share its region and country, too: the nearer, the more they have in common."""

    label = Phrase("where they are")
    parts = NO_PARTS

    def has_data(self, sources: Sources) -> bool:
        return bool(of_basis(sources.told, "geographic"))

    def table(self, sources: Sources, parts: Sequence[str]) -> FeatureTable:
        return people_table("geographic", sources, NOTHING, _made)


def _made(one: Told, cells: pd.Series) -> Column:
    if one.kind != "choice":
        return column(one, cells, NAME)
    places = with_rare_together(cells, ELSEWHERE, most=MOST_PLACES, smallest_share=SMALLEST_SHARE)
    return Column(Feature(one.key, one.words, "choice", NAME), places)


BASIS = Geographic()
