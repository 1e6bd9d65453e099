"""Orders over time, in days, weeks or months: what a picture of a file shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

Unit = Literal["day", "week", "month", "year"]
MOST_DAYS = 31  # days shown one by one
MOST_WEEKS = 20  # weeks shown one by one
MOST_MONTHS = 60  # months shown one by one
TAIL = 0.005  # of the orders on either side, which may be dated wrongly
FAR = 3.0  # the time of all others: further away is another story

_SPANS: Final = {"day": "datetime64[D]", "month": "datetime64[M]", "year": "datetime64[Y]"}

Days = NDArray[np.datetime64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Timeline:
    """`orders[i]` and `money[i]` of the period that begins on `starts[i]`; a period without orders has a 0.

    `is_first_partial`: the first order lies so far in the first period that some of it is likely missing; so for the
    last. `n_outside` orders lie too far away to be shown.
    """

    unit: Unit
    starts: tuple[date, ...]
    orders: tuple[int, ...]
    money: tuple[float, ...]
    is_first_partial: bool = False
    is_last_partial: bool = False
    n_outside: int = 0


def timeline(at: NDArray[np.datetime64], money: NDArray[np.float64], n: Counts | None = None) -> Timeline | None:
    """The orders at `at`; or, with `n`, so many on each of these days, worth `money` together. None without any."""
    days = at.astype("datetime64[D]")
    n = np.ones(len(days), dtype=np.int64) if n is None else n
    if not len(days):
        return None
    low, high = _core(days, n)
    within = (days >= low) & (days <= high)
    n_outside = int(n[~within].sum())
    days, money, n = days[within], money[within], n[within]
    unit = _unit(days.min(), days.max())
    period = _periods(days, unit)
    first = int(period.min())
    orders = np.bincount(period - first, n).astype(np.int64)
    sums = np.bincount(period - first, money)
    begins = _start(np.arange(first, first + len(orders) + 1), unit)
    return Timeline(
        unit,
        tuple(begins[:-1].astype("datetime64[D]").tolist()),
        tuple(orders.tolist()),
        tuple(round(value, 2) for value in sums.tolist()),
        is_first_partial=_is_partial(_apart(begins[0], days.min()), unit),
        is_last_partial=_is_partial(_apart(days.max(), begins[-1]) - 1, unit),
        n_outside=n_outside,
    )


def from_facts(facts: Mapping[str, Any]) -> Timeline:
    """A timeline from what `asdict` and JSON have made of it."""
    return Timeline(
        facts["unit"],
        tuple(date.fromisoformat(day) for day in facts["starts"]),
        tuple(facts["orders"]),
        tuple(facts["money"]),
        facts["is_first_partial"],
        facts["is_last_partial"],
        facts["n_outside"],
    )


def _core(days: Days, n: Counts) -> tuple[np.datetime64, np.datetime64]:
    """From when to when the orders are shown: all of them, unless a few are far away from all others."""
    first, last = days.min(), days.max()
    by_day = np.argsort(days, kind="stable")
    until = np.cumsum(n[by_day])
    cut = TAIL * until[-1]
    low = days[by_day[np.searchsorted(until, cut, "right")]]
    high = days[by_day[np.searchsorted(until, until[-1] - cut, "left")]]
    room = max(1.0, FAR * _apart(low, high))
    return (first if _apart(first, low) <= room else low), (last if _apart(high, last) <= room else high)


def _apart(a: np.datetime64, b: np.datetime64) -> int:
    return int((b.astype("datetime64[D]") - a.astype("datetime64[D]")).astype(np.int64))


def _unit(first: np.datetime64, last: np.datetime64) -> Unit:
    days = _apart(first, last) + 1
    if days <= MOST_DAYS:
        return "day"
    if days <= 7 * MOST_WEEKS:
        return "week"
    return "month" if days <= 30 * MOST_MONTHS else "year"


def _periods(days: Days, unit: Unit) -> NDArray[np.int64]:
    """The number of the period of each day; weeks begin on Monday, as day 4 of Unix time did."""
    if unit == "week":
        return (days.astype(np.int64) + 3) // 7
    return days.astype({"day": "datetime64[D]", "month": "datetime64[M]", "year": "datetime64[Y]"}[unit]).astype(
        np.int64
    )


def _start(period: NDArray[np.int64], unit: Unit) -> Days:
    if unit == "week":
        return (period * 7 - 3).astype("datetime64[D]")
    return period.astype(_SPANS[unit])


def _is_partial(missing: int, unit: Unit) -> bool:
    """Whether `missing` days at an end of a period are more than a weekend, or more than a slow start of a year."""
    return missing > {"day": 0, "week": 2, "month": 3, "year": 31}[unit]
