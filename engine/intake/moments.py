"""The forms in which one date or time is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

from engine.intake import words

Match = re.Match[str]
FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST = 80  # signs in a date

_HALF = r"上午|下午|中午|晚上|凌晨|早上|早晨|傍晚|晚间|[ap]\.?m?\.?"
_ZONES = "Z|UTC|GMT|CET|CEST|BST|IST|CST|EST|EDT|MST|MDT|PST|PDT|JST|HKT|SGT|AE[SD]T"
_ZONE = rf"(?: *\(?(?:{_ZONES})\)?)?(?: *[+-]\d{{1,2}}(?::?\d{{2}})?)?"
_TIME = (
    rf"(?:[ T:,]*(?P<before>{_HALF})? *(?P<h>\d{{1,2}})[:时点]"
    r"(?:(?P<mi>\d{1,2})(?:[:分](?P<s>\d{1,2}))?(?:[.,]\d+)?[秒分]?)?"
    rf" *(?P<after>{_HALF})?{_ZONE}"
    rf"|[ T](?P<hour>\d{{2}}){_ZONE}"
    rf"|[ ,]*(?P<before2>{_HALF}) *(?P<hour2>\d{{1,2}})[时点]?"
    rf"|[ T,]+(?P<hour3>\d{{1,2}}) *(?P<after3>[ap]\.?m\.?){_ZONE}"
    r"|[ZT]|\+\d{2}:\d{2})?"
)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})(?:[-/.年] *)(?P<m>\d{1,2})(?:[-/.月] *)(?P<d>\d{1,2})[日号]?" + _TIME, re.I)
_SHORT_CHINESE = re.compile(r"(?P<y>\d{2})年 *(?P<m>\d{1,2})月 *(?P<d>\d{1,2})[日号]?" + _TIME, re.I)
YEAR_LAST = re.compile(r"(?P<one>\d{1,2})[-/. ](?P<two>\d{1,2})[-/. ](?P<three>\d{4}),?" + _TIME, re.I)
# three short parts: the year is the first or the last
SHORT = re.compile(r"(?P<one>\d{1,2})(?P<sep>[-/.])(?P<two>\d{1,2})(?P=sep)(?P<three>\d{1,2})" + _TIME, re.I)
COMPACT_TIME = re.compile(r"(\d{8})[ T](\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", re.I)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = "january|february|march|april|may|june|july|august|september|october|november|december|sept"
_MONTH = rf"(?P<word>{_FULL}|{'|'.join(MONTHS)})\.?"
_TH = "(?:st|nd|rd|th)?"
NO_YEAR = re.compile(
    r"(?:(?P<m>\d{1,2})月 *(?P<d>\d{1,2})[日号]?"
    rf"|{_MONTH} *(?P<d2>\d{{1,2}}){_TH}"
    rf"|(?P<d3>\d{{1,2}}){_TH} *{_MONTH.replace('word', 'word3')})" + _TIME,
    re.I,
)
_NAMED = (
    re.compile(rf"{_MONTH}[ -]*(?P<d>\d{{1,2}}){_TH}[, -]+(?P<y>\d{{4}}),?{_TIME}", re.I),
    re.compile(rf"{_MONTH}-(?P<d>\d{{1,2}})-(?P<y>\d{{2}}){_TIME}", re.I),
    re.compile(rf"(?P<d>\d{{1,2}}){_TH}(?: of)?[ /-]*{_MONTH}[ /,-]*(?P<y>\d{{4}}|\d{{2}}(?!:)),?{_TIME}", re.I),
    re.compile(rf"(?P<y>\d{{4}})[ /-]{_MONTH}[ /-](?P<d>\d{{1,2}}){_TIME}", re.I),
    # as C's ctime has it: Mar 8 10:22:33 2025
    re.compile(
        rf"{_MONTH} +(?P<d>\d{{1,2}}) +(?P<h>\d{{1,2}}):(?P<mi>\d{{2}}):(?P<s>\d{{2}})(?: [A-Z]{{3,4}})?"
        r" +(?P<y>\d{4})",
        re.I,
    ),
)
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? +"
    r"|,? *[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?,?",
    re.I,
)
_ASIDE = re.compile(r" *\([A-Za-z ]+\)$")


def plain(text: str) -> datetime | None:
    """The common case, quickly: 2010-12-01 08:26:00."""
    if len(text) < 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return sensible(found.replace(microsecond=0, tzinfo=None))


def tidied(text: str) -> str:
    """The cell as it is matched against the forms; "" if it is too long to be a date."""
    if len(text) > 4 * LONGEST:
        return ""
    tidy = unicodedata.normalize("NFKC", words.unwrapped(text)).strip()
    if len(tidy) > LONGEST:
        return ""
    if tidy[:1].isalpha() or not tidy.isascii() or tidy.endswith(")"):
        tidy = " ".join(_WEEKDAY.sub(" ", _ASIDE.sub("", tidy)).split())
    return tidy


def written(tidy: str, year: Callable[[str], int]) -> datetime | None:
    """The moment that a date names which has one reading only; None if it is none. `year` reads a year's digits."""
    for pattern in (_YEAR_FIRST, _SHORT_CHINESE):
        match = pattern.fullmatch(tidy)
        if match:
            return moment(match, year(match["y"]), int(match["m"]), int(match["d"]))
    for pattern in _NAMED:
        match = pattern.fullmatch(tidy)
        if match:
            return moment(match, year(match["y"]), month_of(match["word"]), int(match["d"]))
    return None


def month_of(word: str) -> int:
    return MONTHS.index(word.lower()[:3]) + 1


def moment(match: Match, year: int, month: int, day: int) -> datetime | None:
    """The moment on that day at the time that the match has; None if there is no such day or time."""
    said = match.groupdict()
    hour = next((int(said[name]) for name in ("h", "hour", "hour2", "hour3") if said.get(name)), 0)
    half = next((said[name] for name in ("before", "after", "before2", "after3") if said.get(name)), None)
    on_clock = hour if half is None else _in_half(hour, half.lower())
    if on_clock is None:
        return None
    try:
        return sensible(datetime(year, month, day, on_clock, int(said.get("mi") or 0), int(said.get("s") or 0)))
    except ValueError:
        return None


def _in_half(hour: int, half: str) -> int | None:
    """The hour of 24; None if the half of the day contradicts it, or does not settle it (晚上12点)."""
    if hour > 23 or (half == "晚上" and hour == 12):
        return None
    if half == "中午":
        return hour if hour in (10, 11, 12) else hour + 12 if hour in (1, 2) else None
    morning = half[:1] == "a" or half in ("上午", "凌晨", "早上", "早晨")
    if morning:
        return hour % 12 if hour <= 12 else None
    return None if hour == 0 else hour if hour >= 12 else hour + 12


def sensible(found: datetime) -> datetime | None:
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def after(epoch: datetime, *, days: float = 0, seconds: float = 0) -> datetime | None:
    """So long after `epoch`, to the nearest second; None if that is no sensible year."""
    try:
        found = epoch + timedelta(days=days, seconds=seconds + 0.5)
    except OverflowError:
        return None
    return sensible(found.replace(microsecond=0))
