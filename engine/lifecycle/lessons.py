"""What a learned churn score learns from: earlier days of the same shop, and what happened after them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.lifecycle.predictors import predictors
from engine.lifecycle.purchases import Bools, Floats, Purchases

MOST_DAYS = 6
APART = 1 / 3  # of the horizon, from one day learned from to the next
LEAST_HISTORY = 1 / 3  # of the horizon, before a day that is learned from
ENOUGH = 10_000  # customers, drawn at random from more


@dataclass(frozen=True)
class Lessons:
    """A row per customer and earlier day: their predictors then, and whether no order came in the horizon after it."""

    table: dict[str, Floats]
    none: Bools

    def worth(self, rows: int, of_each: int) -> bool:
        """Whether there are as many rows, and as many of each outcome."""
        n_none = int(self.none.sum())
        return self.none.size >= rows and min(n_none, self.none.size - n_none) >= of_each


def lessons(past: Purchases, horizon: int, rng: Generator) -> Lessons | None:
    """From the days of which the whole horizon had passed at `past.as_of`; None if there was none."""
    sample = past.sample(ENOUGH, rng)
    newest = past.as_of - horizon
    days = [newest - round(i * max(horizon * APART, 1)) for i in range(MOST_DAYS)]
    earlier = [sample.before(day) for day in days if day - past.since >= max(horizon * LEAST_HISTORY, 1)]
    earlier = [known for known in earlier if known.n]
    if not earlier:
        return None
    tables = [predictors(known, horizon) for known in earlier]
    table = {name: np.concatenate([one[name] for one in tables]) for name in tables[0]}
    return Lessons(table, np.concatenate([sample.followed(known, horizon) == 0 for known in earlier]))


def telling(table: dict[str, Floats]) -> list[str]:
    """The predictors with at least two different known values."""
    there = []
    for name, values in table.items():
        known = values[np.isfinite(values)]
        if known.size and known.min() < known.max():
            there.append(name)
    return there
