"""Stretches without any order in a shop that is else busy."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import festivals
from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.phrases import Phrase, counted

NAME = "time_gaps"
LOOKED_AT = Phrase("gaps in time")
NEEDS = ("orders",)
WEEK = 7  # days: shorter ones are a weekend and a holiday
AROUND = 28  # days before and after, which tell how busy the shop is
EXPECTED = 15.0  # orders: with so many to come, none comes by chance once in three million gaps (exp(-15))
TIMES = 3.0  # the gaps that the shop is used to

Days = NDArray[np.datetime64]


def check(evidence: Evidence) -> Finding | None:
    """Orders of the future are no rhythm. A shop is used to all but the longest twentieth of its gaps."""
    days = evidence.orders[c.AT].to_numpy().astype("datetime64[D]")
    days = np.sort(days[days <= np.datetime64(evidence.today) + np.timedelta64(1, "D")])
    found = _gaps(days)
    if not found:
        return None
    told = [(first, last, expected, festivals.between(first, last)) for first, last, expected in found]
    unexplained = [gap for gap in told if gap[3] is None]
    told.sort(key=lambda gap: (gap[3] is not None, -gap[2]))
    return Finding(
        NAME,
        len(told),
        counted(
            "{n} stretch of a week or more has no order at all.",
            "{n} stretches of a week or more have no order at all.",
            n=len(told),
        ),
        Phrase("The shop was closed, or a part of the export is missing.")
        if unexplained
        else Phrase("The shop was closed for the holidays, most likely. Nothing is wrong."),
        Phrase("If you were open then, export these days again and send the file.") if unexplained else None,
        tuple(_example(*gap) for gap in told[:SHOWN]),
        is_fault=bool(unexplained),
    )


def _gaps(days: Days) -> list[tuple[date, date, float]]:
    """First and last day without an order, and how many orders were to be expected."""
    busy, n_orders = np.unique(days, return_counts=True)
    apart = np.diff(busy).astype(np.int64)
    if not len(apart):
        return []
    used_to = float(np.quantile(apart, 0.95))
    until = np.cumsum(n_orders)
    found = []
    for at in np.flatnonzero((apart > WEEK) & (apart > TIMES * used_to)).tolist():
        before, after = busy[at], busy[at + 1]
        around = _count(busy, until, before - (AROUND - 1), before) + _count(busy, until, after, after + (AROUND - 1))
        observed = min(AROUND, _days(before - busy[0]) + 1) + min(AROUND, _days(busy[-1] - after) + 1)
        expected = around / observed * (int(apart[at]) - 1)
        if expected >= EXPECTED:
            found.append(((before + 1).item(), (after - 1).item(), expected))
    return found


def _count(busy: Days, until: NDArray[np.int64], first: np.datetime64, last: np.datetime64) -> int:
    """The orders from `first` to `last`, both included."""
    low, high = np.searchsorted(busy, first, "left"), np.searchsorted(busy, last, "right")
    return int(until[high - 1] - (until[low - 1] if low else 0)) if high > low else 0


def _days(span: np.timedelta64) -> int:
    return int(span.astype("timedelta64[D]").astype(np.int64))


def _example(first: date, last: date, expected: float, festival: Phrase | None) -> Phrase:
    facts = {"first": first, "last": last, "n": (last - first).days + 1}
    if festival is not None:
        return Phrase("{first} to {last}, {n} days: over {festival}", **facts, festival=festival)
    return Phrase(
        "{first} to {last}, {n} days: about {expected} orders were to be expected", **facts, expected=round(expected)
    )
