"""A customer as a point in a public box, for groups that are found privately, and what a point means."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.phrases import Money, Phrase
from engine.privacy.centroids import Points
from engine.privacy.noise import Ints

# the far wall of each coordinate: days since the last order, orders, money
WALLS: Final = (730.0, 50.0, 100_000.0)


def points(recency_days: Ints, n_orders: Ints, money: NDArray[np.float64]) -> Points:
    """One row per customer who ordered: each coordinate by its logarithm, from −1 to 1 at the wall and beyond."""
    some = n_orders > 0
    told = (np.maximum(recency_days[some], 0), n_orders[some] - 1, np.maximum(money[some], 0.0))
    return np.column_stack(
        [np.clip(2 * np.log1p(of) / np.log1p(wall) - 1, -1, 1) for of, wall in zip(told, WALLS, strict=True)]
    ).reshape(-1, len(WALLS))


def described(middle: tuple[float, ...], currency: str | None) -> Phrase:
    """What customers at this point are like."""
    days, orders, money = (
        float(np.expm1((at + 1) / 2 * np.log1p(wall))) for at, wall in zip(middle, WALLS, strict=True)
    )
    return Phrase(
        "around {orders:.1f} orders, the last about {days} days ago, around {money:0} in all",
        orders=orders + 1,
        days=round(days),
        money=Money(float(f"{money:.2g}"), currency),
    )
