"""Gaps get the middle one of the known values."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from numpy.random import Generator

from engine.missing.fields import Field
from engine.missing.filling import as_cells, as_numbers, no_average, shown, with_filled
from engine.missing.treatments import Treated
from engine.phrases import Phrase


@dataclass(frozen=True)
class Median:
    """For numbers and days; an outlier does not move it."""

    words = Phrase("the middle value")
    meaning = Phrase(
        "Every gap gets the middle one of the known ones, which outliers do not move; for numbers and days."
    )

    def refusal(self, frame: pd.DataFrame, field: Field) -> Phrase | None:
        return no_average(frame, field)

    def apply(self, frame: pd.DataFrame, field: Field, rng: Generator) -> Treated:
        value = as_cells(as_numbers(frame[field.key], field).sort_values().median(), field)
        made, filled = with_filled(frame, field, pd.Series(value, index=frame.index))
        statement = Phrase(
            "{field}: {n} of {total} filled with the middle value of the others, {value}.",
            n=int(filled.sum()),
            total=len(frame),
            field=field.words,
            value=shown(value, field),
        )
        return Treated(made, filled, statement)


TREATMENT = Median()
