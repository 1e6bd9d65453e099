"""Dates and times as people and programs write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.intake.tables import Texts

FIRST_YEAR, LAST_YEAR = 1900, 2100
_TIME = r"(?:[ T]*(?P<h>\d{1,2})[:时](?P<mi>\d{1,2})(?:[:分](?P<s>\d{1,2}))?(?:\.\d+)?[秒分]? *(?P<half>[ap]m?)?)?"
_ZONE = r" *(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})(?:[-/.年] *)(?P<m>\d{1,2})(?:[-/.月] *)(?P<d>\d{1,2})日?" + _TIME + _ZONE, re.IGNORECASE
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:[ T]?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?)?(?P<half>)")
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})[-/.](?P<two>\d{1,2})[-/.](?P<y>\d{4}|\d{2})" + _TIME + _ZONE, re.IGNORECASE)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<word>" + "|".join(_MONTHS) + r")[a-z]*\.?"
_NAMED = (
    re.compile(_MONTH + r" *(?P<d>\d{1,2})(?:st|nd|rd|th)?,? *(?P<y>\d{4}),?" + _TIME + _ZONE, re.IGNORECASE),
    re.compile(r"(?P<d>\d{1,2})[ -]*" + _MONTH + r"[ ,-]*(?P<y>\d{4}),?" + _TIME + _ZONE, re.IGNORECASE),
)
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?"
_SERIAL = re.compile(r"[2-9]\d{4}(?:\.\d+)?")
_EXCEL_EPOCH = datetime(1899, 12, 30)


@dataclass(frozen=True)
class Dates:
    """What a column of dates says: one datetime64[s] per text, NaT where it cannot be read.

    `day_first` tells how 03/04/2025 was read; it is None where no date is written like that. `assumed` is true
    where the column holds nothing that decides, `mixed` where some dates have the day first and some the month.
    """

    values: NDArray[np.datetime64]
    day_first: bool | None = None
    assumed: bool = False
    mixed: bool = False


def read(texts: Sequence[str]) -> Dates:
    """The moments that `texts` name, in the local time they are written in (an offset is dropped).

    Whether 03/04/2025 is in April or in March is decided from all texts together: a part above 12 is the day.
    """
    at_once = _all_plain(texts)
    if at_once is not None:
        return Dates(at_once)
    values = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[s]")
    later: list[tuple[int, re.Match[str]]] = []
    for i, text in enumerate(texts):
        moment = _plain(text)
        if moment is None and text:
            tidy = unicodedata.normalize("NFKC", text).strip().removeprefix("'").strip()
            slashed = _YEAR_LAST.fullmatch(tidy)
            if slashed:
                later.append((i, slashed))
            else:
                moment = _written(tidy)
        if moment is not None:
            values[i] = moment
    if not later:
        return Dates(values)
    days = sum(int(match["one"]) > 12 for _, match in later)
    months = sum(int(match["two"]) > 12 for _, match in later)
    day_first = days >= months
    for i, match in later:
        one, two = int(match["one"]), int(match["two"])
        moment = _moment(match, month=two if day_first else one, day=one if day_first else two)
        if moment is not None:
            values[i] = moment
    return Dates(values, day_first, assumed=days == months == 0, mixed=days > 0 and months > 0)


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


def _plain(text: str) -> datetime | None:
    """The common case, quickly: 2010-12-01 08:26:00."""
    if len(text) < 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _sensible(moment.replace(microsecond=0, tzinfo=None))


def _written(text: str) -> datetime | None:
    match = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        return _moment(match, month=int(match["m"]), day=int(match["d"]))
    if _SERIAL.fullmatch(text):
        return _sensible((_EXCEL_EPOCH + timedelta(days=float(text)) + timedelta(seconds=0.5)).replace(microsecond=0))
    for pattern in _NAMED:
        match = pattern.fullmatch(text)
        if match:
            return _moment(match, month=_MONTHS.index(match["word"].lower()) + 1, day=int(match["d"]))
    return None


def _moment(match: re.Match[str], month: int, day: int) -> datetime | None:
    year, hour = int(match["y"]), int(match["h"] or 0)
    half = (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        whole = datetime(year + 2000 if year < 100 else year, month, day, hour, int(match["mi"] or 0))
        return _sensible(whole + timedelta(seconds=int(match["s"] or 0)))
    except ValueError:
        return None


def _sensible(moment: datetime) -> datetime | None:
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None
