"""Gaps get the most common value."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from numpy.random import Generator

from engine.missing.fields import Field
from engine.missing.filling import nothing_known, own, shown, with_filled
from engine.missing.treatments import Treated
from engine.phrases import Phrase


@dataclass(frozen=True)
class Mode:
    """For choices, and for numbers of which there are at most `most_different`, such as marks from 1 to 5.

    Of several that are equally common the first by number or alphabet.
    """

    most_different: int = 20
    words = Phrase("the most common one")
    meaning = Phrase("Every gap gets the most common of the known ones; for choices, and for marks such as 1 to 5.")

    def refusal(self, frame: pd.DataFrame, field: Field) -> Phrase | None:
        why = own(frame, field) or nothing_known(frame, field)
        if why is None and field.kind != "choice" and frame[field.key].nunique() > self.most_different:
            return Phrase(
                "No {field} is common, there are too many different ones: take the middle value.",
                field=field.words,
            )
        return why

    def apply(self, frame: pd.DataFrame, field: Field, rng: Generator) -> Treated:
        value = frame[field.key].mode().iloc[0]
        made, filled = with_filled(frame, field, pd.Series(value, index=frame.index))
        statement = Phrase(
            "{field}: {n} of {total} filled with the most common one, {value}.",
            n=int(filled.sum()),
            total=len(frame),
            field=field.words,
            value=shown(value, field),
        )
        return Treated(made, filled, statement)


TREATMENT = Mode()
