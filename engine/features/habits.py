"""Customers' habits: what is in their baskets, from which categories, at which prices; and what else they do."""

from __future__ import annotations

from typing import Final

import pandas as pd

from engine import columns as c
from engine.feature_table import Feature, Kind
from engine.features.complete import Column
from engine.phrases import Phrase

NAME: Final = "behavioural"
MOST_CATEGORIES = 8
REDUCED = 0.95  # of the usual price: from there on it is a discount and no rounding
ENOUGH_RATED = 0.5  # of the customers
ENOUGH_SALES = 3  # of a product: with fewer, its usual price is not known

PRODUCTS_PER_ORDER: Final = "products_per_order"
PIECE_PRICE: Final = "piece_price"
AGAIN_SHARE: Final = "again_share"
DISCOUNT_SHARE: Final = "discount_share"


def category_key(category: str) -> str:
    """The column for the share of a customer's money that went to a category."""
    return f"share of {category}"


def basket(bought: pd.DataFrame) -> list[Column]:
    """Different products per order, money per piece, and the share of purchases of what was bought before.

    `bought` has customer, order, product, quantity, revenue, a row per order and product, by time.
    """
    if not len(bought):
        return []
    by_customer = bought.groupby(c.CUSTOMER)
    n_orders = by_customer[c.ORDER].nunique()
    n_rows = by_customer.size()
    pieces = by_customer[c.QUANTITY].sum()
    n_different = bought.drop_duplicates([c.CUSTOMER, c.PRODUCT]).groupby(c.CUSTOMER).size()
    money = by_customer[c.REVENUE].sum()
    return [
        _column(PRODUCTS_PER_ORDER, Phrase("different products per order"), "number", n_rows / n_orders),
        _column(PIECE_PRICE, Phrase("money per piece"), "money", (money / pieces).where(pieces > 0)),
        _column(
            AGAIN_SHARE, Phrase("share of purchases of something bought before"), "share", 1 - n_different / n_rows
        ),
    ]


def category_shares(bought: pd.DataFrame) -> list[Column]:
    """Each customer's share of money by category, of the categories with most money; none with fewer than two.

    Products without a category are left out of the shares. Who spent nothing on any has gaps.
    """
    told = bought[bought[c.CATEGORY].notna() & (bought[c.REVENUE] > 0)]
    of_category = told.groupby(c.CATEGORY)[c.REVENUE].sum().sort_values(ascending=False, kind="stable")
    if len(of_category) < 2:
        return []
    named = list(of_category.index[:MOST_CATEGORIES])
    spent = told.groupby([c.CUSTOMER, c.CATEGORY])[c.REVENUE].sum().unstack().fillna(0.0)
    shares = spent.div(spent.sum(axis=1), axis=0)
    return [
        _column(
            category_key(str(category)),
            Phrase("share of the money for {category}", category=str(category)),
            "share",
            shares[category],
        )
        for category in named
    ]


def discounts(bought: pd.DataFrame) -> list[Column]:
    """Each customer's share of money spent at a discount: 5 % or more below what the product usually costs.

    The usual price is the median of what was paid for a piece over all sales, three at least. None where no product
    has ever been cheaper.
    """
    told = bought[(bought[c.QUANTITY] > 0) & (bought[c.REVENUE] > 0)]
    price = told[c.REVENUE] / told[c.QUANTITY]
    by_product = price.groupby(told[c.PRODUCT])
    usual = by_product.transform("median").where(by_product.transform("size") >= ENOUGH_SALES)
    reduced = told[c.REVENUE].where(price <= REDUCED * usual, 0.0)
    if not (reduced > 0).any():
        return []
    spent = told.groupby(c.CUSTOMER)[c.REVENUE].sum()
    share = reduced.groupby(told[c.CUSTOMER]).sum() / spent
    return [_column(DISCOUNT_SHARE, Phrase("share of the money spent at a discount"), "share", share)]


def activity(engagement: pd.DataFrame, customers: pd.Index) -> list[Column]:
    """What `customers` do beside ordering (`engine.features.events`): how much lately, since when not, how content.

    Who has no event did nothing, which is no gap; not having been seen, or having given no rating, is one. None where
    none of them has an event.
    """
    of_these = engagement.reindex(customers)
    if not of_these[c.LAST_SEEN_DAYS].notna().any():
        return []
    made = [
        _column(c.EVENTS_30, Phrase("visits in the last 30 days"), "count", of_these[c.EVENTS_30].fillna(0)),
        _column(c.EVENTS_90, Phrase("visits in the last 90 days"), "count", of_these[c.EVENTS_90].fillna(0)),
        _column(c.LAST_SEEN_DAYS, Phrase("days since the last visit"), "days", of_these[c.LAST_SEEN_DAYS]),
    ]
    # a mean over the few who rate would group the others by a number that they did not give
    if of_these[c.MEAN_RATING].notna().mean() >= ENOUGH_RATED:
        made.append(_column(c.MEAN_RATING, Phrase("mean rating"), "number", of_these[c.MEAN_RATING]))
    return made


def _column(key: str, words: Phrase, kind: Kind, cells: pd.Series) -> Column:
    return Column(Feature(key, words, kind, NAME), cells.astype("float64"))
