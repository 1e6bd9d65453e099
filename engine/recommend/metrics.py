"""How good lists of products are, beside what the customers then bought.

A product is relevant to a customer who bought it; how often does not count. With k places, n relevant products of a
customer, and rel(p) = 1 where the product at place p is one of them:

    recall     Σ rel(p) / n; so with more than k relevant products it stays below 1
    hit_rate   1 if any rel(p) = 1, else 0
    ndcg       Σ rel(p) / log2(1 + p), over the same of a list that has min(k, n) relevant products first
    mrr        1 / the first place with rel(p) = 1; 0 without one
    map        Σ rel(p) · (share of relevant among the first p) / min(k, n)

Customers without relevant products do not count. One who got no list, or a shorter one, has nothing at those places;
places beyond k and a product's second place on the same list count for nothing.

Source: Järvelin & Kekäläinen (2002), "Cumulated Gain-based Evaluation of IR Techniques" (binary gains, log2);
Herlocker et al. (2004), "Evaluating Collaborative Filtering Recommender Systems"; Castells, Hurley & Vargas (2015),
"Novelty and Diversity in Recommender Systems" (self-information, intra-list diversity).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.recommend.history import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

METRICS = ("ndcg", "hit_rate", "recall", "mrr", "map")


class Lists(NamedTuple):
    """Parallel arrays: the row of a customer, a product, its place on that customer's list (1, 2, …)."""

    row: Ints
    product: Ints
    place: Ints

    def first(self, k: int) -> Lists:
        kept = self.place <= k
        return Lists(self.row[kept], self.product[kept], self.place[kept])


def in_batches(customers: Ints, size: int, lists_of: Callable[[Ints], Lists]) -> Lists:
    """The lists of all `customers`, asked for `size` of them at once."""
    parts = [Lists(*np.empty((3, 0), np.int64))]
    for start in range(0, customers.size, size):
        found = lists_of(customers[start : start + size])
        parts.append(found._replace(row=start + found.row))
    return Lists(*(np.concatenate(column) for column in zip(*parts, strict=True)))


class Pairs(NamedTuple):
    """Parallel arrays: the row of a customer, and a product that is relevant to them."""

    row: Ints
    product: Ints


@dataclass(frozen=True)
class PerCustomer:
    """Each metric for each row that has relevant products; `rows` ascend."""

    rows: Ints
    ndcg: Floats
    hit_rate: Floats
    recall: Floats
    mrr: Floats
    map: Floats

    def of(self, metric: str) -> Floats:
        """The values of one of METRICS."""
        values: Floats = getattr(self, metric)
        return values


def per_customer(lists: Lists, truth: Pairs, k: int) -> PerCustomer:
    """The metrics of this module at `k` places, customer by customer."""
    width = 1 + max(truth.product.max(initial=0), lists.product.max(initial=0))
    relevant = np.unique(truth.row * width + truth.product)
    rows, n = np.unique(relevant // width, return_counts=True)
    row, place = _hits(lists.first(k), relevant, width)
    which = np.searchsorted(rows, row)
    # hits come by row and place, so this counts those of the row up to each
    so_far = np.arange(row.size) - np.searchsorted(row, row) + 1

    def total(values: Floats) -> Floats:
        return np.bincount(which, values, minlength=rows.size).astype(np.float64)

    achievable = np.minimum(k, n)
    hits = total(np.ones(row.size))
    first = so_far == 1
    return PerCustomer(
        rows,
        ndcg=total(1 / np.log2(1 + place)) / ideal(achievable),
        hit_rate=(hits > 0).astype(np.float64),
        recall=hits / n,
        mrr=total(np.where(first, 1 / place, 0.0)),
        map=total(so_far / place) / achievable,
    )


def ideal(n: Ints) -> Floats:
    """The discounted gain of lists whose first `n` products are all relevant."""
    gains = np.cumsum(1 / np.log2(2 + np.arange(n.max(initial=1))))
    return np.asarray(gains[n - 1], np.float64)


def _hits(lists: Lists, relevant: Ints, width: int) -> tuple[Ints, Ints]:
    """Row and place of every relevant product on its list, by row and place."""
    order = np.lexsort((lists.place, lists.row))
    row, product, place = lists.row[order], lists.product[order], lists.place[order]
    pair = row * width + product
    _, first = np.unique(pair, return_index=True)
    hit = np.zeros(pair.size, np.bool_)
    hit[first] = np.isin(pair[first], relevant)
    return row[hit], place[hit]


def coverage(lists: Lists, n_products: int, k: int) -> float:
    """The share of `n_products` that stand among the first `k` of any list; 0 without products."""
    return np.unique(lists.first(k).product).size / n_products if n_products else 0.0


def novelty(lists: Lists, buyers: Ints, n_customers: int, k: int) -> float:
    """The mean self-information −log2(buyers / customers) of a list's first `k` products, in bits, over the lists.

    `buyers` are those of each product among `n_customers` when the lists were made; a product without one counts as if
    one had bought it. 0 without lists. More is less known.
    """
    top = lists.first(k)
    surprise = -np.log2(np.maximum(buyers, 1) / max(1, n_customers))
    return _mean_of_lists(top.row, surprise[top.product])


def diversity(lists: Lists, vectors: csr_array, k: int) -> float:
    """1 − the mean similarity of the pairs among a list's first `k`, over the lists with two products or more.

    Two products are as similar as the cosine of their rows in `vectors`, each of length 1, or empty where nothing is
    known of a product. 0 without such lists.
    """
    from scipy.sparse import csr_array

    top = lists.first(k)
    rows, which, n = np.unique(top.row, return_inverse=True, return_counts=True)
    listed = csr_array((np.ones(top.row.size), (which, top.product)), shape=(rows.size, vectors.shape[0]))
    # the square of a sum of vectors is their own squares and, twice, the product of each two
    total = listed @ vectors
    squares = np.asarray(total.multiply(total).sum(axis=1), np.float64)
    own = listed @ np.asarray(vectors.multiply(vectors).sum(axis=1), np.float64)
    several = n > 1
    alike = (squares - own)[several] / (n * (n - 1))[several]
    return float((1 - alike).mean()) if alike.size else 0.0


def _mean_of_lists(row: Ints, values: Floats) -> float:
    """The mean over rows of each row's mean."""
    if not row.size:
        return 0.0
    _, which, n = np.unique(row, return_inverse=True, return_counts=True)
    return float((np.bincount(which, values) / n).mean())
