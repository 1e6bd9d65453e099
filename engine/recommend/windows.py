"""Parts of a shop's past to be foretold: what was known on an earlier day, and what was bought after."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from engine import columns as c
from engine.recommend.history import History, Ints
from engine.recommend.metrics import Pairs

LATEST = 3  # horizons back, one after the other
HORIZONS = (14, 30, 60, 90)  # days
SPANS = 3  # horizons that the purchases must span: one to be foretold, two to learn from


@dataclass(frozen=True)
class Window:
    """A part of the past to be foretold: `past` was known at `origin`; `truth` came after, by `until`."""

    origin: pd.Timestamp
    until: pd.Timestamp
    past: History
    customers: Ints  # positions, ascending: who had bought by `origin` and came back
    truth: Pairs  # rows within `customers`
    new: NDArray[np.bool_]  # of each pair: the customer had not bought it before

    def relevant(self, *, new: bool) -> Pairs:
        return Pairs(self.truth.row[self.new], self.truth.product[self.new]) if new else self.truth


def horizon_days(history: History) -> int:
    """The days ahead that a list is made for, at the shop's pace.

    The median gap between a customer's purchase days to the nearest of HORIZONS, each customer counting once with
    their own median; never longer than a third of the time that the purchases span, but for the shortest. Where
    nobody came back it is 30.
    """
    days = pd.DataFrame({c.CUSTOMER: history.bought[c.CUSTOMER], "day": history.bought[c.AT].dt.normalize()})
    days = days.drop_duplicates().sort_values([c.CUSTOMER, "day"])
    gaps = days.groupby(c.CUSTOMER)["day"].diff().dt.days
    usual = gaps.groupby(days[c.CUSTOMER]).median().median()
    span = (days["day"].max() - days["day"].min()).days if len(days) else 0
    testable = [horizon for horizon in HORIZONS if horizon * SPANS <= span] or [HORIZONS[0]]
    return min(testable, key=lambda horizon: abs(horizon - (30 if np.isnan(usual) else usual)))


def origins(history: History, horizon: int, latest: int = LATEST) -> list[pd.Timestamp]:
    """Moments whose horizon had passed at `as_of`, one horizon apart, the earliest first; at most `latest`.

    Before each there are two horizons or more to learn from; before the last one will do.
    """
    if history.bought.empty:
        return []
    since = history.bought[c.AT].min()
    length = pd.Timedelta(days=horizon)
    back = [history.as_of - n * length for n in range(latest, 0, -1)]
    return [at for n, at in zip(range(latest, 0, -1), back, strict=True) if at - since >= length * min(n, 2)]


def window(history: History, origin: pd.Timestamp, until: pd.Timestamp) -> Window:
    """What was known at `origin`, and what came after, up to and with `until`."""
    past = history.until(origin)
    came = history.bought[(history.bought[c.AT] > origin) & (history.bought[c.AT] <= until)]
    buyers = np.bincount(past.bought[c.CUSTOMER], minlength=history.customers.size)
    sold = np.bincount(past.bought[c.PRODUCT], minlength=history.products.size)
    came = came[(buyers[came[c.CUSTOMER]] > 0) & (sold[came[c.PRODUCT]] > 0)]
    pairs = np.unique(_pair(history, came))
    customers, row = np.unique(pairs // max(1, history.products.size), return_inverse=True)
    product = pairs % max(1, history.products.size)
    return Window(
        origin, until, past, customers, Pairs(row, product), ~np.isin(pairs, np.unique(_pair(history, past.bought)))
    )


def _pair(history: History, bought: pd.DataFrame) -> Ints:
    customer, product = bought[c.CUSTOMER].to_numpy(np.int64), bought[c.PRODUCT].to_numpy(np.int64)
    return np.asarray(customer * history.products.size + product, np.int64)


def sampled(found: Window, n: int, rng: Generator) -> Window:
    """The window with `n` of its customers, drawn at random; the same if there are no more."""
    if found.customers.size <= n:
        return found
    drawn = np.sort(rng.choice(found.customers.size, n, replace=False))
    position = np.full(found.customers.size, -1)
    position[drawn] = np.arange(n)
    kept = position[found.truth.row] >= 0
    truth = Pairs(position[found.truth.row[kept]], found.truth.product[kept])
    return Window(found.origin, found.until, found.past, found.customers[drawn], truth, found.new[kept])


def of_some(history: History, n: int, rng: Generator) -> History:
    """The history with what `n` of its buyers, drawn at random, bought and rated; the same if there are no more."""
    buyers = np.unique(history.bought[c.CUSTOMER])
    if buyers.size <= n:
        return history
    drawn = np.zeros(history.customers.size, np.bool_)
    drawn[rng.choice(buyers, n, replace=False)] = True
    return replace(
        history,
        bought=history.bought[drawn[history.bought[c.CUSTOMER]]].reset_index(drop=True),
        ratings=history.ratings[drawn[history.ratings[c.CUSTOMER]]].reset_index(drop=True),
    )
