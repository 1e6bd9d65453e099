"""How alike products are in what is told of them, for lists with variety; and which are one thing under two numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Name
from engine.recommend.descriptions import Fields, blocks, joined
from engine.recommend.history import History, Ints
from engine.recommend.sparse import largest, only
from engine.recommend.twins import twins

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BLOCK = 1_000  # products at once
NEIGHBOURS = 200  # per product: what is less like it than these counts as not alike at all
TELLING = ("words", "category", "price")  # what makes two products alike on one list


def described(products: pd.DataFrame) -> csr_array:
    """A row of length 1 for each product, by what makes them alike; of 0 where nothing is told.

    products  indexed by id: product_name_en, product_name_zh, category, price
    """
    from scipy.sparse import csr_array

    parts = {name: block for name, block in blocks(_catalogue(products)).items() if name in TELLING}
    return joined(parts, Fields()) if parts else csr_array((len(products), 1))


def likeness(products: pd.DataFrame, positions: Ints) -> csr_array:
    """Products by products, 0 to 1: the cosine of names, categories and prices among those at `positions`.

    All others are like nothing.
    """
    from scipy.sparse import csr_array, vstack

    shape = (len(products), len(products))
    if not positions.size:
        return csr_array(shape)
    some = described(products.iloc[positions])
    across = csr_array(some.T)
    found = []
    for start in range(0, positions.size, BLOCK):
        cosine = csr_array(some[start : start + BLOCK] @ across)
        found.append(only(cosine, largest(cosine, NEIGHBOURS)))
    near = csr_array(vstack(found)).tocoo()
    row, column = near.coords
    return csr_array((np.clip(near.data, 0, 1), (positions[row], positions[column])), shape=shape)


def same_things(products: pd.DataFrame) -> Ints:
    """For each product the id of the first that is the same thing (`engine.recommend.twins`)."""
    return products.index.to_numpy(np.int64)[twins(_catalogue(products))]


def _catalogue(products: pd.DataFrame) -> History:
    """These products as a history in which nobody has bought anything yet, in the order of their ids."""
    names = {
        id_: Name(en, zh)
        for id_, en, zh in zip(
            products.index.tolist(),
            products[c.PRODUCT_NAME_EN].tolist(),
            products[c.PRODUCT_NAME_ZH].tolist(),
            strict=True,
        )
    }
    nothing = pd.DataFrame(
        {c.CUSTOMER: np.zeros(0, np.int64), c.PRODUCT: np.zeros(0, np.int64), c.ORDER: np.zeros(0, np.int64)}
    ).assign(**{c.AT: pd.to_datetime([])})
    return History.of(nothing, names, (), pd.Timestamp(0), catalogue=products)
