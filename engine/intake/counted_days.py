"""Dates that are bare numbers: 20250308, days that a spreadsheet or SAS counts, seconds since 1970 or 1960."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from numpy.typing import NDArray

from engine.intake.moments import after, sensible
from engine.phrases import Phrase

_COMPACT_HOUR = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"[2-9]\d{4}(?:\.\d+)?")
_SERIAL_OF_BIRTH = re.compile(r"[1-9]\d{4}(?:\.\d+)?")
_EXCEL = datetime(1899, 12, 30)
_SAS = datetime(1960, 1, 1)
_UNIX = datetime(1970, 1, 1)
_SAS_FROM, _SAS_TO = 19_724, 25_933  # 1 January 2014 and 2031, in days from 1960; as Excel's days 1953 to 1970
_SECONDS = {10: 1.0, 13: 1e3, 16: 1e6}
_SAS_SECONDS = 86_400 * _SAS_FROM


def read(numbers: Sequence[tuple[int, str]], values: NDArray[Any], latest: datetime | None, born: bool) -> list[Phrase]:
    """Puts what the numbers mean, which are texts with their position, into `values`; notes where it was decided."""
    notes = []
    days = [(i, text) for i, text in numbers if len(text.split(".")[0]) == 5]
    seconds = [(i, text) for i, text in numbers if len(text.split(".")[0]) in _SECONDS]
    sas = not born and _are_sas_days([float(text) for _, text in days])
    if sas:
        notes.append(
            Phrase(
                "The dates are numbers such as {text}; they were read as days since 1960, as SAS counts: {day}.",
                text=days[0][1],
                day=(_SAS + timedelta(days=int(float(days[0][1])))).date(),
            )
        )
    for i, text in numbers:
        found = compact(text)
        if found is None and len(text.split(".")[0]) == 5:
            found = after(_SAS, days=float(text)) if sas else _excel(text, born)
        if found is not None:
            values[i] = found
    if seconds:
        notes += _seconds(seconds, values, latest)
    return notes


def compact(text: str) -> datetime | None:
    """A date of eight digits, and the time in four or six more: 202503081011."""
    if len(text) not in (8, 12, 14) or "." in text:
        return None
    year, month, day, hour, minute, second = (
        int(text[:4]),
        *(int(text[at : at + 2] or 0) for at in (4, 6, 8, 10, 12)),
    )
    try:
        return sensible(datetime(year, month, day, hour, minute, second))
    except ValueError:
        return None


def _excel(text: str, born: bool) -> datetime | None:
    pattern = _SERIAL_OF_BIRTH if born else _SERIAL
    return after(_EXCEL, days=float(text)) if pattern.fullmatch(text) else None


def _are_sas_days(days: Sequence[float]) -> bool:
    """No shop has kept orders since the fifties: days that would be of then are SAS's, if all of them are."""
    return bool(days) and all(_SAS_FROM <= day <= _SAS_TO for day in days)


def _seconds(seconds: Sequence[tuple[int, str]], values: NDArray[Any], latest: datetime | None) -> list[Phrase]:
    hours = [_COMPACT_HOUR.fullmatch(text) for _, text in seconds]
    by_hour = [match and _hour(match) for match in hours]
    if all(found is not None and (latest is None or found <= latest) for found in by_hour):
        for (i, _), found in zip(seconds, by_hour, strict=True):
            values[i] = found
        return []
    counts = [float(text) / _SECONDS[len(text.split(".")[0])] for _, text in seconds]
    epoch = _UNIX
    if latest is not None:
        ahead = [after(_UNIX, seconds=count) for count in counts]
        back = [after(_SAS, seconds=count) for count in counts]
        if any(one is None or one > latest for one in ahead) and all(
            one is not None and count >= _SAS_SECONDS and one <= latest for one, count in zip(back, counts, strict=True)
        ):
            epoch = _SAS
    for (i, _), count in zip(seconds, counts, strict=True):
        found = after(epoch, seconds=count)
        if found is not None:
            values[i] = found
    example = after(epoch, seconds=counts[0])
    if example is None:
        return []
    if epoch is _SAS:
        return [
            Phrase(
                "The dates are numbers such as {text}; they were read as seconds since 1960, as SAS counts: {at}.",
                text=seconds[0][1],
                at=str(example),
            )
        ]
    return [
        Phrase(
            "The dates are numbers such as {text}; they were read as seconds since 1970, which are in world time "
            "(UTC): {at}.",
            text=seconds[0][1],
            at=str(example),
        )
    ]


def _hour(match: re.Match[str]) -> datetime | None:
    year, month, day, hour = (int(part) for part in match.groups())
    try:
        return sensible(datetime(year, month, day, hour))
    except ValueError:
        return None
