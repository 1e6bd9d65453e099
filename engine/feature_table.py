"""A table that customers are grouped by: one row per customer, and what each of its columns is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import pandas as pd

from engine.phrases import Phrase

Kind = Literal["number", "count", "money", "days", "share", "scale", "yes_no", "choice", "tags"]

# choices that no file tells
UNKNOWN: Final = "unknown"
OTHER: Final = "other"
ELSEWHERE: Final = "elsewhere"

_SPOKEN: Final[Mapping[str, Phrase]] = {
    UNKNOWN: Phrase("unknown"),
    OTHER: Phrase("something else"),
    ELSEWHERE: Phrase("elsewhere"),
    "female": Phrase("women"),
    "male": Phrase("men"),
}


def spoken(value: str) -> Phrase:
    """A choice or a tag as a sentence says it: in the reader's language where the word is ours, else as it is."""
    return _SPOKEN.get(value) or Phrase("{field}", field=value)


@dataclass(frozen=True)
class Feature:
    """A column that customers are grouped by. `kind`:

    number   any number; `count` a whole number of things, `money` an amount of the shop's currency, `days` a whole
             number of days, `share` a part of a whole, 0 to 1: all float64
    scale    an answer on a scale of whole numbers, such as 1 to 5: float64
    yes_no   1.0 or 0.0
    choice   one of some words that many share: text
    tags     several words, each of which many share: text, separated by ";"

    `basis` names the file of `engine.features.bases` that it comes from.
    """

    key: str
    words: Phrase
    kind: Kind
    basis: str


@dataclass(frozen=True)
class FeatureTable:
    """`frame` has one row per customer, by id, and a column for each of `features`, in their order, without gaps.

    `statements` say how gaps were treated; `currency` is that of features of money, None where it is not known.
    """

    frame: pd.DataFrame
    features: tuple[Feature, ...]
    statements: tuple[Phrase, ...] = ()
    currency: str | None = None

    def __post_init__(self) -> None:
        if [feature.key for feature in self.features] != list(self.frame.columns):
            raise ValueError(f"columns {list(self.frame.columns)} are not those of {self.features}")

    def __len__(self) -> int:
        return len(self.frame)

    def feature(self, key: str) -> Feature:
        return next(feature for feature in self.features if feature.key == key)

    def sorted(self) -> FeatureTable:
        """The same with its customers in the order of their ids."""
        return replace(self, frame=self.frame.sort_index())
