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


def likeness(products: pd.DataFrame, positions: Ints) -> csr_array:
    """Products by products, 0 to 1: the cosine of names, categories and prices among those at `positions`.

    products  indexed by id: product_name_en, product_name_zh, category, price. All others are like nothing.
    """
    from scipy.sparse import csr_array, vstack

    some = products.iloc[positions]
    parts = blocks(_catalogue(some)) if len(some) else {}
    if not parts:
        return csr_array((len(products), len(products)))
    described = joined(parts, Fields())
    found = []
    for start in range(0, described.shape[0], BLOCK):
        cosine = csr_array(described[start : start + BLOCK] @ described.T)
        found.append(only(cosine, largest(cosine, NEIGHBOURS)))
    near = csr_array(vstack(found)).tocoo()
    row, column = near.coords
    shape = (len(products), len(products))
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
