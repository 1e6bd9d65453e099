"""Buying at a gamma-distributed rate, and leaving after a purchase with a beta-distributed chance.

The family of BG/NBD (nobody leaves after the first purchase) and MBG/NBD (some do). With k chances to leave so
far, x or x + 1 of them, all formulas of the two are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.lifecycle.counts import Counts, Floats, Horizon
from engine.lifecycle.fitting import Gradient

ROWS = 16_384  # at a time: what fits into the cache
POLE = 1e-4  # around a = 1, where the expectation is a difference of two that run off


@dataclass(frozen=True)
class BetaGeometric:
    """The law with its parameters; `leaves_at_first` tells MBG/NBD from BG/NBD."""

    r: float
    alpha: float
    a: float
    b: float
    leaves_at_first: bool

    def _chances(self, counts: Counts) -> Floats:
        return counts.x + self.leaves_at_first

    def p_alive(self, counts: Counts) -> Floats:
        """Source: Fader, Hardie & Lee (2008), "Computing P(alive) Using the BG/NBD Model"; Batislam (2007), (9)."""
        from scipy.special import expit

        p_alive: Floats = expit(-_log_odds_left(self, counts))
        return p_alive

    def p_none(self, counts: Counts, horizon: Horizon) -> Floats:
        time = self.alpha + counts.T
        buys = -np.expm1((self.r + counts.x) * -np.log1p(horizon / time))
        none: Floats = 1 - self.p_alive(counts) * buys
        return none

    def expected(self, counts: Counts, horizon: Horizon) -> Floats:
        """Source: Fader, Hardie & Lee (2005), (10), its 2F1 in Pfaff's form, good to 1e-11 for any x."""
        if abs(self.a - 1) < POLE:
            sides = (self._expected_if_alive(counts, horizon, 1 + side) for side in (-POLE, POLE))
            return self.p_alive(counts) * sum(sides) / 2
        return self.p_alive(counts) * self._expected_if_alive(counts, horizon, self.a)

    def _expected_if_alive(self, counts: Counts, horizon: Horizon, a: float) -> Floats:
        from scipy.special import hyp2f1

        time = self.alpha + counts.T
        both = a - 1 + self.b + self._chances(counts)
        more = both - self.r - counts.x  # x has gone out of it: no parameter but the third is large
        share = hyp2f1(more, a - 1, both, horizon / (time + horizon))
        expected: Floats = both / (a - 1) * (1 - share * np.exp((1 - a) * np.log1p(horizon / time)))
        return expected

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats:
        """P(`n` purchases or more in the horizon), `n` >= 1: enough of them due, and not left before the n-th."""
        from scipy.special import betainc, betaln

        due = betainc(n, self.r + counts.x, horizon / (self.alpha + counts.T + horizon))
        stays = self.b + self._chances(counts)
        in_time: Floats = due * np.exp(betaln(self.a, stays + n - 1) - betaln(self.a, stays))
        return self.p_alive(counts) * in_time


def _log_odds_left(law: BetaGeometric, counts: Counts) -> Floats:
    """ln of P(left) / P(alive); -inf where there was no chance to leave yet."""
    chances = law._chances(counts)
    with np.errstate(divide="ignore"):
        first = np.log(np.where(chances > 0, law.a / (law.b + np.maximum(chances, 1) - 1), 0.0))
    odds: Floats = first + (law.r + counts.x) * np.log((law.alpha + counts.T) / (law.alpha + counts.t_x))
    return odds


def likelihood(counts: Counts, leaves_at_first: bool) -> Gradient:
    """The log-likelihood of r, alpha, a and b, and its gradient, both of their logs.

    What depends on x alone is summed over the different x, and customers without a repeat purchase are one for
    each different T: what is left is two logs, an exp and a log1p for each repeat buyer.

    Source: Fader, Hardie & Lee (2005), (6); Batislam, Denizel & Filiztekin (2007), (7).
    """
    repeats = counts.x > 0
    times, customers = np.unique(counts.T[~repeats], return_counts=True)
    nothing = np.zeros(len(times))
    waiting = _Rows(Counts(nothing, nothing, times), customers.astype(float), leaves_at_first)
    rows = np.flatnonzero(repeats)
    chunks = [
        _Rows(counts.at(rows[begin : begin + ROWS]), None, leaves_at_first) for begin in range(0, len(rows), ROWS)
    ]
    frequency = np.bincount(counts.x.astype(np.intp))
    purchases = np.flatnonzero(frequency)
    by_x = _ByPurchases(purchases.astype(float), frequency[purchases].astype(float), leaves_at_first)

    def gradient(logs: Floats) -> tuple[float, Floats]:
        params = np.exp(logs)
        value, slope = by_x(params)
        for part in (waiting, *chunks):
            more, towards = part(params)
            value, slope = value + more, slope + towards
        return value, slope * params

    return gradient


@dataclass(frozen=True)
class _ByPurchases:
    """What depends on x alone: its different values, and how many customers have each."""

    x: Floats
    customers: Floats
    leaves_at_first: bool

    def __call__(self, params: Floats) -> tuple[float, Floats]:
        from scipy.special import gammaln, psi

        r, alpha, a, b = params
        x, k = self.x, self.x + self.leaves_at_first
        each = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        each += gammaln(b + k) - gammaln(b) + gammaln(a + b) - gammaln(a + b + k)
        both = psi(a + b) - psi(a + b + k)
        by_r = psi(r + x) - psi(r) + np.log(alpha)
        slopes = (by_r, np.full_like(x, r / alpha), both, both + psi(b + k) - psi(b))
        return float(self.customers @ each), np.array([self.customers @ slope for slope in slopes])


@dataclass(frozen=True)
class _Rows:
    """The rest: customers, or kinds of customers with the number of each."""

    counts: Counts
    customers: Floats | None
    leaves_at_first: bool

    def __call__(self, params: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = params
        n, chances = r + self.counts.x, self.counts.x + self.leaves_at_first
        since, until = alpha + self.counts.t_x, alpha + self.counts.T
        stayed = b + np.maximum(chances, 1) - 1
        log_until = np.log(until)
        longer = log_until - np.log(since)
        odds = np.where(chances > 0, n * longer + np.log(a / stayed), -np.inf)  # of having left, in logs
        small = np.exp(-np.abs(odds))
        left = np.where(odds > 0, 1.0, small) / (1 + small)
        each = np.maximum(odds, 0) + np.log1p(small) - n * log_until
        slopes = (left * longer - log_until, -n * ((1 - left) / until + left / since), left / a, -left / stayed)
        if self.customers is None:
            return float(each.sum()), np.array([slope.sum() for slope in slopes])
        return float(self.customers @ each), np.array([self.customers @ slope for slope in slopes])
