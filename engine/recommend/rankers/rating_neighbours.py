"""What people who rate like the customer rated well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator

from engine.phrases import Phrase, counted
from engine.recommend.history import Floats, History, Ints
from engine.recommend.rankers import Fitted, Ranker
from engine.recommend.ratings import Ratings, lacking
from engine.recommend.scores import of_pairs
from engine.recommend.sparse import largest, only, row_of_each, values_at

if TYPE_CHECKING:
    from scipy.sparse import csr_array


NOTHING = 1e-9  # a sum of deviations, or a similarity, that is only rounding


@dataclass(frozen=True)
class RatingNeighbours(Ranker):
    """The rating that a customer would give, from those of the `neighbours` who rate most like them:

        r̂(u, i) = r̄(u) + Σ_v sim(u, v) (r(v, i) − r̄(v)) / Σ_v |sim(u, v)|

    r̄ is the mean of all ratings of a customer; sim is Pearson's correlation over the products that both rated, times
    n / (n + `shrinkage`) for n of them. Only products that `least` of the neighbours rated have a rating, held to the
    scale; one below the middle of the scale is no candidate. A customer whose ratings are all the same has no taste
    that could be compared, hence no neighbours. Neighbours are sought among the `raters` customers who rated most.
    Source: Resnick et al. (1994), "GroupLens: An Open Architecture for Collaborative Filtering of Netnews"; the
    shrinkage: Herlocker et al. (1999), "An Algorithmic Framework for Performing Collaborative Filtering".
    """

    name: str = "rating_neighbours"
    personal: bool = True
    neighbours: int = 500
    shrinkage: float = 25.0
    least: int = 2
    raters: int = 20_000

    @property
    def label(self) -> Phrase:
        return Phrase("what people who rate alike rate well")

    def lacking(self, history: History) -> Phrase | None:
        return lacking(history)

    def fit(self, history: History, rng: Generator) -> FittedRatingNeighbours:
        ratings = Ratings.of(history)
        n = np.bincount(ratings.customer, minlength=history.customers.size)
        mean = np.bincount(ratings.customer, ratings.value, history.customers.size) / np.maximum(n, 1)
        deviations = ratings.value - mean[ratings.customer]
        raters = np.sort(np.lexsort((np.arange(n.size), -n))[: self.raters])
        return FittedRatingNeighbours(
            self,
            ratings,
            mean,
            ratings.table(deviations),
            ratings.table(np.ones(deviations.size)),
            ratings.table(ratings.value),
            raters[n[raters] > 0],
        )


@dataclass(frozen=True)
class FittedRatingNeighbours(Fitted):
    ranker: RatingNeighbours
    ratings: Ratings
    mean: Floats  # of each customer
    deviations: csr_array  # customers by products: rating less the customer's mean
    rated: csr_array  # the same: 1
    values: csr_array  # the same: the rating
    raters: Ints

    def similarities(self, customers: Ints) -> csr_array:
        """Customers by raters, in the places of `raters`: those nearest, in either direction."""
        from scipy.sparse import csr_array

        mine, theirs = self.deviations[customers], self.deviations[self.raters]
        rated, rated_by = self.rated[customers], self.rated[self.raters].T.tocsr()
        both = csr_array(rated @ rated_by)
        own, other = ((mine * mine) @ rated_by), (rated @ (theirs * theirs).T.tocsr())
        spread = np.sqrt(values_at(both, own) * values_at(both, other))
        alike = values_at(both, csr_array(mine @ theirs.T.tocsr()))
        apart = customers[row_of_each(both)] != self.raters[both.indices]
        correlation = np.divide(alike, spread, out=np.zeros_like(spread), where=apart & (spread > NOTHING))
        similarity = csr_array(
            (correlation * both.data / (both.data + self.ranker.shrinkage), both.indices, both.indptr), both.shape
        )
        similarity = only(similarity, np.abs(similarity.data) > NOTHING)
        return only(similarity, largest(abs(similarity), self.ranker.neighbours))

    def predicted(self, customers: Ints) -> csr_array:
        """The rating that each of them would give, where enough neighbours gave one."""
        from scipy.sparse import csr_array

        near = self.similarities(customers)
        total = csr_array(abs(near) @ self.rated[self.raters])
        total.sort_indices()
        lift = values_at(total, csr_array(near @ self.deviations[self.raters])) / total.data
        value = self.ratings.held(self.mean[customers][row_of_each(total)] + lift)
        number = values_at(total, csr_array(near.astype(bool).astype(np.float64) @ self.rated[self.raters]))
        predicted = csr_array((value, total.indices, total.indptr), total.shape)
        return only(predicted, number >= self.ranker.least)

    def scores(self, customers: Ints) -> csr_array:
        predicted = self.predicted(customers)
        return only(predicted, predicted.data >= self.ratings.middle)

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        who, row = np.unique(customers, return_inverse=True)
        near = self.similarities(who)
        facts = [
            said
            for side in (near.data > 0, near.data < 0)
            for said in self._said(only(near, side), row.astype(np.int64), products)
        ]
        return [self._reason(*each) for each in zip(*(fact.tolist() for fact in facts), strict=True)]

    def _said(self, near: csr_array, row: Ints, products: Ints) -> tuple[Floats, Floats]:
        """How many of the people near each customer rated the product, and the sum of their ratings."""
        present = near.astype(bool).astype(np.float64)
        number = of_pairs(present @ self.rated[self.raters], row, products)
        return number, of_pairs(present @ self.values[self.raters], row, products)

    def _reason(self, number: float, total: float, number_unlike: float, total_unlike: float) -> Phrase:
        top = round(self.ratings.top)
        if number:
            return counted(
                "{n} person who rates like this customer gave it {mean:.1f} of {top}",
                "{n} people who rate like this customer gave it {mean:.1f} of {top} on average",
                n=round(number),
                mean=total / number,
                top=top,
            )
        return counted(
            "{n} person of the opposite taste gave it {mean:.1f} of {top}",
            "{n} people of the opposite taste gave it {mean:.1f} of {top} on average",
            n=round(number_unlike),
            mean=total_unlike / number_unlike,
            top=top,
        )


RANKER = RatingNeighbours()
