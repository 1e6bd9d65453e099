"""When each customer did something, kept so that what was known on any earlier day is read off at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Times = npt.NDArray[np.datetime64]

SESSION: Final = np.timedelta64(30, "m")  # a longer pause begins another visit, as web analytics count
NEVER: Final = -1


@dataclass(frozen=True)
class Dated:
    """Deeds of customers numbered 0 to `n` − 1: `owners` and, within each, `days` (since 1970) ascend.

    `what` says which kind of deed each was.
    """

    owners: Ints
    days: Ints
    what: Ints
    n: int

    def before(self, day: int) -> tuple[Ints, Ints]:
        """By customer: how many of their deeds lie before `day`, and the position of the last of them, or NEVER."""
        return self._last_of(self.days < day)

    def _last_of(self, known: Flags) -> tuple[Ints, Ints]:
        counts = np.bincount(self.owners[known], minlength=self.n).astype(np.int64)
        starts = np.searchsorted(self.owners, np.arange(self.n))
        return counts, np.where(counts > 0, starts + counts - 1, NEVER)

    def day_of(self, positions: Ints) -> Ints:
        """The day of the deed at each position; far in the past for NEVER."""
        return _at(self.days, positions, np.int64(-(10**6)))

    def what_of(self, positions: Ints) -> Ints:
        """The kind of the deed at each position; −1 for NEVER."""
        return _at(self.what, positions, np.int64(NEVER))


def dated(owners: Ints, at: Times, n: int, *, latest: int, what: Ints | None = None) -> Dated:
    """Deeds in any order, as `Dated`; one after the day `latest` counts as of that day."""
    kinds = np.zeros(owners.size, np.int64) if what is None else what
    order = np.lexsort((kinds, at, owners))
    days = np.minimum(day_numbers(at[order]), latest)
    return Dated(owners[order], days, kinds[order], n)


def once_a_day(deeds: Dated) -> Dated:
    """The days on which each customer did something, each once."""
    new = np.ones(deeds.owners.size, np.bool_)
    new[1:] = (np.diff(deeds.owners) != 0) | (np.diff(deeds.days) != 0)
    return Dated(deeds.owners[new], deeds.days[new], deeds.what[new], deeds.n)


def visits(owners: Ints, at: Times, n: int, *, latest: int) -> Dated:
    """When each visit began: deeds with at most SESSION between them are one."""
    order = np.lexsort((at, owners))
    owners, at = owners[order], at[order]
    begins = np.ones(owners.size, np.bool_)
    begins[1:] = (np.diff(owners) != 0) | (np.diff(at) > SESSION)
    return dated(owners[begins], at[begins], n, latest=latest)


def day_numbers(at: Times) -> Ints:
    """Days since 1970."""
    return at.astype("datetime64[D]").astype(np.int64)


def day_number(moment: pd.Timestamp) -> int:
    return int(moment.to_datetime64().astype("datetime64[D]").astype(np.int64))


def _at(values: Ints, positions: Ints, otherwise: np.int64) -> Ints:
    if not values.size:
        return np.full(positions.shape, otherwise)
    return np.where(positions == NEVER, otherwise, values[positions])
