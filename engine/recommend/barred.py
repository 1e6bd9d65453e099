"""Which pairs of a customer and a product are barred for that customer alone, and whom a pin is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine import columns as c
from engine.recommend.allowed import Flags, twins_of
from engine.recommend.history import Ints
from engine.recommend.pinned import PIN
from engine.recommend.rules import Pin, Rules

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def no_pairs() -> pd.DataFrame:
    return pd.DataFrame({c.CUSTOMER: np.zeros(0, np.int64), c.PRODUCT: np.zeros(0, np.int64)})


def _no_purchases() -> pd.DataFrame:
    return no_pairs().assign(**{c.AT: pd.to_datetime([])})


@dataclass(frozen=True)
class Facts:
    """What rules go by besides the products, by the store's ids.

    refused       customer, product: what somebody said no to
    wanting_none  customers who asked for no product
    bought        customer, product, at: purchases, at least those of the days that a rule asks for
    members       the customers of each segment that something is pinned for
    similarity    products by products, in the order of the products; needed for variety
    together      the same: orders that have both; needed for `bought_with`
    launched      products that came into the shop lately; none where lists are not made for everybody
    """

    refused: pd.DataFrame = field(default_factory=no_pairs)
    wanting_none: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    bought: pd.DataFrame = field(default_factory=_no_purchases)
    members: Mapping[str, Ints] = field(default_factory=dict)
    similarity: csr_array | None = None
    together: csr_array | None = None
    launched: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


class Barred:
    """What holds for single customers, looked up once for any picks; products are positions."""

    def __init__(self, products: pd.DataFrame, rules: Rules, facts: Facts, today: pd.Timestamp) -> None:
        self.twin = twins_of(products)
        self._n, self._products, self._rules, self._facts = len(products), products, rules, facts
        self._refused = self._keys(facts.refused)
        since = today - pd.Timedelta(days=rules.rest_days or 0)
        lately = facts.bought[facts.bought[c.AT] >= since] if rules.rest_days is not None else no_pairs()
        self._lately = self._keys(lately)

    def refused(self, customer: Ints, product: Ints) -> Flags:
        return np.isin(customer * self._n + self.twin[product], self._refused)

    def bought(self, customer: Ints, product: Ints) -> Flags:
        """Within the days of the rule."""
        return np.isin(customer * self._n + self.twin[product], self._lately)

    def pins(self, let_through: Flags, everybody: Ints, top: int | None, again: bool | None) -> pd.DataFrame:
        """Customer, product and place of what is pinned and may be shown, of products that are `let_through`; by place.

        A customer has a product once.
        """
        rows = list(self._pins(let_through, np.setdiff1d(everybody, self._facts.wanting_none), top, again))
        if not rows:
            return no_pairs().assign(**{PIN: np.zeros(0, np.int64)})
        return pd.concat(rows, ignore_index=True).drop_duplicates([c.CUSTOMER, c.PRODUCT], ignore_index=True)

    def _pins(self, let_through: Flags, everybody: Ints, top: int | None, again: bool | None) -> Iterator[pd.DataFrame]:
        keys = self._products[c.PRODUCT_KEY]
        for pin in sorted(self._rules.pinned, key=lambda pin: pin.place):
            found = np.flatnonzero((keys == pin.product).to_numpy() & let_through)
            if not found.size or (top is not None and pin.place > top):
                continue
            who = self._for_whom(pin, everybody)
            product = np.full(who.size, found[0])
            shown = ~(self.refused(who, product) | self.bought(who, product))
            if again is not None:
                shown &= np.isin(who * self._n + self.twin[product], self._ever) == again
            id_ = self._products.index[found[0]]
            yield pd.DataFrame({c.CUSTOMER: who[shown], c.PRODUCT: id_, PIN: np.int64(pin.place)})

    def _for_whom(self, pin: Pin, everybody: Ints) -> Ints:
        if pin.segment is None:
            return everybody
        return np.intersect1d(everybody, self._facts.members.get(pin.segment, np.zeros(0, np.int64)))

    @cached_property
    def _ever(self) -> Ints:
        pinned = self._products[c.PRODUCT_KEY].isin([pin.product for pin in self._rules.pinned]).to_numpy()
        things = self._products.index[np.isin(self.twin, self.twin[pinned])]
        return self._keys(self._facts.bought[self._facts.bought[c.PRODUCT].isin(things)])

    def _keys(self, pairs: pd.DataFrame) -> Ints:
        product = self._products.index.get_indexer(pd.Index(pairs[c.PRODUCT]))
        there = product >= 0
        customer = pairs[c.CUSTOMER].to_numpy(np.int64)[there]
        return np.unique(customer * self._n + self.twin[product[there]])
