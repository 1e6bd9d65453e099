"""What is known of the people themselves, for policies that choose for each person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.experiments.tally import Counts, Tally, Weights

Features = NDArray[np.float64]

_PRODUCTS_AT_ONCE = 50_000  # as many as the processor keeps near


@dataclass(frozen=True, eq=False)
class Seen:
    """Sends so far, one row each: the person's features (n × d), the variant, and what came of it (n).

    `outcome` is 1, 0 or an amount; NaN while it is not known. Raises ValueError where lengths differ, a variant is
    none of the `n_variants`, or a feature is no number.
    """

    features: Features
    variant: Counts
    outcome: Weights
    n_variants: int

    def __post_init__(self) -> None:
        if self.features.ndim != 2 or not len(self.features) == self.variant.size == self.outcome.size:
            raise ValueError("features, variants and outcomes must have one row for each send")
        if not np.isfinite(self.features).all():
            raise ValueError("every feature must be a number")
        if self.variant.size and not 0 <= self.variant.min() <= self.variant.max() < self.n_variants:
            raise ValueError(f"a variant is none of the {self.n_variants} there are")

    @classmethod
    def nothing(cls, n_variants: int, n_features: int) -> Seen:
        return cls(np.zeros((0, n_features)), np.zeros(0, np.int64), np.zeros(0), n_variants)

    @property
    def known(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.outcome)

    def tally(self) -> Tally:
        """All people together; a win is an outcome above 0."""
        known = self.known
        wins = known & (np.nan_to_num(self.outcome) > 0)
        sends, won, waiting = (
            np.bincount(self.variant[which], minlength=self.n_variants) for which in (known, wins, ~known)
        )
        return Tally(sends, won, waiting)


@runtime_checkable
class Contextual(Protocol):
    """A policy that goes by what a person is like."""

    def chances(self, seen: Seen, people: Features, rng: Generator) -> Weights:
        """The probability of each variant for each of the next people (m × d), in order: m × K, rows sum to 1."""


@dataclass(frozen=True, eq=False)
class Moments:
    """What linear models keep of the sends: per variant, XᵀX of all sent, XᵀX and Xᵀy of those whose outcome is known.

    K × d × d, K × d × d and K × d, without the ridge; `n_sent` is how many were sent.
    """

    sent: Weights
    known: Weights
    outcomes: Weights
    n_sent: int

    @classmethod
    def of(cls, seen: Seen) -> Moments:
        n_features = seen.features.shape[1]
        sent, known = (np.zeros((seen.n_variants, n_features, n_features)) for _ in range(2))
        outcomes = np.zeros((seen.n_variants, n_features))
        for k in range(seen.n_variants):
            of_variant = seen.variant == k
            told = of_variant & seen.known
            rows = seen.features[told]
            known[k], outcomes[k] = rows.T @ rows, rows.T @ seen.outcome[told]
            late = seen.features[of_variant & ~seen.known]
            sent[k] = known[k] + late.T @ late
        return cls(sent, known, outcomes, seen.variant.size)

    @classmethod
    def alike(cls, tally: Tally) -> Moments:
        """Of people of whom nothing is known: one feature, which is 1."""
        sent, known, wins = (counts.astype(np.float64) for counts in (tally.sent, tally.sends, tally.wins))
        return cls(sent[:, None, None], known[:, None, None], wins[:, None], int(tally.sent.sum()))

    def fit(self, ridge: float) -> tuple[Weights, Weights]:
        """Coefficients from the known outcomes (K × d), and (ridge + XᵀX)⁻¹ of all that was sent (K × d × d)."""
        penalty = ridge * np.eye(self.known.shape[1])
        coefficients = np.linalg.solve(self.known + penalty, self.outcomes[:, :, None])[:, :, 0]
        inverse = np.linalg.inv(self.sent + penalty)
        return coefficients.astype(np.float64, copy=False), inverse.astype(np.float64, copy=False)


@cache
def _pairs(n_features: int) -> tuple[Counts, Counts, Weights, list[int]]:
    """i and j of each product x_i x_j, i ≤ j, how often it counts, and where those of each i start."""
    rows, columns = np.triu_indices(n_features)
    return rows, columns, np.where(rows == columns, 1.0, 2.0), np.flatnonzero(rows == columns).tolist()


def means_and_doubts(people: Features, coefficients: Weights, inverse: Weights) -> tuple[Weights, Weights]:
    """xᵀθ_k and xᵀA_k⁻¹x of each of the people: K × m each; θ is K × d and A⁻¹ K × d × d.

    The products x_i x_j, i ≤ j, are the same for every variant, so one multiplication of matrices does for all.
    """
    n_variants, n_features = coefficients.shape
    rows, columns, times, starts = _pairs(n_features)
    twice = times * inverse[:, rows, columns]
    means, doubts = (np.empty((n_variants, len(people))) for _ in range(2))
    at_once = max(1, _PRODUCTS_AT_ONCE // rows.size)
    for begin in range(0, len(people), at_once):
        x = np.ascontiguousarray(people[begin : begin + at_once].T)
        products = np.empty((rows.size, x.shape[1]))
        for i, start in enumerate(starts):
            np.multiply(x[i], x[i:], out=products[start : start + n_features - i])
        np.matmul(coefficients, x, out=means[:, begin : begin + at_once])
        np.matmul(twice, products, out=doubts[:, begin : begin + at_once])
    return means, np.maximum(doubts, 0, out=doubts)
