"""Dates and times as people and programs write them, a whole column at a time.

One text is read by the first form that fits (`moments`). Where the same text has several readings, as 03/04/2025,
25/12/10, 3月8日 and bare numbers have, the whole column decides (`orders_of_parts`, `yearless`, `counted_days`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.intake import counted_days, yearless
from engine.intake.moments import (
    COMPACT_TIME,
    FIRST_YEAR,
    LAST_YEAR,
    NO_YEAR,
    SHORT,
    YEAR_LAST,
    Match,
    moment,
    plain,
    tidied,
    written,
)
from engine.intake.tables import Texts
from engine.phrases import Phrase

Codes = NDArray[np.int32]
Moments = NDArray[np.datetime64]
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?"
_PIVOT = 69  # of two digits, as POSIX has it: 68 is 2068 and 69 is 1969
_AHEAD = 20  # years that a date of two digits may lie in the future, where today is known
_IN_ORDER = 0.02  # of the steps of a file in time order, those that go the other way
_NOT_IN_ORDER = 0.1


@dataclass(frozen=True)
class Dates:
    """What a column of dates says: one datetime64[s] per text, NaT where it cannot be read.

    `day_first` tells how 03/04/2025 was read; it is None where no date is written like that. `assumed` is true
    where the column holds nothing that decides, `mixed` where some dates have the day first and some the month.
    `notes` say how dates were read that have another reading.
    """

    values: Moments
    day_first: bool | None = None
    assumed: bool = False
    mixed: bool = False
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class _Side:
    """What the texts cannot tell: the order of the rows, today, and whether the dates are of births."""

    codes: Codes | None
    today: date | None
    born: bool

    def by_row(self, positions: Sequence[int], n_texts: int) -> list[int]:
        """The positions of texts in the order of the first row that says them."""
        if self.codes is None:
            return sorted(positions)
        first = np.full(n_texts, len(self.codes), dtype=np.int64)
        first[self.codes[::-1]] = np.arange(len(self.codes) - 1, -1, -1)
        return sorted(positions, key=lambda position: int(first[position]))

    @property
    def latest(self) -> datetime | None:
        """The last moment that is not in the future, wherever the shop is."""
        if self.today is None:
            return None
        return datetime(self.today.year, self.today.month, self.today.day) + timedelta(days=2)

    def year(self, said: str) -> int:
        """A year of four digits, or the century's of two."""
        year = int(said)
        if len(said) > 2:
            return year
        if self.today is None:
            return year + (2000 if year < _PIVOT else 1900)
        return year + (2000 if year + 2000 <= self.today.year + (0 if self.born else _AHEAD) else 1900)


def read(
    texts: Sequence[str],
    codes: Codes | None = None,
    *,
    today: date | None = None,
    day_first: bool | None = None,
    born: bool = False,
) -> Dates:
    """The moments that `texts` name, in the local time they are written in (an offset is dropped).

    `codes` has per row the position of its text; without it the texts stand in the order of their first rows.
    Whether 03/04/2025 is in April or in March is decided from all texts together: a part above 12 is the day; else
    the reading that keeps the rows in time order where the other does not; else the one without a date after
    `today`. `day_first` decides outright. `born`: these are birthdays, which may lie far back.
    """
    at_once = _all_plain(texts)
    if at_once is not None:
        return Dates(at_once)
    side = _Side(codes, today, born)
    values = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[s]")
    slashed: list[tuple[int, Match]] = []
    short: list[tuple[int, Match]] = []
    no_year: list[tuple[int, Match]] = []
    numbers: list[tuple[int, str]] = []
    for i, text in enumerate(texts):
        found = plain(text)
        if found is None and text:
            tidy = tidied(text)
            if match := COMPACT_TIME.fullmatch(tidy):
                found = counted_days.compact(match[1] + match[2] + match[3] + (match[4] or ""))
            elif tidy[:1].isdecimal() and tidy.replace(".", "", 1).isdecimal():
                numbers.append((i, tidy))
            elif match := YEAR_LAST.fullmatch(tidy):
                slashed.append((i, match))
            elif match := SHORT.fullmatch(tidy):
                short.append((i, match))
            elif match := NO_YEAR.fullmatch(tidy):
                no_year.append((i, match))
            else:
                found = written(tidy, side.year)
        if found is not None:
            values[i] = found
    notes: list[Phrase] = []
    if numbers:
        notes += counted_days.read(numbers, values, side.latest, born)
    year_first, year_last = _split(short, side)
    for i, match in year_first:
        _put(values, i, match, side.year(match["one"]), match["two"], match["three"])
    told, assumed, mixed = None, False, False
    if slashed or year_last:
        told, assumed, mixed, why = _parts(values, slashed + year_last, side, day_first)
        notes += why
    if no_year:
        notes += yearless.read(values, side.by_row(range(len(texts)), len(texts)), dict(no_year), today)
    return Dates(values, told, assumed, mixed, tuple(notes))


def _all_plain(texts: Sequence[str]) -> NDArray[np.datetime64] | None:
    """Very many texts, if all are of the common case and sensible; else None."""
    if not isinstance(texts, Texts) or not texts.matching(_ISO).all():
        return None
    import pyarrow as pa

    try:
        values: NDArray[np.datetime64] = texts.strings.cast(pa.timestamp("s")).to_numpy()
    except pa.ArrowInvalid:
        return None
    years = values.astype("datetime64[Y]").astype(int) + 1970
    return values if years.min() >= FIRST_YEAR and years.max() <= LAST_YEAR else None


def _put(values: Moments, i: int, match: Match, year: int, month: str, day: str) -> None:
    found = moment(match, year, int(month), int(day))
    if found is not None:
        values[i] = found


def _split(short: list[tuple[int, Match]], side: _Side) -> tuple[list[tuple[int, Match]], list[tuple[int, Match]]]:
    """Dates of three short parts, those that begin with the year, as 25.3.8, and those that end with it, as 8.3.25.

    A year has two digits; where both ends have, the others of the column decide, then the reading that spans fewer
    days, then, unless there are slashes between, the later one that is not in the future.
    """
    by_lengths: dict[tuple[bool, bool], list[tuple[int, Match]]] = {}
    for i, match in short:
        by_lengths.setdefault((len(match["one"]) == 2, len(match["three"]) == 2), []).append((i, match))
    first, last, either = (by_lengths.get(ends, []) for ends in ((True, False), (False, True), (True, True)))
    if not either:
        return first, last
    if len(first) != len(last):
        return (first + either, last) if len(first) > len(last) else (first, last + either)
    matches = [match for _, match in either]
    ahead = [moment(m, side.year(m["one"]), int(m["two"]), int(m["three"])) for m in matches]
    behind = [
        moment(m, side.year(m["three"]), int(m["two"]), int(m["one"]))
        or moment(m, side.year(m["three"]), int(m["one"]), int(m["two"]))
        for m in matches
    ]
    return (first + either, last) if _begins_with_year(ahead, behind, matches, side) else (first, last + either)


def _begins_with_year(
    ahead: Sequence[datetime | None], behind: Sequence[datetime | None], matches: Sequence[Match], side: _Side
) -> bool:
    if (None in ahead) != (None in behind):
        return None in behind
    a, b = ([found for found in reading if found is not None] for reading in (ahead, behind))
    if not a or not b:
        return bool(a)
    spans = [max(reading) - min(reading) for reading in (a, b)]
    if 2 * spans[0] < spans[1] or 2 * spans[1] < spans[0]:
        return spans[0] < spans[1]
    if side.latest is None or "/" in matches[0].string:
        return False
    late = [max(reading) if max(reading) <= side.latest else datetime.min for reading in (a, b)]
    return late[0] > late[1]


def _parts(
    values: Moments, found: list[tuple[int, Match]], side: _Side, day_first: bool | None
) -> tuple[bool, bool, bool, list[Phrase]]:
    """Puts dates whose year comes last into `values`: whether the day is first, assumed, mixed, and why."""
    ones = np.array([int(match["one"]) for _, match in found])
    twos = np.array([int(match["two"]) for _, match in found])
    days, months = int((ones > 12).sum()), int((twos > 12).sum())
    assumed, why = False, None
    if day_first is None:
        day_first = days >= months
        if days == months:
            ordered = _ordered(found, side, len(values))
            assumed = ordered is None and days == 0
            if ordered is not None:
                day_first, why = ordered
            elif assumed and all(match.string[match.end("one")] == "." for _, match in found):
                # with points the month is hardly ever written first
                assumed, why = False, Phrase("03.04 was read as 3 April, as dates with points are written.")
    for i, match in found:
        one, two = match["one"], match["two"]
        _put(values, i, match, side.year(match["three"]), *((two, one) if day_first else (one, two)))
    return day_first, assumed, days > 0 and months > 0, [why] if why is not None else []


def _ordered(found: list[tuple[int, Match]], side: _Side, n_texts: int) -> tuple[bool, Phrase] | None:
    """Whether the day is first, as the order of the rows or the future tells, and the note of it; None if neither."""
    by_position = dict(found)
    matches = [by_position[i] for i in side.by_row(list(by_position), n_texts)]
    as_day = [moment(m, side.year(m["three"]), int(m["two"]), int(m["one"])) for m in matches]
    as_month = [moment(m, side.year(m["three"]), int(m["one"]), int(m["two"])) for m in matches]
    disorder = [_disorder(reading) for reading in (as_day, as_month)]
    if min(disorder) <= _IN_ORDER and max(disorder) >= _NOT_IN_ORDER:
        if disorder[0] < disorder[1]:
            return True, Phrase("03/04 was read as 3 April: only so are the rows in order of time.")
        return False, Phrase("03/04 was read as 4 March: only so are the rows in order of time.")
    latest = side.latest
    if latest is None:
        return None
    ahead = [sum(one is not None and one > latest for one in reading) for reading in (as_day, as_month)]
    if min(ahead) == 0 and max(ahead) > 0:
        if not ahead[0]:
            return True, Phrase("03/04 was read as 3 April: otherwise some dates would lie in the future.")
        return False, Phrase("03/04 was read as 4 March: otherwise some dates would lie in the future.")
    return None


def _disorder(reading: Sequence[datetime | None]) -> float:
    """The share of steps that go back in time, or forward if that is less."""
    known = np.array([one for one in reading if one is not None], dtype="datetime64[s]").astype(np.int64)
    steps = np.sign(np.diff(known))
    steps = steps[steps != 0]
    return float(min((steps > 0).mean(), (steps < 0).mean())) if len(steps) else 0.0
