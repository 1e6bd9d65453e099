"""What customers bought order by order, as a network takes it in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.recommend.history import Floats, History, Ints


@dataclass(frozen=True)
class Inputs:
    """`n` lists of purchases: parallel arrays by list, and within it by order, the earliest first."""

    n: int
    row: Ints  # which list: 0 … n - 1
    order: Ints  # ascending within a list, some may be left out
    product: Ints
    age: Floats  # days before the moment for which something is asked

    def only(self, kept: NDArray[np.bool_]) -> Inputs:
        return Inputs(self.n, self.row[kept], self.order[kept], self.product[kept], self.age[kept])


@dataclass(frozen=True)
class OrderByOrder:
    """One row per customer, order and product, by customer, the earliest order first.

    Products are positions in a vocabulary: products that are not in it have no row.
    """

    order: Ints  # 0, 1, … within the customer
    product: Ints
    age: Floats  # days before the history's end
    starts: Ints  # the first row of each customer, and the end
    n_orders: Ints  # of each customer
    n_products: int  # in the vocabulary

    @classmethod
    def of(cls, history: History, vocabulary: Ints) -> OrderByOrder:
        """`vocabulary` has products' ids, ascending."""
        bought = history.bought
        product = places(history.products, vocabulary)[bought[c.PRODUCT].to_numpy()]
        customer, number = bought[c.CUSTOMER].to_numpy(), bought[c.ORDER].to_numpy()
        rows = np.lexsort((product, number, -history.age_days, customer))
        rows = rows[product[rows] >= 0]
        customer, number = customer[rows], number[rows]
        first = begins(customer, number)
        starts = np.searchsorted(customer, np.arange(history.customers.size + 1))
        before = np.concatenate([[0], np.cumsum(first)])
        order = before[1:] - 1 - before[starts[:-1]][customer]
        n_orders = np.diff(before[starts])
        return cls(order, product[rows], history.age_days[rows], starts, n_orders, vocabulary.size)

    def inputs(self, customers: Ints, until: Ints | None = None) -> Inputs:
        """A list for each of `customers`: all orders, or their first `until`, asked for when the next order came."""
        rows, which = self._rows(customers)
        every = Inputs(customers.size, which, self.order[rows], self.product[rows], self.age[rows])
        if until is None:
            return every
        asked = np.zeros(customers.size)
        came = every.order == until[which]
        asked[which[came]] = every.age[came]
        ages = np.maximum(0.0, every.age - asked[which])
        return Inputs(every.n, which, every.order, every.product, ages).only(every.order < until[which])

    def later(self, customers: Ints, since: Ints) -> tuple[Ints, Ints]:
        """What each of `customers` bought in their orders from `since` on: position in `customers`, product; once."""
        rows, which = self._rows(customers)
        rows, which = (part[self.order[rows] >= since[which]] for part in (rows, which))
        pairs = np.unique(which * self.n_products + self.product[rows])
        return np.divmod(pairs, max(1, self.n_products))

    def _rows(self, customers: Ints) -> tuple[Ints, Ints]:
        """The rows of each of `customers`, one after the other, and which of `customers` each is of."""
        n = self.starts[customers + 1] - self.starts[customers]
        which = np.repeat(np.arange(customers.size), n)
        return np.arange(which.size) + (self.starts[customers] - np.cumsum(n) + n)[which], which


def begins(*columns: Ints) -> NDArray[np.bool_]:
    """Where a new combination begins in parallel, sorted arrays."""
    first = np.ones(columns[0].size, dtype=np.bool_)
    first[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return first


def places(ids: Ints, vocabulary: Ints) -> Ints:
    """The position in `vocabulary` (ascending) of each id; -1 for one that is not there."""
    if not vocabulary.size:
        return np.full(ids.size, -1)
    at = np.minimum(np.searchsorted(vocabulary, ids), vocabulary.size - 1)
    return np.where(vocabulary[at] == ids, at, -1)
