"""The shared index of customers and products, and what was bought on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.phrases import Name

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

CATALOGUE: dict[str, str] = {
    **dict.fromkeys((c.CATEGORY, c.DESCRIPTION, c.ATTRIBUTES), "object"),  # None where nothing is told
    **dict.fromkeys((c.PRICE, c.COST, c.STOCK), "float64"),
    **dict.fromkeys((c.LAUNCHED, c.ADDED), "datetime64[ns]"),
}

_NO_RATINGS = pd.DataFrame(
    {c.CUSTOMER: np.zeros(0, np.int64), c.PRODUCT: np.zeros(0, np.int64), c.VALUE: [], c.AT: pd.to_datetime([])}
)


@dataclass(frozen=True)
class History:
    """Who bought what, when, up to `as_of`; what is known of the products; how customers rated them.

    Rankers know a customer or product by its position in `customers` or `products`.
    """

    customers: Ints  # the store's ids, ascending
    products: Ints  # the same
    names: tuple[Name, ...]  # of the products
    as_of: pd.Timestamp
    bought: pd.DataFrame  # one row per customer, product (positions), order and at; in this order
    catalogue: pd.DataFrame  # one row per product, by position, with the columns of `CATALOGUE`
    ratings: pd.DataFrame  # customer, product (positions), value, at: the newest of each pair; in this order
    # what was worked out of the products alone, by its name: the same at every moment of one catalogue
    of_catalogue: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        interactions: pd.DataFrame,
        products: Mapping[int, Name],
        customers: Iterable[int],
        as_of: pd.Timestamp,
        *,
        catalogue: pd.DataFrame | None = None,
        ratings: pd.DataFrame | None = None,
    ) -> History:
        """The history of `products` and `customers` in `interactions` (customer, product, order, at; ids).

        A customer may have bought nothing. Rows of other products or customers, rows after `as_of`, and a product
        that stands twice in one order count for nothing. `catalogue` is indexed by the products' ids, `ratings` has
        customer, product (ids), value and at.
        """
        who = np.unique(np.fromiter(customers, np.int64))
        what = np.unique(np.fromiter(products, np.int64))
        bought = (
            _positions(interactions, who, what, as_of)[[c.CUSTOMER, c.PRODUCT, c.ORDER, c.AT]]
            .sort_values([c.CUSTOMER, c.PRODUCT, c.AT, c.ORDER])
            .drop_duplicates([c.CUSTOMER, c.PRODUCT, c.ORDER])
            .reset_index(drop=True)
        )
        known = pd.DataFrame(index=what) if catalogue is None else catalogue.reindex(what)
        return cls(
            who,
            what,
            tuple(products[id_] for id_ in what.tolist()),
            as_of,
            bought,
            known.reindex(columns=list(CATALOGUE)).reset_index(drop=True).astype(CATALOGUE),
            _newest(_positions(_NO_RATINGS if ratings is None else ratings, who, what, as_of)),
        )

    def until(self, as_of: pd.Timestamp) -> History:
        """What was known at an earlier moment: the same customers, products and catalogue, purchases until then."""
        return replace(
            self,
            as_of=as_of,
            bought=self.bought[self.bought[c.AT] <= as_of].reset_index(drop=True),
            ratings=self.ratings[self.ratings[c.AT] <= as_of].reset_index(drop=True),
        )

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
        age = np.datetime64(self.as_of) - self.bought[c.AT].to_numpy(np.dtype("datetime64[us]"))
        return np.asarray(age / np.timedelta64(1, "D"), np.float64)

    def matrix(self, values: Floats) -> csr_array:
        """Customers by products: the sum of `values`, one per row of `bought`."""
        from scipy.sparse import csr_array

        where = (self.bought[c.CUSTOMER].to_numpy(), self.bought[c.PRODUCT].to_numpy())
        return csr_array((values, where), shape=(self.customers.size, self.products.size))

    @property
    def pairs(self) -> tuple[Ints, Ints]:
        """Of each pair of customer and product the first row of `bought` and the last: oldest and newest order."""
        customer, product = (self.bought[column].to_numpy() for column in (c.CUSTOMER, c.PRODUCT))
        begins = np.ones(customer.size + 1, np.bool_)
        begins[1:-1] = (customer[1:] != customer[:-1]) | (product[1:] != product[:-1])
        borders = np.flatnonzero(begins)
        return borders[:-1], borders[1:] - 1

    def buyers(self, days: float = np.inf) -> Ints:
        """How many different customers bought each product in the last `days` days."""
        _, last = self.pairs
        recent = last if days == np.inf else last[self.age_days[last] <= days]
        product = self.bought[c.PRODUCT].to_numpy()[recent]
        return np.bincount(product, minlength=self.products.size).astype(np.int64)


def _positions(rows: pd.DataFrame, who: Ints, what: Ints, as_of: pd.Timestamp) -> pd.DataFrame:
    """The rows of these customers and products until `as_of`, with positions for ids."""
    known = rows[rows[c.CUSTOMER].isin(who) & rows[c.PRODUCT].isin(what) & (rows[c.AT] <= as_of)]
    customer = np.searchsorted(who, known[c.CUSTOMER].to_numpy(np.int64))
    product = np.searchsorted(what, known[c.PRODUCT].to_numpy(np.int64))
    return known.assign(**{c.CUSTOMER: customer, c.PRODUCT: product})


def _newest(ratings: pd.DataFrame) -> pd.DataFrame:
    pair = [c.CUSTOMER, c.PRODUCT]
    rows = ratings[[*pair, c.VALUE, c.AT]].sort_values([*pair, c.AT, c.VALUE])
    return rows.drop_duplicates(pair, keep="last").reset_index(drop=True)
