"""What is like what the customer has bought, by what it is: so a product added today can be recommended today."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.descriptions import Fields, blocks, joined, nearest
from engine.recommend.history import Floats, History, Ints
from engine.recommend.likeness import Likeness
from engine.recommend.rankers import Fitted, Ranker
from engine.recommend.sparse import best_first, largest, only

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BATCH = 1_000  # customers at once


@dataclass(frozen=True)
class Content(Ranker):
    """Cosine between a product and each that the customer bought, each purchase counting half after `half_life_days`.

    Only the `neighbours` bought products that are most like a candidate speak for it: a customer of many things has
    a profile that is near to everything and means nothing. For the same reason a cosine counts to the power of
    `amplification`: what is nearly the same speaks louder than many that are a little alike.
    Products are the vectors of `engine.recommend.descriptions`.
    Source: Lops, de Gemmis & Semeraro (2011), "Content-based Recommender Systems: State of the Art and Trends";
    case amplification: Breese, Heckerman & Kadie (1998), "Empirical Analysis of Predictive Algorithms for
    Collaborative Filtering".
    """

    name: str = "content"
    personal: bool = True
    newcomers: bool = True
    neighbours: int = 50
    least: float = 0.02  # cosine
    amplification: float = 3.0
    half_life_days: float = 365.0
    fields: Fields = field(default_factory=Fields)

    @property
    def label(self) -> Phrase:
        return Phrase("what is like what they bought")

    def fit(self, history: History, rng: Generator) -> FittedContent:
        parts = blocks(history)
        recency = history.matrix(0.5 ** (history.age_days / self.half_life_days))
        n_products = history.products.size
        likeness = Likeness(history.names, history.catalogue[c.ATTRIBUTES].tolist(), parts, self.fields)
        if not parts:
            return FittedContent(recency, np.ones(history.customers.size), _empty(n_products), _last(history), likeness)
        size = _lengths(recency, joined(parts, self.fields))
        return FittedContent(
            recency=recency,
            size=np.where(size > 0, size, 1.0),
            similarity=self._nearest(history),
            last=_last(history),
            likeness=likeness,
        )

    def _nearest(self, history: History) -> csr_array:
        """Candidates by the bought products that speak for them."""
        near = nearest(history, self.fields)
        near = only(near, (near.data >= self.least) & (history.buyers() > 0)[near.indices])
        near = only(near, largest(near, self.neighbours))
        near.data **= self.amplification
        return near


@dataclass(frozen=True)
class FittedContent(Fitted):
    recency: csr_array  # customers by products: how lately they bought it
    size: Floats  # length of each customer's profile
    similarity: csr_array  # candidates by the bought products that speak for them
    last: csr_array  # customers by products: seconds since 1970 of the last purchase
    likeness: Likeness

    def scores(self, customers: Ints) -> csr_array:
        from scipy.sparse import csr_array, diags_array

        summed = self.recency[customers] @ self.similarity.T
        return csr_array(diags_array(1.0 / self.size[customers]) @ summed)

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        shares = self.recency[customers].multiply(self.similarity[products]).tocsr()
        _, sources, places = best_first(shares)
        most = sources[places == 1]
        return self.likeness.reasons(products, most, self.last[customers, most])


def _lengths(recency: csr_array, described: csr_array) -> Floats:
    """The length of each customer's profile, the sum of what they bought."""
    lengths = [np.zeros(0)]
    for start in range(0, recency.shape[0], BATCH):
        profile = recency[start : start + BATCH] @ described
        lengths.append(np.sqrt(np.asarray(profile.multiply(profile).sum(axis=1), np.float64).ravel()))
    return np.concatenate(lengths)


def _empty(n_products: int) -> csr_array:
    from scipy.sparse import csr_array

    return csr_array((n_products, n_products))


def _last(history: History) -> csr_array:
    from scipy.sparse import csr_array

    newest = history.bought.drop_duplicates([c.CUSTOMER, c.PRODUCT], keep="last")
    seconds = newest[c.AT].to_numpy("datetime64[s]").astype(np.int64)
    where = (newest[c.CUSTOMER].to_numpy(), newest[c.PRODUCT].to_numpy())
    return csr_array((seconds, where), shape=(history.customers.size, history.products.size))


RANKER = Content()
