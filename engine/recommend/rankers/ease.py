"""Which products speak for which: one regression over all that people bought, solved in closed form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phrases import Phrase
from engine.recommend.history import History, Ints
from engine.recommend.interactions import decayed, divided, ever, newest
from engine.recommend.rankers import Kept, Ranker
from engine.recommend.sparse import set_itself, strongest
from engine.recommend.through import FittedThrough, Pairs, no_pairs, resumed_weights

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Dense = NDArray[np.float32]
Solved = tuple[NDArray[np.int32], Dense]  # of each candidate: bought products, and their weights

BLOCK = 1_000  # products at once
SOLVED = 2_000_000  # numbers of the small systems solved at once: 8 MB


@dataclass(frozen=True)
class Ease(Ranker):
    """Each product's purchases regressed on those of all others, with no weight of a product for itself.

    With G = XᵀX + λI and P = G⁻¹ the weights are B = I − P · diag(1 / P_ii); λ is `regularisation` times the mean of
    the diagonal of XᵀX. In X the last purchase of each pair counts half after `fit_half_life_days` (inf: always 1),
    divided by the sum of the customer's row to the power of `breadth` (0: not divided): who bought everything says
    little of any pair. A score goes through the root of the customer's orders of a product, each counting half after
    `half_life_days`.

    Products with fewer than `least` buyers are left out, and beyond `core` products those with the fewest. With more
    than `exact` products each is regressed only on the `neighbours` nearest by cosine, which is the same where these
    are all. The `kept_weights` largest weights of each candidate stay, and of those above 0 only the ones of pairs with
    `least_together` buyers in common. Memory: 4 bytes times the products squared.
    Source: Steck (2019), "Embarrassingly Shallow Autoencoders for Sparse Data", equations 5 to 8; for many products
    Steck (2019), "Markov Random Fields for Collaborative Filtering", section 3.2, with one product per block.
    """

    name: str = "ease"
    personal: bool = True
    regularisation: float = 10.0
    fit_half_life_days: float = 60.0
    breadth: float = 0.25
    half_life_days: float = 120.0
    least: int = 3
    least_together: int = 2
    exact: int = 8_000
    core: int = 20_000
    neighbours: int = 200
    kept_weights: int = 100

    @property
    def label(self) -> Phrase:
        return Phrase("what speaks for what, all taken together")

    def lacking(self, history: History) -> Phrase | None:
        return no_pairs(history)

    def fit(self, history: History, rng: Generator) -> FittedThrough:
        used = self._used(history.buyers())
        learned = divided(newest(history, self.fit_half_life_days), self.breadth)[:, used]
        pairs = _with_buyers(*self._solved(products_by_products(learned)), ever(history)[:, used])
        return FittedThrough.of(
            history, self._shown(history), *pairs.matrices(used, history.products.size, self.least_together)
        )

    def resumed(self, history: History, kept: Kept) -> FittedThrough:
        return FittedThrough.of(history, self._shown(history), resumed_weights(history, kept), None)

    def _shown(self, history: History) -> csr_array:
        bought = decayed(history, self.half_life_days)
        np.sqrt(bought.data, out=bought.data)
        return bought

    def _used(self, buyers: Ints) -> Ints:
        """Positions of the products that take part, ascending."""
        known = np.flatnonzero(buyers >= self.least)
        order = np.argsort(-buyers[known], kind="stable")
        return np.sort(known[order[: self.core]])

    def _solved(self, gram: Dense) -> Solved:
        """Of each product the strongest bought products, and their weights; overwrites `gram`."""
        if not gram.size:
            return np.empty((0, 0), np.int32), np.empty((0, 0), np.float32)
        solve = self._exact if gram.shape[0] <= self.exact else self._near
        sources, weights = zip(*solve(gram, self.regularisation * gram.diagonal().mean()), strict=True)
        return np.concatenate(sources), np.concatenate(weights)

    def _exact(self, gram: Dense, penalty: float) -> Iterator[Solved]:
        """Works in place, on the lower triangle alone."""
        from scipy.linalg.lapack import spotrf, spotri

        np.fill_diagonal(gram, gram.diagonal() + penalty)
        spotrf(gram, lower=1, clean=0, overwrite_a=1)
        spotri(gram, lower=1, overwrite_c=1)
        own = gram.diagonal().copy()
        for start in range(0, own.size, BLOCK):
            weight = _rows(gram, start) / -own[start : start + BLOCK, None]
            set_itself(weight, start, 0)
            source = strongest(np.abs(weight), self.kept_weights)
            yield source, np.take_along_axis(weight, source, axis=1)

    def _near(self, gram: Dense, penalty: float) -> Iterator[Solved]:
        """Every product regressed on those that are nearest to it."""
        size = np.sqrt(gram.diagonal()).astype(np.float32)
        step = max(1, SOLVED // self.neighbours**2)
        for start in range(0, size.size, step):
            cosine = gram[:, start : start + step].T / size
            set_itself(cosine, start, -1)
            source = strongest(cosine, min(self.neighbours, size.size - 1))
            system = gram[source[:, :, None], source[:, None, :]]
            system += np.float32(penalty) * np.eye(source.shape[1], dtype=np.float32)
            target = np.take_along_axis(gram[:, start : start + step].T, source, axis=1)
            yield source, np.linalg.solve(system, target[:, :, None])[:, :, 0]


def products_by_products(bought: csr_array) -> Dense:
    """XᵀX of customers by products, in column order as LAPACK wants it."""
    n_products = bought.shape[1]
    gram = np.empty((n_products, n_products), np.float32, order="F")
    by_product = bought.T.tocsr()
    for start in range(0, n_products, BLOCK):
        block = slice(start, start + BLOCK)
        gram[:, block] = (by_product[block] @ bought).toarray().T
    return gram


def _rows(lower: Dense, start: int) -> Dense:
    """`BLOCK` rows of the symmetric matrix with this lower triangle, whatever stands in the upper one."""
    stop = min(start + BLOCK, lower.shape[0])
    within = np.tril(lower[start:stop, start:stop])
    return np.hstack([lower[start:stop, :start], within + np.tril(within, -1).T, lower[stop:, start:stop].T])


def _with_buyers(source: NDArray[np.int32], weight: Dense, bought: csr_array) -> Pairs:
    """The pairs, and how many people bought both."""
    by_product = bought.T.tocsr()
    together = np.empty_like(weight)
    for start in range(0, source.shape[0], BLOCK):
        block = slice(start, start + BLOCK)
        together[block] = np.take_along_axis((by_product[block] @ bought).toarray(), source[block], axis=1)
    return Pairs(source, weight, together)


RANKER = Ease()
