"""Rows with a gap take no part in the computation."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from numpy.random import Generator

from engine.missing.fields import Field
from engine.missing.treatments import Treated
from engine.phrases import Phrase


@dataclass(frozen=True)
class Deletion:
    """Leaves rows out of a result; the store keeps them."""

    words = Phrase("leave those people out")
    meaning = Phrase("People without it are left out of the result, and counted; your data keep them.")

    def refusal(self, frame: pd.DataFrame, field: Field) -> Phrase | None:
        if len(frame) and frame[field.key].isna().all():
            return Phrase("Nobody's {field} is known, so nobody would be left.", field=field.words)
        return None

    def apply(self, frame: pd.DataFrame, field: Field, rng: Generator) -> Treated:
        kept = frame[frame[field.key].notna()].copy()
        statement = Phrase(
            "{field}: {n} of {total} without it left out.",
            n=len(frame) - len(kept),
            total=len(frame),
            field=field.words,
        )
        return Treated(kept, pd.Series(False, index=kept.index), statement)


TREATMENT = Deletion()
