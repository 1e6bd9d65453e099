"""Ratings as rankers read them: a table, its scale, and whether there are enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine import columns as c
from engine.phrases import Phrase, counted
from engine.recommend.history import Floats, History, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

TOPS = (5.0, 10.0, 100.0)  # where scales end
LEAST_RATINGS, LEAST_CUSTOMERS, LEAST_PRODUCTS = 20, 5, 3  # fewer show nobody's taste


@dataclass(frozen=True)
class Ratings:
    """Who rated what, by positions in the history, and the scale; a rating outside it is not among them."""

    customer: Ints
    product: Ints
    value: Floats
    low: float
    top: float
    shape: tuple[int, int]

    @classmethod
    def of(cls, history: History) -> Ratings:
        told = history.ratings
        value = told[c.VALUE].to_numpy(np.float64)
        fit = np.isfinite(value) & (value >= 0) & (value <= TOPS[-1])
        value = value[fit]
        top = next(top for top in TOPS if value.max(initial=0) <= top)
        return cls(
            told[c.CUSTOMER].to_numpy(np.int64)[fit],
            told[c.PRODUCT].to_numpy(np.int64)[fit],
            value,
            0.0 if value.min(initial=1.0) < 1 else 1.0,
            top,
            (history.customers.size, history.products.size),
        )

    @property
    def middle(self) -> float:
        """Below it a rating says that the customer did not like the product."""
        return (self.low + self.top) / 2

    def table(self, values: Floats) -> csr_array:
        """Customers by products: `values`, one per rating."""
        from scipy.sparse import csr_array

        return csr_array((values, (self.customer, self.product)), shape=self.shape)

    def held(self, values: Floats) -> Floats:
        """Predicted ratings, held to the scale."""
        return np.clip(values, self.low, self.top)


def lacking(history: History) -> Phrase | None:
    """What is missing to learn taste from ratings; None if there is enough."""
    told = history.ratings
    if told.empty:
        return Phrase(
            "Nobody has rated a product yet: import ratings as a file with customer, product, rating and date."
        )
    customers, products = int(told[c.CUSTOMER].nunique()), int(told[c.PRODUCT].nunique())
    if len(told) >= LEAST_RATINGS and customers >= LEAST_CUSTOMERS and products >= LEAST_PRODUCTS:
        return None
    return counted(
        "There is only {n} rating of products so far, by {customers} and of {products}: too few to tell tastes apart. "
        "It takes {least}, by {people} customers and of {things} products.",
        "There are only {n} ratings of products so far, by {customers} and of {products}: too few to tell tastes "
        "apart. It takes {least}, by {people} customers and of {things} products.",
        n=len(told),
        customers=counted("{n} customer", "{n} customers", n=customers),
        products=counted("{n} product", "{n} products", n=products),
        least=LEAST_RATINGS,
        people=LEAST_CUSTOMERS,
        things=LEAST_PRODUCTS,
    )
