"""The groups that a report counts in. All borders are public: they stand here, and no shop's data moves them.

Borders drawn by the data (quintiles, clusters, the shop's own rhythm) and noisy counts in them would not be private end
to end: the borders themselves tell of the customers that they were drawn from. So each customer's cell goes by these
numbers and by that customer alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.phrases import Phrase

Ints = NDArray[np.int64]

RECENT, LONGER = 90, 365  # days
SEVERAL, MANY = 2, 4  # orders
SEGMENTS: Final = {
    "many_recent": Phrase("4 or more orders, the last within 90 days"),
    "many_longer": Phrase("4 or more orders, the last 91 to 365 days ago"),
    "many_gone": Phrase("4 or more orders, the last over a year ago"),
    "several_recent": Phrase("2 or 3 orders, the last within 90 days"),
    "several_longer": Phrase("2 or 3 orders, the last 91 to 365 days ago"),
    "several_gone": Phrase("2 or 3 orders, the last over a year ago"),
    "one_recent": Phrase("one order, within 90 days"),
    "one_longer": Phrase("one order, 91 to 365 days ago"),
    "one_gone": Phrase("one order, over a year ago"),
    "none": Phrase("no order"),
}
# a customer with n orders is in the first cell whose number n does not exceed
ORDERS: Final = (0, 1, 2, 3, 5, 10, 20, 50, 100)
# the same of all the money that a customer spent, in whole units of the shop's currency: a 1-2-5 series, fit for all
SPENT: Final = (0, *(step * 10**power for power in range(8) for step in (1, 2, 5)))
FINEST: Final = 1000  # money is told in so many parts of what a customer is counted with at most


def segment_cells(n_orders: Ints, recency_days: Ints) -> Ints:
    """The position in SEGMENTS of each customer; `recency_days` is not looked at without an order."""
    by_number = np.select([n_orders >= MANY, n_orders >= SEVERAL], [0, 1], 2)
    by_time = np.select([recency_days <= RECENT, recency_days <= LONGER], [0, 1], 2)
    return np.where(n_orders > 0, 3 * by_number + by_time, len(SEGMENTS) - 1).astype(np.int64)


def border_cells(values: NDArray[np.float64] | Ints, borders: tuple[int, ...]) -> Ints:
    """The first border that each value does not exceed; one more than the last for what exceeds all."""
    return np.searchsorted(np.array(borders, float), np.asarray(values, float), side="left").astype(np.int64)


def in_parts(money: NDArray[np.float64], bound: int) -> int:
    """The sum of all money in FINESTths of `bound`, no customer counted with more than `bound` or less than nothing."""
    parts = np.rint(np.clip(money, 0.0, float(bound)) * (FINEST / bound))
    return int(parts.astype(np.int64).sum())
