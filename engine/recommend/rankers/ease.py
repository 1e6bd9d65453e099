"""Which products speak for which: one regression over all that people bought, solved in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.phrases import Phrase
from engine.recommend.history import History, Ints
from engine.recommend.rankers import Kept, Ranker
from engine.recommend.through import FittedThrough, ever, lately, resumed_weights

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Dense = NDArray[np.float32]
Solved = tuple["csr_array", "csr_array"]  # weights, candidates by bought products; people who bought both

BLOCK = 1_000  # products at once
SOLVED = 2_000_000  # numbers of the small systems solved at once: 8 MB


@dataclass(frozen=True)
class Ease(Ranker):
    """Each product's purchases regressed on those of all others, with a penalty of `regularisation` and no weight of
    a product for itself: with G = XᵀX + λI and P = G⁻¹, B = I − P · diag(1 / P_ii).

    X is 1 where a customer ever bought a product; to score, a purchase counts half after `half_life_days`. Products
    with fewer than `least` buyers are left out, and beyond `core` products those with the fewest. With more than
    `exact` products each is regressed on its `neighbours` nearest by cosine only, which is the same where these are
    all. The `kept_weights` largest weights of each candidate stay. Memory: 4 bytes · (products used)².
    Source: Steck (2019), "Embarrassingly Shallow Autoencoders for Sparse Data", equations 5 to 8; beyond `exact`
    products Steck (2019), "Markov Random Fields for Collaborative Filtering", section 3.2, with one product per block.
    """

    name: str = "ease"
    personal: bool = True
    regularisation: float = 300.0
    half_life_days: float = 120.0
    least: int = 3
    exact: int = 8_000
    core: int = 20_000
    neighbours: int = 200
    kept_weights: int = 400

    @property
    def label(self) -> Phrase:
        return Phrase("what speaks for what, all taken together")

    def fit(self, history: History, rng: Generator) -> FittedThrough:
        used = self._used(history.buyers())
        shared = buyers_in_common(ever(history)[:, used])
        weights, together = self._exact(shared) if used.size <= self.exact else self._near(shared)
        size = history.products.size
        weights, together = _widened(weights, used, size), _widened(together, used, size)
        return FittedThrough.of(history, lately(history, self.half_life_days), weights, together)

    def resumed(self, history: History, kept: Kept) -> FittedThrough:
        return FittedThrough.of(history, lately(history, self.half_life_days), resumed_weights(history, kept), None)

    def _used(self, buyers: Ints) -> Ints:
        """Positions of the products that take part, ascending."""
        known = np.flatnonzero(buyers >= self.least)
        order = np.argsort(-buyers[known], kind="stable")
        return np.sort(known[order[: self.core]])

    def _exact(self, shared: Dense) -> Solved:
        """Works in place: the lower triangle becomes P, the upper one still says how many bought both."""
        from scipy.linalg.lapack import spotrf, spotri

        np.fill_diagonal(shared, shared.diagonal() + self.regularisation)
        spotrf(shared, lower=1, clean=0, overwrite_a=1)
        spotri(shared, lower=1, overwrite_c=1)
        own = shared.diagonal().copy()
        blocks = []
        for start in range(0, own.size, BLOCK):
            weights = _rows(shared, start) / -own[start : start + BLOCK, None]
            _without_itself(weights, start)
            source = _strongest(np.abs(weights), self.kept_weights)
            weights, together = (np.take_along_axis(all_, source, 1) for all_ in (weights, _rows(shared.T, start)))
            blocks.append((source, weights, together))
        return _matrices(blocks, own.size)

    def _near(self, shared: Dense) -> Solved:
        """Every product regressed on those that are nearest to it."""
        size = np.sqrt(shared.diagonal(), dtype=np.float32)
        step = max(1, SOLVED // self.neighbours**2)
        blocks = []
        for start in range(0, size.size, step):
            cosine = (shared[start : start + step] / size).astype(np.float32, copy=False)
            _without_itself(cosine, start)
            source = _strongest(cosine, self.neighbours)
            system = shared[source[:, :, None], source[:, None, :]]
            system += np.float32(self.regularisation) * np.eye(source.shape[1], dtype=np.float32)
            together = np.take_along_axis(shared[start : start + step], source, 1)
            blocks.append((source, np.linalg.solve(system, together[:, :, None])[:, :, 0], together))
        return _matrices(blocks, size.size)


def buyers_in_common(bought: csr_array) -> Dense:
    """Products by products: how many customers bought both; on the diagonal, how many bought it."""
    n_products = bought.shape[1]
    shared = np.empty((n_products, n_products), np.float32, order="F")
    by_product = bought.T.tocsr()
    for start in range(0, n_products, BLOCK):
        block = slice(start, start + BLOCK)
        shared[:, block] = (by_product[block] @ bought).toarray().T
    return shared


def _rows(lower: Dense, start: int) -> Dense:
    """`BLOCK` rows of the symmetric matrix with this lower triangle, whatever stands in the upper one."""
    stop = min(start + BLOCK, lower.shape[0])
    within = np.tril(lower[start:stop, start:stop])
    return np.hstack([lower[start:stop, :start], within + np.tril(within, -1).T, lower[stop:, start:stop].T])


def _without_itself(block: Dense, start: int) -> None:
    """0 where a row of the block, which begins with row `start`, meets its own column."""
    block[np.arange(block.shape[0]), start + np.arange(block.shape[0])] = 0


def _strongest(values: Dense, k: int) -> Ints:
    """The columns of the `k` largest values of each row, ascending."""
    if k >= values.shape[1]:
        return np.tile(np.arange(values.shape[1]), (values.shape[0], 1))
    return np.sort(np.argpartition(-values, k - 1, axis=1)[:, :k], axis=1)


def _matrices(blocks: list[tuple[Ints, Dense, Dense]], size: int) -> Solved:
    """The blocks' rows, one below the other, without what says nothing or for which nobody speaks."""
    from scipy.sparse import csr_array

    if not blocks:
        return csr_array((0, 0), dtype=np.float32), csr_array((0, 0), dtype=np.float32)
    source, weight, together = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    # a pair that nobody bought can speak against a product, but nothing could be told of one that it speaks for
    kept = (weight < 0) | ((weight > 0) & (together > 0))
    starts = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    weights, counts = (csr_array((x[kept], source[kept], starts), shape=(size, size)) for x in (weight, together))
    return weights, counts


def _widened(matrix: csr_array, used: Ints, size: int) -> csr_array:
    """The matrix of the products that were `used`, on all `size` products of the history."""
    from scipy.sparse import csr_array

    per_row = np.zeros(size, np.int64)
    per_row[used] = np.diff(matrix.indptr)
    starts = np.concatenate([[0], np.cumsum(per_row)])
    return csr_array((matrix.data, used[matrix.indices], starts), shape=(size, size))


RANKER = Ease()
