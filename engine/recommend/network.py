"""A trained network on a shop's history: its scores, and the purchases that speak most for them.

A reason needs no gradient: each product that the customer has bought is left out of the input once, and what lowers
the candidate's score most is what speaks most for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.phrases import Name, Phrase
from engine.recommend.deep import PRODUCTS, Arrays, Deep, Table, Tensors, chances, tensors, threads
from engine.recommend.history import Floats, History, Ints
from engine.recommend.order_by_order import Inputs, OrderByOrder, places
from engine.recommend.purchases import Purchases
from engine.recommend.rankers import Fitted, Kept

CELLS = 8_000_000  # scores at once: 32 MB, and some times that while they are made


class Telling(NamedTuple):
    """For pairs of customer and product: the product without which the score is lowest, -1 if none lowers it."""

    source: Ints
    score: Floats  # without it


@dataclass(frozen=True)
class FittedNetwork(Fitted):
    ranker: Deep
    arrays: Arrays
    vocabulary: Ints  # ids of the products that the network knows, ascending
    history: History

    def kept(self) -> Kept:
        return {**self.arrays, PRODUCTS: self.vocabulary}

    def scores(self, customers: Ints) -> Table:
        found = np.zeros((customers.size, self.history.products.size), dtype=np.float32)
        known = np.flatnonzero(self._place >= 0)
        asked = np.flatnonzero(self._past.n_orders[customers]) if known.size else np.empty(0, np.int64)
        for rows, chance in self._answered(self._past.inputs(customers[asked])):
            found[asked[rows][:, None], known] = chance[:, self._place[known]]
        return found

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        if not customers.size:
            return []
        source = self.telling(customers, products).source
        told = np.maximum(source, 0)
        days = Purchases.of(self.history).last(customers, told).tolist()
        return [
            _reason(who < 0, who == product, self.history.names[at], day)
            for who, product, at, day in zip(source.tolist(), products.tolist(), told.tolist(), days, strict=True)
        ]

    def telling(self, customers: Ints, products: Ints) -> Telling:
        """Which bought product speaks most for each candidate: positions in the history, pair by pair."""
        who, which = np.unique(customers, return_inverse=True)
        inputs = self._past.inputs(who)
        bought = np.unique(inputs.row * self._past.n_products + inputs.product)
        row, removed = np.divmod(bought, self._past.n_products)
        first = np.searchsorted(row, np.arange(who.size + 1))
        # every pair beside every product that its customer has bought
        n = (first[1:] - first[:-1])[which]
        pair = np.repeat(np.arange(which.size), n)
        left_out = np.arange(pair.size) + (first[which] - np.cumsum(n) + n)[pair]
        column = self._place[products]
        score = np.empty(pair.size)
        by_removal = np.argsort(left_out, kind="stable")
        in_order = left_out[by_removal]
        for rows, chance in self._answered(_without(self._past.inputs(who[row]), removed)):
            here = by_removal[slice(*np.searchsorted(in_order, [rows[0], rows[-1] + 1]))]
            score[here] = chance[left_out[here] - rows[0], column[pair[here]]]
        some = np.flatnonzero(n)
        lowest = np.lexsort((score, pair))[np.searchsorted(pair, some)]
        source, without = np.full(n.size, -1), np.asarray(self.scores(who)[which, products], np.float64)
        lower = score[lowest] < without[some]
        known = places(self.vocabulary, self.history.products)
        source[some[lower]] = known[removed[left_out[lowest[lower]]]]
        without[some[lower]] = score[lowest[lower]]
        return Telling(source, without)

    def _answered(self, inputs: Inputs) -> Iterator[tuple[Ints, Table]]:
        """The network's chances batch by batch: which lists, and a row for each."""
        step = max(1, CELLS // max(1, self.vocabulary.size))
        starts = np.searchsorted(inputs.row, np.arange(0, inputs.n + step, step))
        with threads(self.ranker.training.threads):
            for at, (start, stop) in enumerate(pairwise(starts)):
                rows = np.arange(at * step, min(inputs.n, (at + 1) * step))
                part = slice(start, stop)
                batch = Inputs(
                    rows.size, inputs.row[part] - rows[0], inputs.order[part], inputs.product[part], inputs.age[part]
                )
                yield rows, chances(self.ranker, self._network, batch)

    @cached_property
    def _network(self) -> Tensors:
        return tensors(self.arrays, self.ranker.training.device)

    @cached_property
    def _past(self) -> OrderByOrder:
        return OrderByOrder.of(self.history, self.vocabulary)

    @cached_property
    def _place(self) -> Ints:
        """The network's column of each product of the history; -1 for those that it does not know."""
        return places(self.history.products, self.vocabulary)


def _without(inputs: Inputs, removed: Ints) -> Inputs:
    """The same lists, each without one product."""
    return inputs.only(inputs.product != removed[inputs.row])


def _reason(none: bool, same: bool, source: Name, last: date) -> Phrase:
    if none:
        return Phrase("goes with everything they bought taken together; no single product decides it")
    if same:
        return Phrase("mostly because they bought it before, the last time on {last}", last=last)
    return Phrase("mostly because of {other}, bought on {last}", other=source, last=last)
