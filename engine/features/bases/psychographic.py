"""What customers like, think and say: answers of surveys, interests, tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.feature_table import FeatureTable
from engine.features.bases import NO_PARTS, Sources
from engine.features.of_people import people_table
from engine.features.told import of_basis
from engine.phrases import Phrase

NOTHING = Phrase(
    "Nothing is known of what your customers like or think that they could be grouped by: send the answers of a "
    "survey, or a list of customers with their interests or tags."
)


@dataclass(frozen=True)
class Psychographic:
    label = Phrase("what they like and think")
    parts = NO_PARTS

    def has_data(self, sources: Sources) -> bool:
        return any(one.kind != "text" for one in of_basis(sources.told, "psychographic"))

    def table(self, sources: Sources, parts: Sequence[str]) -> FeatureTable:
        return people_table("psychographic", sources, NOTHING)


BASIS = Psychographic()
