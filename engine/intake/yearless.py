"""Dates without a year, as 3月8日: which year was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.intake.moments import Match, moment, month_of
from engine.phrases import Phrase

_IN_ORDER = 0.02
_HALF_YEAR = 186  # days in a calendar whose months have 31


def read(values: NDArray[Any], by_row: Sequence[int], found: Mapping[int, Match], today: date | None) -> list[Phrase]:
    """Puts the dates of `found`, by position, into `values`; `by_row` lists the positions of all as the rows run.

    Beside dates with a year the nearest such day is meant; else, in a file in order of time, the rows run over each
    New Year and end before `today`; else each date is the latest such day before `today`. Without any of these
    nothing is read.
    """
    order = [position for position in by_row if position in found]
    dated = not np.isnat(values).all()
    if dated:
        _beside(values, by_row, found)
    elif today is not None:
        rel = _years_in_order([_parts(found[position]) for position in order])
        for position, year in zip(order, _anchored([found[p] for p in order], rel, today), strict=True):
            at = moment(found[position], year, *_parts(found[position]))
            if at is not None:
                values[position] = at
    read_ones = [position for position in order if not np.isnat(values[position])]
    if not read_ones:
        return []
    example = read_ones[0]
    return [
        Phrase(
            "Dates without a year were given one: “{text}” was read as {day}.",
            text=found[example].string,
            day=values[example].astype("datetime64[D]").item(),
        )
    ]


def _parts(match: Match) -> tuple[int, int]:
    """Month and day."""
    if match["m"]:
        return int(match["m"]), int(match["d"])
    word = match["word"] or match["word3"]
    return month_of(word), int(match["d2"] or match["d3"])


def _beside(values: NDArray[Any], by_row: Sequence[int], found: Mapping[int, Match]) -> None:
    """The nearest such day to the row before, or for the first rows to the first that has a year."""
    near = next(values[position] for position in by_row if not np.isnat(values[position])).item()
    for position in by_row:
        if position in found:
            month, day = _parts(found[position])
            ways = [moment(found[position], year, month, day) for year in range(near.year - 1, near.year + 2)]
            known = [way for way in ways if way is not None]
            if not known:
                continue
            values[position] = min(known, key=lambda way: abs(way - near))
        if not np.isnat(values[position]):
            near = values[position].item()


def _years_in_order(days: Sequence[tuple[int, int]]) -> list[int] | None:
    """Per row the years since the earliest row's, if the rows run in order of time, either way; else None."""
    place = np.array([31 * month + day for month, day in days])
    for turned in (False, True):
        steps = np.diff(place[::-1] if turned else place)
        new_year = steps < -_HALF_YEAR
        back = (steps < 0) & ~new_year
        if back.sum() <= _IN_ORDER * max(len(steps), 1):
            years: list[int] = np.concatenate([[0], np.cumsum(new_year)]).astype(int).tolist()
            return years[::-1] if turned else years
    return None


def _anchored(matches: Sequence[Match], rel: Sequence[int] | None, today: date) -> list[int]:
    """The year of each."""
    if rel is None:
        return [_latest(match, today) for match in matches]
    last = max(range(len(rel)), key=lambda i: (rel[i], _parts(matches[i])))
    end = _latest(matches[last], today)
    return [end - rel[last] + year for year in rel]


def _latest(match: Match, today: date) -> int:
    """The year of the latest such day that is not after tomorrow, since a shop elsewhere may be a day ahead."""
    end = datetime(today.year, today.month, today.day) + timedelta(days=2)
    for year in range(today.year + 1, today.year - 8, -1):
        at = moment(match, year, *_parts(match))
        if at is not None and at < end:
            return year
    return today.year
