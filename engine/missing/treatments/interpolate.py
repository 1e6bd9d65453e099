"""Gaps in a customer's series over time lie on the line between what is known before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from engine import columns as c
from engine.missing.fields import Field
from engine.missing.filling import as_cells, nothing_known, with_filled
from engine.missing.treatments import Treated
from engine.phrases import Phrase

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Interpolation:
    """For levels such as a balance, in a frame with one row per customer and time (columns customer and at).

    Before the first and after the last known value the nearest holds. A customer of whom none is known keeps the
    gaps: nothing is ever taken from another customer.
    """

    words = Phrase("between the dates")
    meaning = Phrase(
        "A gap gets what lies between the same person's values before and after it; for levels with dates, such as a "
        "balance or followers."
    )

    def refusal(self, frame: pd.DataFrame, field: Field) -> Phrase | None:
        if field.kind != "number":
            return Phrase("Nothing lies between two values of {field}, which is no number.", field=field.words)
        if not {c.CUSTOMER, c.AT} <= set(frame.columns):
            return Phrase(
                "There are no dates to {field}: filling between dates needs several values per person, each with "
                "its day.",
                field=field.words,
            )
        if not field.stock:
            return Phrase(
                "A gap in {field} is a 0, since it counts what was done: only a level such as a balance can be filled "
                "between dates.",
                field=field.words,
            )
        return nothing_known(frame, field)

    def apply(self, frame: pd.DataFrame, field: Field, rng: Generator) -> Treated:
        by_time = frame[[c.CUSTOMER, c.AT, field.key]].sort_values([c.CUSTOMER, c.AT], kind="stable")
        days = (pd.to_datetime(by_time[c.AT]) - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
        series = by_time.assign(days=days).groupby(c.CUSTOMER, sort=False, dropna=True)
        values = pd.Series(np.nan, index=by_time.index)
        for _, one in series:
            if one[field.key].isna().any() and one[field.key].notna().any():
                values[one.index] = _on_the_line(one["days"].to_numpy(), one[field.key].to_numpy())
        made, missing = with_filled(frame, field, as_cells(values, field))
        filled = missing & made[field.key].notna()
        statement = Phrase(
            "{field}: {n} of {total} filled from the same person's values before and after; {left} left unknown.",
            n=int(filled.sum()),
            total=len(frame),
            field=field.words,
            left=int(missing.sum() - filled.sum()),
        )
        return Treated(made, filled, statement)


def _on_the_line(days: Numbers, values: Numbers) -> Numbers:
    """The values with each gap filled; a gap without a day keeps open."""
    known = ~np.isnan(values) & ~np.isnan(days)
    if not known.any():
        return values
    line: Numbers = np.interp(days, days[known], values[known])
    return np.where(np.isnan(values), np.where(np.isnan(days), np.nan, line), values)


TREATMENT = Interpolation()
