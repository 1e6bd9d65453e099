"""The usual time between two orders of each customer, and who has been away for no longer than that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.lifecycle.dated import Dated, Flags, Ints
from engine.lifecycle.purchases import Floats

SLACK: Final = 1.25  # usual gaps without an order, and still nobody is missed


@dataclass(frozen=True)
class Gaps:
    """The days between two purchase days of a customer: `days` ascends within each of `owners`; `until` ended it."""

    owners: Ints
    days: Ints
    until: Ints
    n: int

    def medians(self, day: int) -> Floats:
        """By customer the median of the gaps that had ended before `day`; NaN without any."""
        there = np.flatnonzero(self.until < day)
        counts = np.bincount(self.owners[there], minlength=self.n)
        some = np.flatnonzero(counts)
        n, starts = counts[some], (np.cumsum(counts) - counts)[some]
        found = np.full(self.n, np.nan)
        low, high = (self.days[there[starts + at]] for at in ((n - 1) // 2, n // 2))
        found[some] = (low + high) / 2
        return found


def gaps_of(purchases: Dated) -> Gaps:
    """Of purchase days, each once."""
    same = np.diff(purchases.owners) == 0
    owners, days, until = purchases.owners[1:][same], np.diff(purchases.days)[same], purchases.days[1:][same]
    order = np.lexsort((days, owners))
    return Gaps(owners[order], days[order], until[order], purchases.n)


def in_rhythm(ago: Ints, bought: Ints, own: Floats, usual: float | None) -> Flags:
    """Who has been away for no longer than a quarter more than their `own` usual gap.

    One gap alone is no habit: it counts for no more than the shop's `usual` one, and for nothing where there is none.
    """
    once_more = np.full(own.size, np.nan) if usual is None else np.minimum(own, usual)
    within: Flags = ago <= SLACK * np.where(bought > 2, own, once_more)
    return within
