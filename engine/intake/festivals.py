"""When shops close as a matter of course."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from engine.phrases import Phrase

SPRING: Final = Phrase("the Spring Festival")
CHRISTMAS: Final = Phrase("Christmas and New Year")
NATIONAL: Final = Phrase("China's National Day")
LONGEST = 45  # days: nobody closes longer for a festival

# The first day of the Chinese year. Source: Hong Kong Observatory, Gregorian-Lunar Calendar Conversion Table.
_SPRING: Final = (
    "2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-18 2008-02-07 2009-01-26 "
    "2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 "
    "2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 "
    "2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24"
)
SPRING_DAYS: Final = tuple(date.fromisoformat(day) for day in _SPRING.split())


def between(first: date, last: date) -> Phrase | None:
    """The festival in a stretch without orders from `first` to `last`; None if there is none, or it lasts too long."""
    if (last - first).days >= LONGEST:
        return None
    if any(first <= day <= last for day in SPRING_DAYS):
        return SPRING
    years = range(first.year - 1, last.year + 1)
    if any(_meet(first, last, date(year, 12, 25), date(year + 1, 1, 1)) for year in years):
        return CHRISTMAS
    if any(first <= date(year, 10, 1) + timedelta(days=2) <= last for year in years):
        return NATIONAL
    return None


def _meet(first: date, last: date, begin: date, end: date) -> bool:
    return first <= end and begin <= last
