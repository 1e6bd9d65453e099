"""What a customer spends per order: the Gamma–Gamma model.

Source: Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import TooLittleData
from engine.lifecycle.counts import Floats
from engine.lifecycle.fitting import Gradient, Prior, maximise
from engine.phrases import Phrase

SMALL = 300  # customers: with fewer, the prior is always used
FEW = 100  # customers who spend: with fewer, a seller would call them few, too
USUAL_CUSTOMERS = 50  # as many customers as the prior is worth
FAR = float(np.log(1000))  # a parameter a thousand times off what is usual has run to its boundary
USUAL_P, USUAL_Q = 6.0, 3.7  # CDNOW's
SPREAD = np.array([5.9, 5.1, 8.3])  # how unsure one customer of CDNOW leaves the logs of p, q - 1 and v


@dataclass(frozen=True)
class Spending:
    """One value per customer: `n` orders, of `mean` money each."""

    n: Floats
    mean: Floats

    def __len__(self) -> int:
        return len(self.n)

    def at(self, rows: slice | NDArray[np.bool_]) -> Spending:
        return Spending(self.n[rows], self.mean[rows])


@dataclass(frozen=True)
class FittedSpend:
    """The sums of a customer's orders are gamma (p, rate), and the rates of customers gamma (q, v).

    `logs` are those of p, q - 1 and v: with q above 1 the mean over customers exists. `covariance` is theirs.
    """

    logs: Floats
    loglik: float
    covariance: Floats
    notes: tuple[Phrase, ...] = ()

    @property
    def params(self) -> Mapping[str, float]:
        p, more, v = np.exp(self.logs).tolist()
        return {"p": p, "q": 1 + more, "v": v}

    def expected(self, n: Floats, mean: Floats) -> Floats:
        """Money per order of a customer with `n` orders of `mean` money; the shop's mean with n = 0. Source: (5)."""
        p, more, v = np.exp(self.logs)
        expected: Floats = p * (v + n * np.maximum(mean, 0)) / (p * n + more)
        return expected

    def interval(self, n: Floats, mean: Floats, level: float) -> tuple[Floats, Floats]:
        """Between which a customer's true mean per order lies with probability `level`.

        The posterior's equal-tailed interval; on each side of its median, the distance in logs is joined with what
        the uncertain parameters do to the expectation, as squares.
        """
        from scipy.special import gammainccinv, ndtri

        p, more, v = np.exp(self.logs)
        shape, scale = p * n + more + 1, p * (v + n * np.maximum(mean, 0))
        median = scale / gammainccinv(shape, 0.5)
        doubt = ndtri((1 + level) / 2) * self._doubt(n, mean)
        ends = []
        for side, q in ((-1, (1 - level) / 2), (1, (1 + level) / 2)):
            apart = np.log(scale / gammainccinv(shape, q) / median)
            ends.append(median * np.exp(side * np.hypot(apart, doubt)))
        return ends[0], ends[1]

    def _doubt(self, n: Floats, mean: Floats) -> Floats:
        """Standard deviation of the log of the expectation, by the parameters alone (delta method)."""
        p, more, v = np.exp(self.logs)
        total = p * n + more
        by_log = np.stack([1 - p * n / total, -more / total, v / (v + n * np.maximum(mean, 0))])
        doubt: Floats = np.sqrt(np.einsum("in,ij,jn->n", by_log, self.covariance, by_log))
        return doubt


def fit(n: Floats, mean: Floats) -> FittedSpend:
    """Fitted to the customers with at least one order and money, by maximum likelihood.

    With a prior where that has no answer or hardly one: below SMALL customers, or where a parameter runs off a
    thousandfold (everybody spends the same). The prior knows what is usual in CDNOW, at the mean of this shop, and is
    worth about as much as USUAL_CUSTOMERS customers; the notes say when it is used.

    Raises TooLittleData if nobody has spent money.
    """
    paying = (n > 0) & (mean > 0) & np.isfinite(mean)
    rows = Spending(n[paying].astype(float), mean[paying].astype(float))
    if not len(rows):
        raise TooLittleData(Phrase("There is no order with money yet, so nothing can be told about what people spend."))
    typical = float(rows.n @ rows.mean / rows.n.sum())
    usual = np.log([USUAL_P, USUAL_Q - 1, typical * (USUAL_Q - 1) / USUAL_P])
    note = SPENDERS_ARE_FEW if len(rows) < FEW else SPENDING_IS_UNSURE
    if len(rows) >= SMALL:
        found = maximise(likelihood, rows, usual)
        if np.abs(found.logs - usual).max() < FAR:
            return FittedSpend(found.logs, found.loglik, found.covariance)
        note = SPEND_ALIKE
    found = maximise(likelihood, rows, usual, Prior(usual, SPREAD / np.sqrt(USUAL_CUSTOMERS)))
    return FittedSpend(found.logs, found.loglik, found.covariance, (note,))


SPENDERS_ARE_FEW = Phrase(
    "There are few customers with orders yet, so what they will spend mixes in what {n} customers of a usual shop would"
    " tell.",
    n=USUAL_CUSTOMERS,
)
SPENDING_IS_UNSURE = Phrase(
    "The doubt about money is large: your orders alone do not tell enough of it, so what customers will spend mixes in "
    "what {n} customers of a usual shop would tell.",
    n=USUAL_CUSTOMERS,
)
SPEND_ALIKE = Phrase(
    "What your customers spend is too much alike to tell how they differ, so the forecast mixes in what {n} customers"
    " of a usual shop would tell.",
    n=USUAL_CUSTOMERS,
)


def likelihood(rows: Spending) -> Gradient:
    """The log-likelihood of p, q and v, and its gradient, both of the logs of p, q - 1 and v. Source: (1a)."""
    numbers, kind, customers = np.unique(rows.n, return_inverse=True, return_counts=True)
    log_mean = np.log(rows.mean)
    by_number = np.bincount(kind, weights=log_mean)
    total = rows.n * rows.mean

    def gradient(logs: Floats) -> tuple[float, Floats]:
        from scipy.special import gammaln, psi

        p, more, v = np.exp(logs)
        q, pn = 1 + more, p * numbers
        log_sum = np.bincount(kind, weights=np.log(v + total))
        per_sum = np.bincount(kind, weights=1 / (v + total))
        each = gammaln(pn + q) - gammaln(pn) - gammaln(q) + q * np.log(v) + pn * np.log(numbers)
        value = float(customers @ each + (pn - 1) @ by_number - (pn + q) @ log_sum)
        both = psi(pn + q)
        by_p = customers @ (numbers * (both - psi(pn) + np.log(numbers))) + numbers @ (by_number - log_sum)
        by_q = customers @ (both - psi(q) + np.log(v)) - log_sum.sum()
        by_v = customers.sum() * q / v - (pn + q) @ per_sum
        return value, np.array([by_p * p, by_q * more, by_v * v])

    return gradient


ABOUT_MONEY = (SPENDERS_ARE_FEW, SPENDING_IS_UNSURE, SPEND_ALIKE)
