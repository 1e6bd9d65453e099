"""What a purchase counts when two rows of a matrix are compared: rows are documents, columns are their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from engine.recommend.sparse import row_of_each

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Weighting = Literal["cosine", "tfidf", "bm25"]

K1, B = 1.2, 0.75  # how soon repetition stops to count, and how much the length of a row takes away


def compared(matrix: csr_array, weighting: Weighting) -> csr_array:
    """The matrix whose rows are to be multiplied with each other.

    cosine: every row has length 1. tfidf: the root of each value times ln(1 + rows / rows with this column), then
    length 1. bm25: saturated by `K1` and by the row's length, and times ln(1 + (rows − df + ½) / (df + ½)); these
    rows have no common length, so that a row with more to say has more weight.
    Source: Salton & Buckley (1988), "Term-weighting approaches in automatic text retrieval"; Robertson & Zaragoza
    (2009), "The Probabilistic Relevance Framework", equation 3.15, with the 1 in the logarithm that keeps it positive.
    """
    weighted = matrix.astype(np.float32)
    n_rows = np.count_nonzero(np.diff(matrix.indptr))
    df = np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.float32)
    if weighting == "bm25":
        total = np.asarray(matrix.sum(axis=1), np.float32)
        length = (1 - B + B * total / (total.sum() / max(1, n_rows) or 1))[row_of_each(matrix)]
        rarity = np.log1p((n_rows - df + 0.5) / (df + 0.5))[matrix.indices]
        weighted.data = weighted.data * (K1 + 1) / (weighted.data + K1 * length) * rarity
        return weighted
    if weighting == "tfidf":
        weighted.data = np.sqrt(weighted.data) * np.log1p(n_rows / np.maximum(df, 1))[matrix.indices]
    weighted.data = (weighted.data / row_lengths(weighted)[row_of_each(weighted)]).astype(np.float32)
    return weighted


def row_lengths(matrix: csr_array) -> NDArray[np.float32]:
    """The Euclidean length of every row."""
    squares = np.bincount(row_of_each(matrix), matrix.data.astype(np.float64) ** 2, minlength=matrix.shape[0])
    return np.sqrt(squares).astype(np.float32)
