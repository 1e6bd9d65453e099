"""The shared index of customers and products, and what was bought on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.phrases import Name

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class History:
    """Who bought what, when, up to `as_of`.

    Rankers know a customer or product by its position in `customers` or `products`.
    """

    customers: Ints  # the store's ids, ascending
    products: Ints  # the same
    names: tuple[Name, ...]  # of the products
    as_of: pd.Timestamp
    bought: pd.DataFrame  # one row per customer, product (positions), order and at; in this order

    @classmethod
    def of(
        cls, interactions: pd.DataFrame, products: Mapping[int, Name], customers: Iterable[int], as_of: pd.Timestamp
    ) -> History:
        """The history of `products` and `customers` in `interactions` (customer, product, order, at; ids).

        A customer may have bought nothing. Rows of other products or customers, rows after `as_of`, and a product
        that stands twice in one order count for nothing.
        """
        who = np.unique(np.fromiter(customers, np.int64))
        what = np.unique(np.fromiter(products, np.int64))
        known = interactions[c.CUSTOMER].isin(who) & interactions[c.PRODUCT].isin(what) & (interactions[c.AT] <= as_of)
        rows = interactions.loc[known, [c.CUSTOMER, c.PRODUCT, c.ORDER, c.AT]]
        bought = (
            rows.assign(
                **{
                    c.CUSTOMER: np.searchsorted(who, rows[c.CUSTOMER].to_numpy(np.int64)),
                    c.PRODUCT: np.searchsorted(what, rows[c.PRODUCT].to_numpy(np.int64)),
                }
            )
            .sort_values([c.CUSTOMER, c.PRODUCT, c.AT, c.ORDER])
            .drop_duplicates([c.CUSTOMER, c.PRODUCT, c.ORDER])
            .reset_index(drop=True)
        )
        return cls(who, what, tuple(products[id_] for id_ in what.tolist()), as_of, bought)

    @property
    def extent(self) -> dict[str, int]:
        """How much it is: customers who bought something, orders, products that were bought."""
        return {
            "customers": int(self.bought[c.CUSTOMER].nunique()),
            "orders": int(self.bought[c.ORDER].nunique()),
            "products": int(self.bought[c.PRODUCT].nunique()),
        }

    @property
    def age_days(self) -> Floats:
        """How long before `as_of` each row of `bought` was, in days."""
        seconds = (self.as_of - self.bought[c.AT]).dt.total_seconds()
        return np.asarray(seconds, np.float64) / SECONDS_PER_DAY

    def matrix(self, values: Floats) -> csr_array:
        """Customers by products: the sum of `values`, one per row of `bought`."""
        from scipy.sparse import csr_array

        where = (self.bought[c.CUSTOMER].to_numpy(), self.bought[c.PRODUCT].to_numpy())
        return csr_array((values, where), shape=(self.customers.size, self.products.size))

    def buyers(self, days: float = np.inf) -> Ints:
        """How many different customers bought each product in the last `days` days."""
        recent = self.bought[self.age_days <= days].drop_duplicates([c.CUSTOMER, c.PRODUCT])
        return np.bincount(recent[c.PRODUCT].to_numpy(), minlength=self.products.size).astype(np.int64)
