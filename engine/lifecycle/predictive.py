"""Intervals of the number of purchases: quantiles of a predictive distribution over several equally likely laws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.lifecycle.counts import Counts, Floats, Horizon

Rows = NDArray[Any]


class Tail(Protocol):
    def p_none(self, counts: Counts, horizon: Horizon) -> Floats: ...

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats: ...


def interval(laws: Sequence[Tail], counts: Counts, horizon: Horizon, level: float) -> tuple[Floats, Floats]:
    """The numbers of purchases between the quantiles (1 - level) / 2 and (1 + level) / 2, both included.

    Customers with the same history are worked out once.
    """
    rows, back = different(counts, horizon)
    horizons = np.broadcast_to(np.asarray(horizon, dtype=float), len(counts))[rows]
    few = counts.at(rows)
    low = _quantile(laws, few, horizons, (1 - level) / 2)
    high = _quantile(laws, few, horizons, (1 + level) / 2)
    return low[back], high[back]


def different(counts: Counts, horizon: Horizon) -> tuple[Rows, Rows]:
    """One row of each kind, and of which kind each row is."""
    keys = np.broadcast_arrays(counts.x, counts.t_x, counts.T, horizon)
    order = np.lexsort(keys)
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for key in keys:
        sorted_key = key[order]
        new[1:] |= sorted_key[1:] != sorted_key[:-1]
    back = np.empty(len(order), dtype=np.intp)
    back[order] = np.cumsum(new) - 1
    return order[new], back


def _quantile(laws: Sequence[Tail], counts: Counts, horizon: Floats, q: float) -> Floats:
    """The smallest n with P(at most n purchases) >= q: by doubling, then by halving."""

    def too_low(rows: Rows, n: Floats) -> Rows:
        few = counts.at(rows)
        above = np.mean([law.at_least(few, horizon[rows], n + 1) for law in laws], axis=0)
        verdict: Rows = above > 1 - q
        return verdict

    below, found = np.full(len(counts), -1.0), np.zeros(len(counts))  # found is high enough where it is settled
    rows = np.flatnonzero(np.mean([law.p_none(counts, horizon) for law in laws], axis=0) < q)
    while len(rows):
        below[rows] = found[rows]
        found[rows] = 2 * found[rows] + 1
        rows = rows[too_low(rows, found[rows])]
    while len(rows := np.flatnonzero(found - below > 1)):
        middle = np.floor((found[rows] + below[rows]) / 2)
        low = too_low(rows, middle)
        below[rows[low]] = middle[low]
        found[rows[~low]] = middle[~low]
    return found
