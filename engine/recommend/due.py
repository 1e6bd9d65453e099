"""When a customer's next purchase of a product is due, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.recommend.history import Floats, History, Ints
from engine.recommend.lists import places

OWN_DAYS = 3  # on which somebody bought a product, before the gaps between them are a habit of their own
FEWEST_GAPS = 5  # of a product, before they say what is usual for it
FEWEST_TESTED = 20  # purchases that were foretold, before they say how sure that is
SHARE = 0.8  # of the purchases likely fall between the first and the last day
UNTESTED = (0.5, 2.0)  # of the usual gap, where too little is known of how sure it is
_TAIL = (1 - SHARE) / 2

N_DAYS: Final = "n_days"
LAST: Final = "last"
DUE: Final = "due"
LOW: Final = "low"
HIGH: Final = "high"
OWN: Final = "own"


@dataclass(frozen=True)
class Rhythm:
    """What is usual beyond one customer.

    `gap`, `low` and `high` are by product (`ids`, the store's): the median of the gaps between purchases of one and
    the same customer in days, and the gaps between which `SHARE` of them lie; NaN where there are too few.
    `off` are the multiples of a customer's own usual gap between which as large a share of the next gaps came.
    """

    ids: Ints
    gap: Floats
    low: Floats
    high: Floats
    off: Floats

    def kept(self) -> dict[str, NDArray[Any]]:
        return {"ids": self.ids, "gap": self.gap, "low": self.low, "high": self.high, "off": self.off}

    @classmethod
    def resumed(cls, kept: Mapping[str, NDArray[Any]], products: Ints) -> Rhythm:
        """As it was `kept`, for these products; nothing is usual for those that it does not know."""
        at = np.searchsorted(kept["ids"], products).clip(max=max(0, kept["ids"].size - 1))
        known = kept["ids"][at] == products if kept["ids"].size else np.zeros(products.size, np.bool_)
        if not known.any():
            nothing = np.full(products.size, np.nan)
            return cls(products, nothing, nothing, nothing, kept["off"])
        gap, low, high = (np.where(known, kept[name][at], np.nan) for name in ("gap", "low", "high"))
        return cls(products, gap, low, high, kept["off"])


@dataclass(frozen=True)
class _Gaps:
    """The days between one purchase of a product and the next: by pair of customer and product, in their order."""

    pair: Ints  # position among the pairs
    days: Floats
    customer: Ints  # of each pair, ascending
    product: Ints
    n_days: Ints
    last: NDArray[np.int64]  # day of the last purchase, since 1970

    @classmethod
    def of(cls, history: History, customers: Ints | None = None) -> _Gaps:
        bought = history.bought
        if customers is not None:
            bought = bought[bought[c.CUSTOMER].isin(customers)]
        customer, product = bought[c.CUSTOMER].to_numpy(np.int64), bought[c.PRODUCT].to_numpy(np.int64)
        day = bought[c.AT].to_numpy().astype("datetime64[D]").astype(np.int64)
        key = customer * history.products.size + product
        other_day = np.ones(key.size, np.bool_)
        other_day[1:] = (key[1:] != key[:-1]) | (day[1:] != day[:-1])
        key, day = key[other_day], day[other_day]
        pairs, start, n_days = np.unique(key, return_index=True, return_counts=True)
        within = places(key) > 1
        days = np.diff(day, prepend=day[:1])[within].astype(np.float64)
        pair = np.repeat(np.arange(pairs.size), n_days)[within]
        size = max(1, history.products.size)
        return cls(pair, days, pairs // size, pairs % size, n_days, day[start + n_days - 1])


def rhythm(history: History) -> Rhythm:
    """What the purchases of all customers say is usual."""
    gaps = _Gaps.of(history)
    product = gaps.product[gaps.pair]
    n = np.bincount(product, minlength=history.products.size)
    low, middle, high = (
        np.where(n >= FEWEST_GAPS, _quantile(product, gaps.days, history.products.size, share), np.nan)
        for share in (_TAIL, 0.5, 1 - _TAIL)
    )
    return Rhythm(history.products, middle, low, high, _off(gaps))


def due_purchases(history: History, usual: Rhythm, customers: Ints | None = None) -> pd.DataFrame:
    """When the next purchase is due: customer, product (positions), n_days, last, gap_days, due, low, high, own.

    A row for each product that a customer (of all, or of these positions) bought on at least `OWN_DAYS` days, by the
    median of their own gaps; or on two, by the product's usual gap, if it has one and theirs is not unusual. Days are
    datetime64; between `low` and `high` the next purchase comes in about four of five cases.
    """
    gaps = _Gaps.of(history, customers)
    own = gaps.n_days >= OWN_DAYS
    typical = _quantile(gaps.pair, gaps.days, gaps.n_days.size, 0.5)
    usual_low, usual_high = usual.low[gaps.product], usual.high[gaps.product]
    gap = np.where(own, typical, usual.gap[gaps.product])
    low = np.where(own, gap * usual.off[0], usual_low)
    high = np.where(own, gap * usual.off[1], usual_high)
    # a comparison with NaN is False
    told = own | ((gaps.n_days == OWN_DAYS - 1) & (typical >= usual_low) & (typical <= usual_high))
    last = gaps.last[told]
    return pd.DataFrame(
        {
            c.CUSTOMER: gaps.customer[told],
            c.PRODUCT: gaps.product[told],
            N_DAYS: gaps.n_days[told],
            LAST: _dates(last),
            c.GAP_DAYS: gap[told],
            DUE: _dates(last + np.round(gap[told])),
            LOW: _dates(last + np.floor(low[told])),
            HIGH: _dates(last + np.ceil(high[told])),
            OWN: own[told],
        }
    )


def _off(gaps: _Gaps) -> Floats:
    """Foretell each last gap as the median of those before it: by which multiples the forecast was off."""
    n_gaps = np.bincount(gaps.pair, minlength=gaps.n_days.size)
    is_last = places(gaps.pair) == n_gaps[gaps.pair]
    before = _quantile(gaps.pair[~is_last], gaps.days[~is_last], gaps.n_days.size, 0.5)
    last = np.zeros(gaps.n_days.size)
    last[gaps.pair[is_last]] = gaps.days[is_last]
    tested = n_gaps >= OWN_DAYS  # as many days came before the last purchase as make a habit
    if tested.sum() < FEWEST_TESTED:
        return np.array(UNTESTED)
    return np.quantile(last[tested] / before[tested], (_TAIL, 1 - _TAIL))


def _quantile(groups: Ints, values: Floats, n_groups: int, share: float) -> Floats:
    """The quantile of each group's values, between neighbours by their distance; NaN without any."""
    order = np.lexsort((values, groups))
    n = np.bincount(groups, minlength=n_groups)
    start = np.cumsum(n) - n
    result = np.full(n_groups, np.nan)
    there = n > 0
    at = start[there] + share * (n[there] - 1)
    below = np.floor(at).astype(np.int64)
    above = np.minimum(below + 1, start[there] + n[there] - 1)
    inorder = values[order]
    result[there] = inorder[below] + (at - below) * (inorder[above] - inorder[below])
    return result


def _dates(days: Floats | Ints) -> NDArray[np.datetime64]:
    return days.astype(np.int64).astype("datetime64[D]").astype("datetime64[s]")
