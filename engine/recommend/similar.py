"""Products that the same people buy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.recommend.history import Floats, History, Ints
from engine.recommend.sparse import best_first, largest, only, row_of_each

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LEAST = 2  # buyers in common
SHRINKAGE = 10.0
BLOCK = 4_000_000  # stored values at once: about 100 MB


class Similar(NamedTuple):
    """For products their likes, the nearest first: parallel arrays."""

    product: Ints  # position
    other: Ints
    rank: Ints  # 1, 2, …
    similarity: Floats  # 0 to 1
    n_common: Ints  # people who bought both


def bought_together(history: History, top: int) -> Similar:
    """For each product up to `top` others that at least `LEAST` of its buyers bought as well.

    Similarity is the cosine over buyers, n in common counting n / (n + `SHRINKAGE`): two products that their only
    three buyers share are less alike than two that half of three hundred share.
    Source: Deshpande & Karypis (2004), "Item-Based Top-N Recommendation Algorithms".
    """
    from scipy.sparse import csr_array

    bought = history.matrix(np.ones(len(history.bought)))
    bought.data[:] = 1.0
    by_product = csr_array(bought.T.tocsr())
    size = np.sqrt(np.diff(by_product.indptr).clip(min=1))
    step = max(1, BLOCK // max(1, history.products.size))
    parts = [
        _nearest(start, by_product[start : start + step], bought, size, top)
        for start in range(0, history.products.size, step)
    ]
    return Similar(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _nearest(first: int, block: csr_array, bought: csr_array, size: Floats, top: int) -> Similar:
    """For the products of `block`, which begins with product `first`."""
    together = block @ bought
    together.sort_indices()
    product = first + row_of_each(together)
    together = only(together, (together.data >= LEAST) & (together.indices != product))
    product = first + row_of_each(together)
    near = together.copy()
    near.data = together.data / (size[product] * size[together.indices])
    near.data *= together.data / (together.data + SHRINKAGE)
    kept = largest(near, top)
    near, common = only(near, kept), only(together, kept)
    row, other, rank = best_first(near)
    order = np.lexsort((near.indices, -near.data, row))
    return Similar(first + row, other, rank, near.data[order], common.data[order].astype(np.int64))
