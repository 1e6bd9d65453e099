"""Products that the same people buy, and products that are alike in what is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.descriptions import Fields, blocks, nearest
from engine.recommend.history import Floats, History, Ints
from engine.recommend.likeness import Likeness
from engine.recommend.scores import best
from engine.recommend.sparse import best_first, only, set_itself

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LEAST = 2  # buyers in common
SHRINKAGE = 10.0
BLOCK = 4_000_000  # stored values at once: about 100 MB
LEAST_ALIKE = 0.2  # cosine of names, descriptions, categories and prices


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
    n_common = (block @ bought).toarray()
    similarity = n_common**2 / ((n_common + SHRINKAGE) * np.outer(size[first : first + len(n_common)], size))
    similarity[n_common < LEAST] = 0
    set_itself(similarity, first, 0)
    near = best(similarity, top)
    row, other, rank = best_first(near)
    order = np.lexsort((near.indices, -near.data, row))
    return Similar(first + row, other, rank, near.data[order], n_common[row, other].astype(np.int64))


class Alike(NamedTuple):
    """The same, and in what they are alike."""

    product: Ints
    other: Ints
    rank: Ints
    similarity: Floats
    reasons: list[Phrase]


def alike(history: History, top: int) -> Alike:
    """For each product up to `top` others of which the same is told (`engine.recommend.descriptions`)."""
    parts = blocks(history)
    if not parts:
        none = np.zeros(0, np.int64)
        return Alike(none, none, none, np.zeros(0), [])
    near = nearest(history, Fields())
    near = best(only(near, near.data >= LEAST_ALIKE), top)
    product, other, rank = best_first(near)
    similarity = np.clip(near.data[np.lexsort((near.indices, -near.data, product))], 0, 1).astype(np.float64)
    # what is told of a purchase is not asked for here
    attributes = history.catalogue[c.ATTRIBUTES].tolist()
    likeness = Likeness(history.names, attributes, parts, Fields())
    told = likeness.reasons(product, other, np.zeros(product.size, np.int64))
    reasons = [Phrase("{alike}", alike=reason.facts["alike"]) for reason in told]
    return Alike(product, other, rank, similarity, reasons)
