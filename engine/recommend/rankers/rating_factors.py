"""The rating that a customer would give, from what they and the products are like."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator
from threadpoolctl import threadpool_limits

from engine.phrases import Name, Phrase, counted
from engine.recommend.history import Floats, History, Ints, Singles
from engine.recommend.least_squares import batches, solved, speaking_most
from engine.recommend.rankers import Fitted, Kept, Ranker
from engine.recommend.ratings import Ratings, lacking
from engine.recommend.scores import of_pairs

if TYPE_CHECKING:
    from scipy.sparse import csr_array

EXACT = 40  # steps of a half-step that is to be exact


@dataclass(frozen=True)
class RatingFactors(Ranker):
    """r̂(u, i) = μ + b_u + b_i + q_i·p_u, with the least Σ (r − r̂)² + `ridge` (|p|² + |q|²) + `ridge_of_bias` (b²).

    μ is the mean of all ratings; b, p and q are learned in units of their spread, so that stars and ten points want
    the same ridge. Customers and products take turns: with the others fixed, each one's factors and
    bias are one least-squares problem. The last turn is the customers', to the end. Held to the scale; a rating below
    its middle is no candidate, nor is a product that nobody rated. A customer who rated nothing has no list.
    Source: Koren, Bell & Volinsky (2009), "Matrix Factorization Techniques for Recommender Systems", eq. 4 and 5;
    alternating least squares as on p. 33.
    """

    name: str = "rating_factors"
    personal: bool = True
    factors: int = 16
    iterations: int = 15
    steps: int = 3  # of conjugate gradients in each turn
    ridge: float = 8.0
    ridge_of_bias: float = 4.0
    threads: int | None = None

    @property
    def label(self) -> Phrase:
        return Phrase("what they would rate best")

    def lacking(self, history: History) -> Phrase | None:
        return lacking(history)

    def fit(self, history: History, rng: Generator) -> FittedRatingFactors:
        ratings = Ratings.of(history)
        mean = float(ratings.value.mean()) if ratings.value.size else 0.0
        spread = float(ratings.value.std()) if ratings.value.size else 0.0
        spread = spread if spread > 0 else 1.0
        by_customer = ratings.table((ratings.value - mean) / spread)
        by_product = by_customer.T.tocsr()
        n_customers, n_products = by_customer.shape
        q = rng.normal(0, 0.1, (n_products, self.factors)).astype(np.float32)
        p = np.zeros((n_customers, self.factors), np.float32)
        of_customers, of_products = np.zeros(n_customers, np.float32), np.zeros(n_products, np.float32)
        with threadpool_limits(1, "blas"):
            for _ in range(self.iterations):
                p, of_customers = self._turn(by_customer, q, of_products, p, of_customers, self.steps)
                q, of_products = self._turn(by_product, p, of_customers, q, of_products, self.steps)
        return self._folded(history, mean, spread, q, of_products)

    def resumed(self, history: History, kept: Kept) -> FittedRatingFactors:
        q = np.zeros((history.products.size, kept["factors"].shape[1]), np.float32)
        bias = np.zeros(history.products.size, np.float32)
        known = np.isin(history.products, kept["products"])
        where = np.searchsorted(kept["products"], history.products[known])
        q[known], bias[known] = kept["factors"][where], kept["bias"][where]
        mean, spread = kept["units"].tolist()
        return self._folded(history, mean, spread, q, bias)

    def base(self, n_factors: int) -> Singles:
        """The ridge of each factor, and of the bias as the last."""
        return np.array([self.ridge] * n_factors + [self.ridge_of_bias], np.float32)

    def _turn(
        self, table: csr_array, others: Singles, bias: Singles, start: Singles, own: Singles, steps: int
    ) -> tuple[Singles, Singles]:
        """Factors and biases of the rows, with those of the columns fixed; 0 in a row without ratings."""
        ones = table.copy()
        ones.data = np.ones(table.data.size, np.float32)
        targets = (table.data - bias[table.indices]).astype(np.float32)
        x = solved(
            batches(ones, targets),
            np.column_stack([others, np.ones(others.shape[0], np.float32)]),
            self.base(others.shape[1]),
            np.zeros(table.shape[0], np.float32),
            np.column_stack([start, own]),
            steps=steps,
            threads=self.threads,
        )
        return x[:, :-1], x[:, -1]

    def _folded(
        self, history: History, mean: float, spread: float, q: Singles, of_products: Singles
    ) -> FittedRatingFactors:
        ratings = Ratings.of(history)
        n = history.customers.size
        start = np.zeros((n, q.shape[1]), np.float32)
        with threadpool_limits(1, "blas"):
            table = ratings.table((ratings.value - mean) / spread)
            p, of_customers = self._turn(table, q, of_products, start, np.zeros(n, np.float32), EXACT)
        return FittedRatingFactors(
            self, ratings, mean, spread, of_customers, of_products, p, q, ratings.table(ratings.value),
            ratings.table(np.ones(ratings.value.size)), history.products, history.names,
        )  # fmt: skip


@dataclass(frozen=True)
class FittedRatingFactors(Fitted):
    ranker: RatingFactors
    ratings: Ratings
    mean: float
    spread: float
    of_customers: Singles  # biases, in units of the spread
    of_products: Singles
    p: Singles  # customers by factors
    q: Singles  # products by factors
    values: csr_array  # customers by products: the rating
    rated: csr_array  # the same: 1
    products: Ints
    names: tuple[Name, ...]

    def predicted(self, customers: Ints) -> Floats:
        """The rating that each of them would give each product, held to the scale."""
        plain = self.of_customers[customers, None] + self.of_products + self.p[customers] @ self.q.T
        return self.ratings.held(self.mean + self.spread * plain.astype(np.float64))

    def scores(self, customers: Ints) -> Singles:
        predicted = self.predicted(customers).astype(np.float32)
        told = np.diff(self.values.indptr)[customers] > 0
        rated = np.bincount(self.ratings.product, minlength=self.products.size) > 0
        there = (predicted >= self.ratings.middle) & told[:, None] & rated
        return np.where(there, predicted, np.float32(0))

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        most, lift = self._telling(customers, products)
        own = of_pairs(self.values, customers, most)
        rated = of_pairs(self.rated, customers, products) > 0
        before = np.where(rated, of_pairs(self.values, customers, products), np.nan)
        n_both, sum_both = self._said_by_those_who_liked(most, products)
        n_all, sum_all = self.rated.sum(axis=0)[products], self.values.sum(axis=0)[products]
        # what speaks for it is taste only if it says more than what everybody thinks of the product
        taste = (lift > np.maximum(self.of_products[products], 0)) & (own >= self.ratings.middle)
        taste &= (n_both > 0) & (sum_both * n_all >= sum_all * n_both)
        facts = np.column_stack([before, taste, most, own, n_both, sum_both, n_all, sum_all])
        return [
            self._reason(again, bool(by_taste), self.names[int(liked)], *rest)
            for again, by_taste, liked, *rest in facts.tolist()
        ]

    def _telling(self, customers: Ints, products: Ints) -> tuple[Ints, Singles]:
        """The rated product that speaks most for each candidate, and how much of the rating q·p has from it."""
        towards = np.column_stack([self.q[products], np.zeros(products.size, np.float32)])
        others = np.column_stack([self.q, np.ones(len(self.q), np.float32)])
        base = self.ranker.base(self.q.shape[1])
        mine = self.values[customers]
        targets = (mine.data - self.mean) / self.spread - self.of_products[mine.indices]
        ones = mine.copy()
        ones.data = np.ones(mine.data.size, np.float32)
        with threadpool_limits(1, "blas"):
            z = solved(
                batches(ones, np.zeros(targets.size, np.float32)),
                others,
                base,
                np.zeros(products.size, np.float32),
                steps=EXACT,
                right=towards,
            )
        most, lift, _ = speaking_most(batches(ones, targets.astype(np.float32)), others, z)
        return most, lift

    def _said_by_those_who_liked(self, liked: Ints, products: Ints) -> tuple[Floats, Floats]:
        """Pair by pair: how many who rated `liked` well rated the product too, and the sum of their ratings of it."""
        well = self.values.T.tocsr()
        well.data = (well.data >= self.ratings.middle).astype(np.float64)
        both = well[liked].multiply(self.rated.T.tocsr()[products]).sum(axis=1)
        total = well[liked].multiply(self.values.T.tocsr()[products]).sum(axis=1)
        return np.asarray(both, np.float64), np.asarray(total, np.float64)

    def _reason(
        self,
        before: float,
        taste: bool,
        liked: Name,
        own: float,
        n_both: float,
        sum_both: float,
        n: float,
        total: float,
    ) -> Phrase:
        top = round(self.ratings.top)
        if not isnan(before):
            return Phrase("gave it {own:g} of {top} before", own=before, top=top)
        if taste:
            return counted(
                "gave {other} {own:g} of {top}; {n} person who liked that too gave this {mean:.1f}",
                "gave {other} {own:g} of {top}; {n} people who liked that too gave this {mean:.1f} on average",
                n=round(n_both),
                other=liked,
                own=own,
                mean=sum_both / n_both,
                top=top,
            )
        return counted(
            "{n} person rated it: {mean:.1f} of {top}",
            "{n} people rated it: {mean:.1f} of {top} on average",
            n=round(n),
            mean=total / n,
            top=top,
        )

    def kept(self) -> Kept:
        return {
            "products": self.products,
            "factors": self.q,
            "bias": self.of_products,
            "units": np.array([self.mean, self.spread]),
        }


RANKER = RatingFactors()
