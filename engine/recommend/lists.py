"""From what rankers say together to two lists for each customer: what to buy again and what to discover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.history import Floats, History, Ints
from engine.recommend.rankers import Fitted, Kept

Flags = NDArray[np.bool_]

BATCH = 500  # customers at once


class Candidates(NamedTuple):
    """Products for some customers: parallel arrays, by customer, the best first."""

    row: Ints  # position among the customers that were asked for
    product: Ints  # position in the history
    score: Floats
    ranker: Ints  # position in `Fused.names`

    def only(self, kept: NDArray[np.bool_] | Ints) -> Candidates:
        return Candidates(self.row[kept], self.product[kept], self.score[kept], self.ranker[kept])


class Fused(Protocol):
    """All rankers, fitted on one history and made one. Customers and products are positions in that history."""

    @property
    def names(self) -> Sequence[str]:
        """Of the rankers."""
        ...

    def candidates(self, customers: Ints) -> Candidates:
        """For each customer each product once that any ranker knows for them: far more than a list holds."""
        ...

    def returning(self, customers: Ints) -> Floats:
        """The chance that each comes back soon, whatever they buy then; 1 where nothing tells it."""
        return np.ones(customers.size)

    def reasons(self, customers: Ints, products: Ints, ranker: Ints) -> list[Phrase]:
        """Why each of these candidates, pair by pair, in the words of that ranker."""
        ...

    def kept(self) -> Mapping[str, Kept]:
        """What takes long to learn, by the name of its ranker."""
        ...


def said_by(fitted: Sequence[Fitted], customers: Ints, products: Ints, ranker: Ints) -> list[Phrase]:
    """The reason of each pair in the words of the ranker at its position."""
    reason: NDArray[np.object_] = np.empty(customers.size, dtype=object)
    for position in np.unique(ranker).tolist():
        mine = np.flatnonzero(ranker == position)
        # one by one: an array of phrases is no array of their parts
        for at, phrase in zip(mine.tolist(), fitted[position].reasons(customers[mine], products[mine]), strict=True):
            reason[at] = phrase
    return list(reason)


def kept_by(names: Sequence[str], fitted: Sequence[Fitted]) -> dict[str, Kept]:
    """What each ranker that took long to learn keeps, by its name."""
    kept = {name: model.kept() for name, model in zip(names, fitted, strict=True)}
    return {name: arrays for name, arrays in kept.items() if arrays}


class Bought:
    """Whether a customer bought a product of a history before, be it under another number.

    `twin` is a number per product, the same for those that are one thing.
    """

    def __init__(self, history: History, twin: Ints) -> None:
        from scipy.sparse import csr_array

        self._twin, self._n = twin, int(twin.max(initial=0)) + 1
        where = (history.bought[c.CUSTOMER].to_numpy(), twin[history.bought[c.PRODUCT].to_numpy()])
        shape = (history.customers.size, self._n)
        self._matrix = csr_array((np.ones(len(history.bought), np.float32), where), shape=shape)

    def before(self, customers: Ints, candidates: Candidates) -> Flags:
        """Of each candidate for `customers`."""
        own = self._matrix[customers]
        own_keys = np.repeat(np.arange(customers.size), np.diff(own.indptr)) * self._n + own.indices
        flags: Flags = np.isin(candidates.row * self._n + self._twin[candidates.product], own_keys)
        return flags


def two_lists(candidates: Candidates, again: Flags, twin: Ints, top: int) -> tuple[Candidates, Flags, Ints]:
    """The first `top` of each list of each customer, which of them are to buy again, and their ranks.

    By customer, those to buy again first. Of products that are one thing the best stays. `again` is of each candidate.
    """
    n = int(twin.max(initial=0)) + 1
    _, first = np.unique(candidates.row * n + twin[candidates.product], return_index=True)
    first = np.sort(first)
    kept, flags = candidates.only(first), again[first]
    order = np.lexsort((np.arange(first.size), ~flags, kept.row))
    kept, flags = kept.only(order), flags[order]
    rank = places(2 * kept.row + ~flags)
    short = rank <= top
    return kept.only(short), flags[short], rank[short]


def places(groups: Ints) -> Ints:
    """1, 2, … within each run of equal values."""
    starts = np.flatnonzero(np.diff(groups, prepend=groups[:1] - 1)) if groups.size else np.zeros(0, np.int64)
    lengths = np.diff(np.append(starts, groups.size))
    return np.asarray(np.arange(groups.size) - np.repeat(starts, lengths) + 1, np.int64)


def mixed(lists: pd.DataFrame, n: int, share: float | None) -> pd.DataFrame:
    """The first `n` of both lists of each customer (CUSTOMER, AGAIN, RANK, SCORE), mixed; by customer, best first.

    Each list keeps its order. `share` of the products are to buy again, spread evenly, as far as there are so many;
    with None the better score comes first, and of equal ones that to buy again.
    """
    rows = lists.sort_values([c.CUSTOMER, c.AGAIN, c.RANK], ascending=[True, False, True], kind="stable")
    again, rank = rows[c.AGAIN].to_numpy(np.bool_), rows[c.RANK].to_numpy(np.float64)
    if share is None:
        # what stands first, be it by a rule, is as good as the best behind it
        behind = rows[::-1].groupby([c.CUSTOMER, c.AGAIN], sort=False)[c.SCORE].cummax()[::-1]
        key = -behind.to_numpy()
    else:
        key = np.where(again, np.ceil(_place(rank, share)), np.floor(_place(rank, 1 - share)) + 1)
    order = np.lexsort((rank, ~again, key, rows[c.CUSTOMER].to_numpy()))
    rows = rows.iloc[order]
    return rows[places(rows[c.CUSTOMER].to_numpy()) <= n]


def _place(k: Floats, share: float) -> Floats:
    """Behind how many places the k-th of a list is due that fills this share of them, half a one counting as one."""
    return (k - 0.5) / share if share > 0 else np.full(k.size, np.inf)
