"""Customers as points, for the treatments that learn a field from all others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import skew

from engine.missing.fields import COMPANIONS, CUSTOMER_FIELDS, Field, fields_of
from engine.missing.filling import as_numbers

Points = NDArray[np.float64]

MOST_LEVELS = 12
SKEWED = 1.0
MOST_COLUMNS = 24


def predictors(frame: pd.DataFrame, field: Field) -> tuple[Field, ...]:
    """What may tell of `field`: the other numbers, days and choices of the frame."""
    others = fields_of(frame, (*CUSTOMER_FIELDS, *COMPANIONS))
    return tuple(other for other in others if other.key != field.key and other.kind != "own")


def points(frame: pd.DataFrame, fields: Sequence[Field]) -> Points:
    """One row per row of `frame`; numbers and days with mean 0 and standard deviation 1, choices as ones and zeros.

    A number without negative values whose skewness is above 1 becomes log(1 + x) before, as in segments. A gap stays
    NaN; an unknown choice is as far from each known one. A column with one value throughout is left out.
    """
    columns = [column for field in fields for column in _columns(frame[field.key], field)]
    return np.column_stack(columns) if columns else np.empty((len(frame), 0))


def most_telling(points: Points, target: NDArray[np.float64], most: int = MOST_COLUMNS) -> Points:
    """The columns of `points` that go most with `target` where both are known; a target of several columns with any."""
    if points.shape[1] <= most:
        return points
    targets = target if target.ndim == 2 else target[:, None]
    strength = np.zeros(points.shape[1])
    for at, column in enumerate(points.T):
        both = ~np.isnan(column) & ~np.isnan(targets).any(axis=1)
        if both.sum() < 3 or column[both].std() == 0:
            continue
        scaled = (column[both] - column[both].mean()) / column[both].std()
        spread = targets[both].std(axis=0)
        apart = (targets[both] - targets[both].mean(axis=0)) / np.where(spread > 0, spread, np.inf)
        strength[at] = np.abs(scaled @ apart / both.sum()).max()
    return points[:, np.sort(np.argsort(-strength, kind="stable")[:most])]


def _columns(cells: pd.Series, field: Field) -> Iterator[Points]:
    if field.kind == "choice":
        codes, levels = pd.factorize(cells)
        sizes = np.bincount(codes[codes >= 0], minlength=len(levels))
        # by number, then by alphabet: equal counts have no order of their own
        common = sorted(range(len(levels)), key=lambda code: (-sizes[code], str(levels[code])))[:MOST_LEVELS]
        for code in common:
            if sizes[code] < len(cells):
                yield (codes == code).astype(np.float64)
        return
    numbers = as_numbers(cells, field)
    values = numbers.to_numpy(dtype=np.float64)
    known = values[~np.isnan(values)]
    if len(np.unique(known)) < 2:
        return
    if known.min() >= 0 and skew(known) > SKEWED:
        values, known = np.log1p(values), np.log1p(known)
    yield (values - known.mean()) / known.std()
