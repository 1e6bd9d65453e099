"""What people with the same taste buy, found as factors of taste."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator
from threadpoolctl import threadpool_limits

from engine.phrases import Name, Phrase
from engine.recommend.history import History, Ints, Singles
from engine.recommend.least_squares import batches, solved, speaking_most, turned
from engine.recommend.rankers import Fitted, Kept, Ranker

if TYPE_CHECKING:
    from scipy.sparse import csr_array

EXACT = 12  # steps of a half-step that is to be exact, as far as single precision goes


@dataclass(frozen=True)
class Als(Ranker):
    """Factors x of customers and y of products for which x·y is near 1 where the customer bought the product, else 0:

        Σ_bought w (1 − x·y)² + unobserved Σ_all (x·y)² + Σ_customers ridge |x|² + Σ_products ridge |y|²

    w is `ever` plus the customer's orders of the product, each counting half after `half_life_days`; a ridge is
    `regularisation` (Σ w + unobserved · number of the others) to the `exponent`, so that who bought much is not
    free of it. Customers and products take turns; the last turn is the customers', to the end, so that what `resumed`
    folds in is what a fit had said.
    Source: Hu, Koren & Volinsky (2008), "Collaborative Filtering for Implicit Feedback Datasets"; the objective is
    that of Rendle, Krichene, Zhang & Koren (2021), "Revisiting the Performance of iALS on Item Recommendation
    Benchmarks", eq. 1 to 4. The settings were chosen on the months July to September of Online Retail.
    """

    name: str = "als"
    personal: bool = True
    factors: int = 96
    iterations: int = 9
    steps: int = 2  # of conjugate gradients in each turn
    regularisation: float = 0.11
    exponent: float = 0.5
    unobserved: float = 2.0
    half_life_days: float = 60.0
    ever: float = 0.15
    threads: int | None = None  # as there is work for, up to the machine's cores

    @property
    def label(self) -> Phrase:
        return Phrase("what suits the tastes seen in all purchases")

    def fit(self, history: History, rng: Generator) -> FittedAls:
        from scipy.sparse import csr_array

        bought = self._bought(history)
        n_customers, n_products = bought.shape
        n_factors = max(1, min(self.factors, n_customers, n_products))
        by_product = csr_array(bought.T.tocsr())
        customers, products = batches(bought), batches(by_product)
        ridge, ridge_of_products = self._ridge(bought), self._ridge(by_product)
        x = np.zeros((n_customers, n_factors), np.float32)
        y = rng.normal(0, 0.1 / np.sqrt(n_factors), (n_products, n_factors)).astype(np.float32)
        with threadpool_limits(1, "blas"):  # many small products: BLAS's threads would only wait for each other
            for _ in range(self.iterations):
                size, turn = turned(y)
                y = y @ turn
                x = solved(customers, y, self._shared(size), ridge, x @ turn, steps=self.steps, threads=self.threads)
                size, turn = turned(x)
                x = x @ turn
                y = solved(
                    products, x, self._shared(size), ridge_of_products, y @ turn, steps=self.steps, threads=self.threads
                )
        return self._folded(history, bought, y)

    def resumed(self, history: History, kept: Kept) -> FittedAls:
        y = np.zeros((history.products.size, kept["factors"].shape[1]), np.float32)
        known = np.isin(history.products, kept["products"])
        y[known] = kept["factors"][np.searchsorted(kept["products"], history.products[known])]
        return self._folded(history, self._bought(history), y)

    def _bought(self, history: History) -> csr_array:
        bought = history.matrix(0.5 ** (history.age_days / self.half_life_days))
        bought.data = (self.ever + bought.data).astype(np.float32)
        return bought

    def _shared(self, size: Singles) -> Singles:
        shared: Singles = np.float32(self.unobserved) * size
        return shared

    def _ridge(self, bought: csr_array) -> Singles:
        """Of each row."""
        others = bought.sum(axis=1) + self.unobserved * bought.shape[1]
        ridge: Singles = (self.regularisation * others**self.exponent).astype(np.float32)
        return ridge

    def _folded(self, history: History, bought: csr_array, y: Singles) -> FittedAls:
        size, turn = turned(y)
        turned_y = y @ turn
        shared, ridge = self._shared(size), self._ridge(bought)
        with threadpool_limits(1, "blas"):
            x = solved(batches(bought), turned_y, shared, ridge, steps=EXACT, threads=self.threads)
        return FittedAls(bought, x, turned_y, shared, ridge, y, history.products, history.names)


@dataclass(frozen=True)
class FittedAls(Fitted):
    bought: csr_array  # customers by products: w
    of_customers: Singles
    of_products: Singles
    shared: Singles  # on the diagonal of every customer's equation, one per factor
    ridge: Singles  # and of each customer's own
    learned: Singles  # of products, before they were turned
    products: Ints
    names: tuple[Name, ...]

    def scores(self, customers: Ints) -> Singles:
        scores: Singles = self.of_customers[customers] @ self.of_products.T
        return scores

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        most, share = self.telling(customers, products)
        alone = np.diff(self.bought.indptr)[customers] == 1
        facts = zip(products.tolist(), most.tolist(), share.tolist(), alone.tolist(), strict=True)
        return [self._reason(*each) for each in facts]

    def telling(self, customers: Ints, products: Ints) -> tuple[Ints, Singles]:
        """The bought product that speaks most for each candidate, and its share of all that speaks for it, 0 to 1.

        A score is the sum over what the customer bought of w yᵀ A⁻¹ y_bought, with A of the customer's equation.
        Source: Hu, Koren & Volinsky (2008), eq. 7.
        """
        mine = self.bought[customers]
        rows = batches(mine, np.zeros(mine.nnz, np.float32))
        towards = self.of_products[products]
        with threadpool_limits(1, "blas"):
            z = solved(rows, self.of_products, self.shared, self.ridge[customers], steps=EXACT, right=towards)
        most, _, share = speaking_most(batches(mine), self.of_products, z)
        return most, share

    def _reason(self, product: int, most: int, share: float, alone: bool) -> Phrase:
        if most == product:
            return Phrase("they bought it before, and that speaks most for it")
        if alone:
            return Phrase("goes with {other}, which they bought", other=self.names[most])
        return Phrase(
            "goes with what they bought, above all with {other}: that is {percent} % of what speaks for it",
            other=self.names[most],
            percent=round(100 * share),
        )

    def kept(self) -> Kept:
        return {"products": self.products, "factors": self.learned}


RANKER = Als()
