"""What a shop's own orders say came of a campaign: who bought within so many days of their message, or of its start.

All times are seconds of the shop's local clock. Where orders have a day and no time, windows are whole days: that of a
message begins with its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Seconds = NDArray[np.int64]
Amounts = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAY: Final = 86_400
HELD: Final = -1
UNSENT: Final = -2
USUAL_DAYS: Final = 30
DAYS: Final = {"welcome": 14, "first_purchase": 14, "birthday": 14, "review_request": 14}
MOST_DAYS: Final = 365
_CENT = 0.005


@dataclass(frozen=True, eq=False)
class Followed:
    """Whom a campaign is followed in, one entry each: `variant` is the index of what they got, or HELD; UNSENT
    of who was to get it and did not.

    `person` is who a customer is counted as by now; nobody is in it twice. `start`: when their window begins.
    """

    customer: Ids
    person: Ids
    variant: Ids
    start: Seconds

    @classmethod
    def of(cls, customer: Ids, person: Ids, variant: Ids, start: Seconds) -> Followed:
        """Of who is in it twice the first entry stays."""
        _, first = np.unique(person, return_index=True)
        kept = np.sort(first)
        return cls(customer[kept], person[kept], variant[kept], start[kept])


@dataclass(frozen=True, eq=False)
class Sales:
    """Orders of known people: `paid` is what was ordered, `kept` what of it was not given back."""

    person: Ids
    at: Seconds
    paid: Amounts
    kept: Amounts

    @property
    def whole_days(self) -> bool:
        """Whether no order has a time of day."""
        return bool(self.at.size) and not (self.at % DAY).any()


@dataclass(frozen=True, eq=False)
class Bought:
    """Of each who is followed: whether the window is `over`, whether they bought in it, for how much, and for how much
    in as many days before it.
    """

    over: Flags
    converted: Flags
    revenue: Amounts
    before: Amounts


def bought(followed: Followed, sales: Sales, days: int, known_until: int, *, whole_days: bool) -> Bought:
    """What `sales` say; an order that was given back whole is none. Orders from `known_until` on are not known."""
    start, end = windows(followed.start, days, whole_days=whole_days)
    place = _places(followed.person, sales.person)
    in_it = np.flatnonzero(place >= 0)
    who, at = place[in_it], sales.at[in_it]
    within = (at >= start[who]) & (at < end[who])
    earlier = (at >= 2 * start[who] - end[who]) & (at < start[who])
    # an order that never cost anything was not given back
    stays = (sales.kept[in_it] > _CENT) | (sales.paid[in_it] <= _CENT)
    n = followed.person.size
    money = np.maximum(sales.kept[in_it], 0)
    return Bought(
        end <= known_until,
        np.bincount(who[within & stays], minlength=n) > 0,
        np.bincount(who[within], money[within], minlength=n).astype(np.float64),
        np.bincount(who[earlier], money[earlier], minlength=n).astype(np.float64),
    )


def n_shared(one: tuple[Followed, int], other: tuple[Followed, int], sales: Sales) -> int:
    """How many orders count for both campaigns; with each the days that an order counts."""
    inside = (sales.kept > _CENT) | (sales.paid <= _CENT)
    for followed, days in (one, other):
        start, end = windows(followed.start, days, whole_days=sales.whole_days)
        place = _places(followed.person, sales.person)
        inside &= (place >= 0) & (sales.at >= start[place]) & (sales.at < end[place])
    return int(inside.sum())


def windows(start: Seconds, days: int, *, whole_days: bool) -> tuple[Seconds, Seconds]:
    """From when until before when an order counts; with whole days the day of the message is one more."""
    if whole_days:
        first = start - start % DAY
        return first, first + (days + 1) * DAY
    return start, start + days * DAY


def _places(people: Ids, wanted: Ids) -> NDArray[np.intp]:
    """Where each of `wanted` stands among `people`; -1 for who is not there."""
    most = max(int(people.max(initial=0)), int(wanted.max(initial=0)))
    place = np.full(most + 1, -1, dtype=np.intp)
    place[people] = np.arange(people.size)
    found: NDArray[Any] = place[wanted]
    return found
