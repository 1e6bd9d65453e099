"""What a history says of customers, products and pairs of them, ready to be asked for many pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine import columns as c
from engine.recommend.history import Floats, History, Ints, Singles
from engine.recommend.scores import of_pairs

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LATELY = (7, 14, 30, 90)  # days
PRODUCT = ("repeat buyers", "last sold", "first sold", "trend", *(f"buyers {days}" for days in LATELY), "buyers")
CUSTOMER = ("orders", "products", "basket", "last order")
OWN = ("bought", "often", "times", "since", "since the first", "of a repeated product")  # their past with the product
NAMES = (*PRODUCT, *CUSTOMER, *OWN, "price apart")


@dataclass(frozen=True)
class Facts:
    """`products` and `customers` have a row each, with columns as PRODUCT and CUSTOMER name them.

    Of each pair that was bought: `times` the orders, `since` and `first` 1 + days since the last and the first one.
    `price` is the logarithm of a product's price, NaN where it is not known; `usual` the mean of what was bought.
    """

    products: Floats
    customers: Floats
    times: csr_array
    since: csr_array
    first: csr_array
    price: Floats
    usual: Floats

    @classmethod
    def of(cls, history: History) -> Facts:
        bought, age = history.bought, history.age_days
        n_customers, n_products = history.customers.size, history.products.size
        who, what = bought[c.CUSTOMER].to_numpy(np.int64), bought[c.PRODUCT].to_numpy(np.int64)
        starts = np.flatnonzero(np.diff(who * n_products + what, prepend=-1))  # rows are by customer and product
        pair_who, pair_what = who[starts], what[starts]
        n_times = np.diff(np.append(starts, who.size))
        since, first = (
            ufunc.reduceat(age, starts) if starts.size else np.empty(0) for ufunc in (np.minimum, np.maximum)
        )
        price = np.log(history.catalogue[c.PRICE].where(history.catalogue[c.PRICE] > 0).to_numpy(np.float64))
        return cls(
            _of_products(history, n_products, pair_what, n_times, since, first),
            _of_customers(bought, who, age, np.bincount(pair_who, minlength=n_customers)),
            _matrix(n_times, pair_who, pair_what, n_customers, n_products),
            _matrix(1 + since, pair_who, pair_what, n_customers, n_products),
            _matrix(1 + first, pair_who, pair_what, n_customers, n_products),
            price,
            _mean_known(price[what], who, n_customers),
        )

    def described(self, customers: Ints, row: Ints, product: Ints) -> Singles:
        """A row per pair of `customers[row]` and `product`, a column per name of NAMES; float32."""
        times, since, first = (
            of_pairs(matrix[customers], row, product) for matrix in (self.times, self.since, self.first)
        )
        who = customers[row]
        bought = times > 0
        apart = np.abs(self.price[product] - self.usual[who])
        pair = (
            bought,
            times > 1,
            np.log1p(times),
            np.log(np.maximum(1, since)),
            np.log(np.maximum(1, first)),
            bought * self.products[product, 0],
            np.nan_to_num(apart),
        )
        table = np.empty((row.size, len(NAMES)), np.float32)
        table[:, : len(PRODUCT)] = self.products[product]
        table[:, len(PRODUCT) : -len(pair)] = self.customers[who]
        table[:, -len(pair) :] = np.column_stack(pair)
        return table


def _of_products(
    history: History, n_products: int, pair_what: Ints, n_times: Ints, since: Floats, first: Floats
) -> Floats:
    lately = {days: history.buyers(days) for days in LATELY}
    ever = np.bincount(pair_what, minlength=n_products)
    again = np.bincount(pair_what[n_times > 1], minlength=n_products)
    longest = float(first.max(initial=0.0))
    last, begun = np.full(n_products, longest), np.zeros(n_products)
    np.minimum.at(last, pair_what, since)
    np.maximum.at(begun, pair_what, first)
    # more than usual lately: what is sold in 14 days against the same share of 90, both held towards no change
    trend = np.log((lately[14] + 1) / (lately[90] * 14 / 90 + 1))
    counts = [np.log1p(lately[days]) for days in LATELY]
    return np.column_stack(
        [again / np.maximum(1, ever), np.log1p(last), np.log1p(begun), trend, *counts, np.log1p(ever)]
    )


def _of_customers(bought: pd.DataFrame, who: Ints, age: Floats, n_products: Ints) -> Floats:
    orders = bought.drop_duplicates([c.CUSTOMER, c.ORDER])[c.CUSTOMER].to_numpy(np.int64)
    n_orders = np.bincount(orders, minlength=n_products.size)
    basket = np.bincount(who, minlength=n_products.size) / np.maximum(1, n_orders)
    last = np.full(n_products.size, float(age.max(initial=0.0)))
    np.minimum.at(last, who, age)
    return np.column_stack([np.log1p(n_orders), np.log1p(n_products), np.log1p(basket), np.log1p(last)])


def _matrix(values: Floats | Ints, row: Ints, column: Ints, n_rows: int, n_columns: int) -> csr_array:
    from scipy.sparse import csr_array

    return csr_array((values.astype(np.float32), (row, column)), shape=(n_rows, n_columns))


def _mean_known(values: Floats, groups: Ints, n: int) -> Floats:
    """The mean per group of the values that are known; NaN without any."""
    known = ~np.isnan(values)
    count = np.bincount(groups[known], minlength=n)
    total = np.bincount(groups[known], values[known], minlength=n)
    return np.where(count > 0, total / np.maximum(1, count), np.nan)
