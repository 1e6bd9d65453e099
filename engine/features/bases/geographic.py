"""Where customers are: in which city, region or country; rare places together as “elsewhere”."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from engine import columns as c
from engine.feature_table import ELSEWHERE, Feature, FeatureTable
from engine.features.bases import NO_PARTS, Sources
from engine.features.complete import Column, column, with_rare_together
from engine.features.of_people import people_table
from engine.features.told import Told, of_basis
from engine.phrases import Phrase

NAME = "geographic"
FROM_FINE = (c.CITY, c.REGION, c.COUNTRY)
# With more places than groups are looked for, groups of places would be chance: half of the people show others than the
# other half does. With so many, each place is a group.
MOST_PLACES = 7
MOST_ELSEWHERE = 0.5  # of the customers: a level at which more are is too fine
SMALLEST_SHARE = 0.02  # of the customers: a smaller place would not be a group of its own

NOTHING = Phrase(
    "Nothing is known of where your customers are that they could be grouped by: send a list of customers or orders "
    "with their country, region or city."
)


@dataclass(frozen=True)
class Geographic:
    """Of country, region and city the one that says most; what files tell of places beside them as it is."""

    label = Phrase("where they are")
    parts = NO_PARTS

    def has_data(self, sources: Sources) -> bool:
        return bool(of_basis(sources.told, "geographic"))

    def table(self, sources: Sources, parts: Sequence[str]) -> FeatureTable:
        return people_table("geographic", sources, NOTHING, _columns)


def _columns(told: Sequence[Told], cells: pd.DataFrame) -> list[Column]:
    levels = {one.key: one for one in told if one.field}
    others = [column(one, cells[one.key], NAME) for one in told if not one.field]
    places = {key: _places(cells, [at for at in FROM_FINE if at in levels], key) for key in FROM_FINE if key in levels}
    if not places:
        return others
    key = next((key for key, of_level in places.items() if _elsewhere(of_level) <= MOST_ELSEWHERE), None)
    key = min(places, key=lambda level: _elsewhere(places[level])) if key is None else key
    return [Column(Feature(key, levels[key].words, "choice", NAME), places[key]), *others]


def _places(cells: pd.DataFrame, known: Sequence[str], level: str) -> pd.Series:
    """The places of a level, or of the next coarser one of whom no such is known; rare ones together."""
    first, *coarser = known[known.index(level) :]
    place = cells[first]
    for key in coarser:
        place = place.where(place.notna(), cells[key])
    return with_rare_together(place, ELSEWHERE, most=MOST_PLACES, smallest_share=SMALLEST_SHARE)


def _elsewhere(places: pd.Series) -> float:
    """The share of people who are nowhere in particular."""
    return float((places.isna() | (places == ELSEWHERE)).mean())


BASIS = Geographic()
