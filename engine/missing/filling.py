"""What the treatments share: when a field can be averaged, and a frame with one column's gaps filled."""

from __future__ import annotations

from typing import Any

import pandas as pd

from engine.missing.fields import Field
from engine.phrases import Phrase

ONE_DAY = pd.Timedelta(days=1)
EPOCH = pd.Timestamp("1970-01-01")


def no_average(frame: pd.DataFrame, field: Field) -> Phrase | None:
    """Why `field` has no average; None if it has."""
    if field.kind == "own":
        return own(frame, field)
    if field.kind == "choice":
        return Phrase(
            "There is no average of {field}, which is a word and no number: take the most common one, ask the most "
            "similar people, or leave it unknown.",
            field=field.words,
        )
    return nothing_known(frame, field)


def own(frame: pd.DataFrame, field: Field) -> Phrase | None:
    """Why `field` cannot be told from other people; None if it can."""
    if field.kind != "own":
        return None
    if frame[field.key].isna().all():
        return nothing_known(frame, field)
    return Phrase(
        "Other people's data cannot tell {field}, which is each person's own: leave it unknown, or leave those people "
        "out.",
        field=field.words,
    )


def nothing_known(frame: pd.DataFrame, field: Field) -> Phrase | None:
    if frame[field.key].isna().all():
        return Phrase("Nobody's {field} is known, so there is nothing to go by.", field=field.words)
    return None


def as_numbers(cells: pd.Series, field: Field) -> pd.Series:
    """The cells of a number or day as float64: a day is the number of days since 1970."""
    return (cells - EPOCH) / ONE_DAY if field.kind == "day" else cells


def as_cells(numbers: Any, field: Field) -> Any:
    """Numbers as cells of the field: whole where it is whole, days as dates."""
    rounded = numbers.round() if field.whole or field.kind == "day" else numbers
    return EPOCH + pd.to_timedelta(rounded, unit="D") if field.kind == "day" else rounded


def with_filled(frame: pd.DataFrame, field: Field, values: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """A copy of `frame` with `values` (by index) in the gaps of `field`, and where they are."""
    missing = frame[field.key].isna()
    column = frame[field.key].copy()
    column[missing] = values.reindex(frame.index[missing]).to_numpy()
    return frame.assign(**{field.key: column}), missing


def shown(value: Any, field: Field) -> str:
    """A cell as a sentence says it."""
    if field.kind == "day":
        return f"{value:%Y-%m-%d}"
    if field.kind != "number":
        return str(value)
    if field.key == "birth_year":
        return f"{value:.0f}"
    return f"{value:,.0f}" if field.whole or abs(value) >= 1_000 else f"{value:,.4g}"
