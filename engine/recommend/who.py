"""The other way round: for each product the customers who are most likely to want it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.recommend.history import Floats, Ints
from engine.recommend.lists import Candidates, Flags, places

PENDING = 1_000_000  # candidates at once: about 35 MB, and as much again to sort them


class Wanting(NamedTuple):
    """Parallel arrays, by product, who wants it most first."""

    customer: Ints  # position in the history
    product: Ints
    score: Floats
    again: Flags
    ranker: Ints

    @property
    def rank(self) -> Ints:
        return places(self.product)


class Wanted:
    """Gathers candidates of all customers and keeps the `top` of each product; of equal ones the earlier customer."""

    def __init__(self, top: int, n_products: int) -> None:
        self._top = top
        # below this score nobody is among the first of the product any more
        self._floor = np.full(n_products, -np.inf)
        self._parts: list[Wanting] = []
        self._n = 0

    def add(self, customers: Ints, candidates: Candidates, again: Flags) -> None:
        """Those of `customers`, each of whom comes once in all, in ascending order."""
        hopeful = candidates.score > self._floor[candidates.product]
        found = candidates.only(hopeful)
        part = Wanting(customers[found.row], found.product, found.score, again[hopeful], found.ranker)
        self._parts.append(part)
        self._n += part.customer.size
        if self._n > PENDING:
            best = self.best()
            full = best.rank == self._top
            self._floor[best.product[full]] = best.score[full]
            self._parts, self._n = [best], best.customer.size

    def best(self) -> Wanting:
        if not self._parts:
            none = np.zeros(0, np.int64)
            return Wanting(none, none, np.zeros(0), np.zeros(0, np.bool_), none)
        customer, product, score, again, ranker = map(np.concatenate, zip(*self._parts, strict=True))
        order = np.lexsort((customer, -score, product))
        kept = order[places(product[order]) <= self._top]
        return Wanting(customer[kept], product[kept], score[kept], again[kept], ranker[kept])
