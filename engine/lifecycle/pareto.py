"""Buying at a gamma-distributed rate, and leaving at any time at another gamma-distributed rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.lifecycle.counts import Counts, Floats, Horizon
from engine.lifecycle.fitting import Gradient
from engine.lifecycle.quadrature import Integral, gauss_legendre, integral

NODES, WEIGHTS = gauss_legendre(16)  # of the time until a customer leaves
ROWS = 32_768  # at a time: what keeps the memory small


@dataclass(frozen=True)
class Pareto:
    """The law of Pareto/NBD with its parameters.

    Source: Schmittlein, Morrison & Colombo (1987); Fader & Hardie (2005), "A Note on Deriving the Pareto/NBD Model".
    """

    r: float
    alpha: float
    s: float
    beta: float

    def p_alive(self, counts: Counts) -> Floats:
        from scipy.special import expit

        n, since, until = self.r + counts.x, counts.t_x, counts.T
        start_a, start_b = self.alpha + since, self.beta + since
        dead = np.log(self.s / start_b) + _between(self, n, start_a, start_b, until - since).log
        alive = -n * np.log((self.alpha + until) / start_a) - self.s * np.log((self.beta + until) / start_b)
        p_alive: Floats = expit(alive - dead)
        return p_alive

    def p_none(self, counts: Counts, horizon: Horizon) -> Floats:
        n, a, b = self.r + counts.x, self.alpha + counts.T, self.beta + counts.T
        length = np.broadcast_to(np.asarray(horizon, dtype=float), len(counts))
        stays = np.exp(-n * np.log1p(length / a) - self.s * np.log1p(length / b))
        leaves = self.s / b * np.exp(_between(self, n, a, b, length).log)
        none: Floats = 1 - self.p_alive(counts) * (1 - stays - leaves)
        return none

    def expected(self, counts: Counts, horizon: Horizon) -> Floats:
        """Source: Fader & Hardie (2005), (41), in a form that knows no pole at s = 1."""
        from scipy.special import exprel

        b = self.beta + counts.T
        longer = np.log1p(horizon / b)
        lives = b * longer * exprel((1 - self.s) * longer)  # expected time that is left within the horizon
        expected: Floats = self.p_alive(counts) * (self.r + counts.x) / (self.alpha + counts.T) * lives
        return expected

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats:
        """P(`n` purchases or more in the horizon), `n` >= 1: that many due in the time that a customer stays.

        The mean over when the customer leaves, by Gauss-Legendre on that time's distribution function.
        """
        from scipy.special import betainc

        rate, a, b = self.r + counts.x, self.alpha + counts.T, self.beta + counts.T
        length = np.broadcast_to(np.asarray(horizon, dtype=float), len(counts))
        stays = np.exp(-self.s * np.log1p(length / b))
        total = stays * betainc(n, rate, length / (a + length))
        for node, weight in zip(NODES, WEIGHTS, strict=True):
            leaves = (1 - stays) * node
            until = b * np.expm1(-np.log1p(-leaves) / self.s)
            total += (1 - stays) * weight * betainc(n, rate, until / (a + until))
        at_least: Floats = self.p_alive(counts) * total
        return at_least


def _between(law: Pareto, n: Floats, a: Floats, b: Floats, length: Floats) -> Integral:
    """The integral of (1 + t/a)^-n (1 + t/b)^-(s + 1): of no purchase, and of leaving, by when it happens."""
    powers = np.full_like(n, law.s + 1)
    if law.alpha <= law.beta:
        return integral(n, powers, a, b, length)
    found = integral(powers, n, b, a, length)
    return Integral(found.log, found.log_b, found.log_a, found.per_b, found.per_a)


def likelihood(counts: Counts) -> Gradient:
    """The log-likelihood of r, alpha, s and beta, and its gradient, both of their logs.

    Customers without a repeat purchase are one for each different T.

    Source: Fader & Hardie (2005), "A Note on Deriving the Pareto/NBD Model", (16).
    """
    repeats = counts.x > 0
    times, waiting = np.unique(counts.T[~repeats], return_counts=True)
    nothing = np.zeros(len(times))
    rows = np.flatnonzero(repeats)
    parts = [(waiting.astype(float), Counts(nothing, nothing, times))]
    parts += [(np.ones(len(few)), counts.at(few)) for few in np.split(rows, range(ROWS, len(rows), ROWS))]
    frequency = np.bincount(counts.x.astype(np.intp))
    purchases = np.flatnonzero(frequency)
    customers = len(counts)

    def gradient(logs: Floats) -> tuple[float, Floats]:
        from scipy.special import gammaln, psi

        r, alpha, s, beta = params = np.exp(logs)
        law = Pareto(*params.tolist())
        value = float(frequency[purchases] @ (gammaln(r + purchases) - gammaln(r)))
        value += customers * (r * np.log(alpha) + s * np.log(beta))
        by_r = float(frequency[purchases] @ (psi(r + purchases) - psi(r)))
        slope = np.array(
            [by_r + customers * np.log(alpha), customers * r / alpha, customers * np.log(beta), customers * s / beta]
        )
        for numbers, part in parts:
            each, slopes = _rows(law, part)
            value += float(numbers @ each)
            slope += [numbers @ by for by in slopes]
        return value, slope * params

    return gradient


def _rows(law: Pareto, counts: Counts) -> tuple[Floats, tuple[Floats, ...]]:
    n, since, until = law.r + counts.x, counts.t_x, counts.T
    a, b = law.alpha + since, law.beta + since
    found = _between(law, n, a, b, until - since)
    log_a, log_b = np.log(a), np.log(b)
    end_a, end_b = np.log(law.alpha + until), np.log(law.beta + until)
    dead = np.log(law.s) - n * log_a - (law.s + 1) * log_b + found.log
    alive = -n * end_a - law.s * end_b
    each = np.logaddexp(alive, dead)
    left = np.exp(dead - each)
    here = 1 - left
    return each, (
        -here * end_a - left * (log_a + found.log_a),
        -n * (here / (law.alpha + until) + left * found.per_a),
        -here * end_b + left * (1 / law.s - log_b - found.log_b),
        -law.s * here / (law.beta + until) - (law.s + 1) * left * found.per_b,
    )
