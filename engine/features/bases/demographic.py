"""Who customers are: age, gender, income, household, education, work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from engine import columns as c
from engine.feature_table import Feature, FeatureTable
from engine.features.bases import NO_PARTS, Sources
from engine.features.complete import Column, column
from engine.features.of_people import people_table
from engine.features.told import Told, of_basis
from engine.phrases import Phrase

NAME = "demographic"
AGE = Feature(c.AGE, Phrase("age"), "count", NAME)

NOTHING = Phrase(
    "Nothing is known of your customers' age, gender, income or household that they could be grouped by: send a list "
    "of customers with such columns."
)


@dataclass(frozen=True)
class Demographic:
    label = Phrase("who they are")
    parts = NO_PARTS

    def has_data(self, sources: Sources) -> bool:
        return bool(of_basis(sources.told, "demographic"))

    def table(self, sources: Sources, parts: Sequence[str]) -> FeatureTable:
        """A birth year becomes an age in the year of `as_of`; a second column of ages is the same once more."""
        year = sources.as_of.year

        def made(told: Sequence[Told], cells: pd.DataFrame) -> list[Column]:
            return [_column(one, cells[one.key], year) for one in told]

        return people_table("demographic", sources, NOTHING, made)


def _column(one: Told, cells: pd.Series, year: int) -> Column:
    if one.key == c.BIRTH_YEAR:
        return Column(AGE, year - cells.astype("float64"))
    of_file = column(one, cells, NAME)
    if one.key != c.AGE:
        return of_file
    return Column(replace(of_file.feature, key=f"answer {c.AGE}"), of_file.cells)


BASIS = Demographic()
