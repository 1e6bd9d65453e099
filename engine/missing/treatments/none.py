"""Gaps stay gaps."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from numpy.random import Generator

from engine.missing.fields import Field
from engine.missing.treatments import Treated
from engine.phrases import Phrase


@dataclass(frozen=True)
class Unknown:
    """Nothing is filled; among choices “unknown” is a group of its own."""

    words = Phrase("leave unknown")
    meaning = Phrase("Nothing is filled in: unknown stays unknown, and among groups it is one of its own.")

    def refusal(self, frame: pd.DataFrame, field: Field) -> Phrase | None:
        return None

    def apply(self, frame: pd.DataFrame, field: Field, rng: Generator) -> Treated:
        missing = frame[field.key].isna()
        statement = Phrase(
            "{field}: unknown for {n} of {total}, and left so.",
            n=int(missing.sum()),
            total=len(frame),
            field=field.words,
        )
        return Treated(frame.copy(), pd.Series(False, index=frame.index), statement)


TREATMENT = Unknown()
