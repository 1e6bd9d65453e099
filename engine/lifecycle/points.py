"""One number of purchases for each customer: near the usual outcome of each, and right in sum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.lifecycle.counts import Counts, Floats, Horizon
from engine.lifecycle.models import FittedPurchases
from engine.lifecycle.predictive import different

Indices = NDArray[np.intp]

NEVER = 1e-3  # a tail probability that no longer moves a forecast
MANY = 50.0  # expected purchases from which on the expectation is the forecast


def points(fit: FittedPurchases, counts: Counts, horizon: Horizon, square: float = 2.5) -> Floats:
    """Forecasts that add up to the expected total and have, given that, the least expected |error| + error².

    `square` is what the second weighs. Expectations alone add up as well, but most customers buy nothing, and 0.2
    purchases are wrong for every one of them; medians alone are right for most, and their sum is much too low. With
    Lagrange's multiplier for the sum, each forecast p solves 2 P(Y <= p) - 1 + 2 square (p - E Y) = multiplier.
    """
    rows, back = different(counts, horizon)
    few, ahead = counts.at(rows), np.broadcast_to(np.asarray(horizon, dtype=float), len(counts))[rows]
    customers = np.bincount(back, minlength=len(rows))
    mean = fit.expected(few, ahead)
    tails = _tails(fit, few, ahead, np.flatnonzero(mean < MANY))
    total, found = float(customers @ mean), mean
    low, high = -1.0, 1.0 + 2 * square * float(mean.max(initial=1.0))
    for _ in range(50):
        multiplier = (low + high) / 2
        found = _solved(mean, tails, multiplier, square)
        low, high = (multiplier, high) if customers @ found < total else (low, multiplier)
    return found[back]


def _tails(fit: FittedPurchases, counts: Counts, horizon: Floats, rows: Indices) -> list[tuple[Indices, Floats]]:
    """For n = 1, 2, …: the rows that may well have n purchases, and P(n or more) of each."""
    tails: list[tuple[Indices, Floats]] = []
    tail = 1 - fit.p_none(counts.at(rows), horizon[rows])
    while len(rows):
        tails.append((rows, tail))
        rows = rows[tail > NEVER]
        tail = fit.at_least(counts.at(rows), horizon[rows], np.full(len(rows), len(tails) + 1.0))
    return tails


def _solved(mean: Floats, tails: list[tuple[Indices, Floats]], multiplier: float, square: float) -> Floats:
    """Between n and n + 1 the equation is linear, with P(Y <= n); the first n whose root is not beyond it holds it."""
    found = mean + multiplier / (2 * square)  # of those without tails, whose expectation is about their median
    for n, (rows, _) in enumerate(tails):
        found[rows] = np.maximum(mean[rows] + (multiplier - 1) / (2 * square), n + 1)
    for n, (rows, tail) in reversed(list(enumerate(tails))):
        root = mean[rows] + (multiplier - 1 + 2 * tail) / (2 * square)
        found[rows] = np.where(root < n + 1, np.maximum(root, n), found[rows])
    return found
