"""From a law of purchases to a fitted model: the start, the prior and when it is used, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.errors import TooLittleData
from engine.lifecycle import predictive
from engine.lifecycle.counts import Counts, Floats, Horizon
from engine.lifecycle.fitting import Gradient, Optimum, Prior, maximise
from engine.phrases import Phrase

SMALL = 1000  # customers: with fewer, the prior is always used
FEW = 200  # customers: with fewer, a seller would call them few, too
USUAL_CUSTOMERS = 50  # as many customers as the prior is worth
FAR = float(np.log(1000))  # a parameter a thousand times off what is usual has run to its boundary
SURE = 0.05  # standard deviation of a parameter's log below which intervals take it as known
FEWEST_GONE = 0.01  # mean P(left) below which a shop whose customers never leave is not believed


class Law(Protocol):
    """A law of purchases with its parameters."""

    def p_alive(self, counts: Counts) -> Floats: ...

    def p_none(self, counts: Counts, horizon: Horizon) -> Floats: ...

    def expected(self, counts: Counts, horizon: Horizon) -> Floats: ...

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats:
        """P(`n` purchases or more in the horizon), for n >= 1, one per customer."""
        ...


class Family(Protocol):
    """A law without its parameters, and what is usual of them."""

    @property
    def names(self) -> tuple[str, str, str, str]: ...

    def law(self, params: Floats) -> Law: ...

    def likelihood(self, counts: Counts) -> Gradient: ...

    def usual(self, per_purchase: float) -> Floats:
        """The usual parameters in a shop where a purchase comes once in `per_purchase`."""
        ...

    @property
    def spread(self) -> Floats:
        """How unsure one customer of a usual shop leaves each parameter: standard deviations of their logs."""
        ...


@dataclass(frozen=True)
class Fitted:
    """A law, and how it was found. `covariance` is that of the logs of its parameters (a normal approximation)."""

    family: Family
    logs: Floats
    loglik: float
    covariance: Floats
    notes: tuple[Phrase, ...] = ()

    @property
    def law(self) -> Law:
        return self.family.law(np.exp(self.logs))

    @property
    def params(self) -> Mapping[str, float]:
        return dict(zip(self.family.names, np.exp(self.logs).tolist(), strict=True))

    @property
    def sure(self) -> bool:
        """Whether the parameters are known so well that intervals need not mind."""
        return bool(np.sqrt(np.diag(self.covariance).max()) < SURE)

    def p_alive(self, counts: Counts) -> Floats:
        return self.law.p_alive(counts)

    def p_none(self, counts: Counts, horizon: Horizon) -> Floats:
        return self.law.p_none(counts, horizon)

    def expected(self, counts: Counts, horizon: Horizon) -> Floats:
        return self.law.expected(counts, horizon)

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats:
        return self.law.at_least(counts, horizon, n)

    def interval(self, counts: Counts, horizon: Horizon, level: float) -> tuple[Floats, Floats]:
        laws = [fit.law for fit in ((self,) if self.sure else self.plausible())]
        return predictive.interval(laws, counts, horizon, level)

    def plausible(self) -> tuple[Fitted, ...]:
        """Two per direction of the uncertainty, one on each side, as far as gives the right covariance."""
        roots = np.linalg.cholesky(self.covariance) * np.sqrt(len(self.logs))
        moves = np.concatenate([roots.T, -roots.T])
        nothing = np.zeros_like(self.covariance)
        return tuple(Fitted(self.family, self.logs + move, self.loglik, nothing, self.notes) for move in moves)


def fit(family: Family, counts: Counts) -> Fitted:
    """Fitted by maximum likelihood; where that has no answer, or hardly one, with a prior, which the notes say.

    That is: a shop of fewer than SMALL customers; one whose customers have hardly any chance to have left; or where a
    parameter runs off a thousandfold (all customers alike). The prior knows what is usual in published data sets, at
    the pace of this shop, and is worth about as much as USUAL_CUSTOMERS customers. Elsewhere it is not there at all.

    Raises TooLittleData without customers, or where no time has passed since any first purchase.
    """
    watched = float(counts.T.sum())
    if not watched > 0:
        raise TooLittleData(
            Phrase("Nobody bought before the newest day of your orders, so nothing can be told about buying again yet.")
        )
    repeats = float(counts.x.sum())
    usual = np.log(family.usual(watched / (repeats + 1)))
    small = len(counts) < SMALL
    notes: tuple[Phrase, ...] = ()
    if not small and repeats:
        found = maximise(family.likelihood, counts, usual)
        gone = 1 - float(family.law(np.exp(found.logs)).p_alive(counts).mean())
        if np.abs(found.logs - usual).max() < FAR and gone >= FEWEST_GONE:
            return _fitted(family, found, ())
        notes = (NOBODY_LEAVES if gone < FEWEST_GONE else ALL_ALIKE,)
    elif not repeats:
        notes = (NOBODY_REPEATS,)
    else:
        notes = (SHOP_IS_SMALL if len(counts) < FEW else DOUBT_IS_LARGE,)
    prior = Prior(usual, family.spread / np.sqrt(USUAL_CUSTOMERS))
    return _fitted(family, maximise(family.likelihood, counts, usual, prior), notes)


def _fitted(family: Family, found: Optimum, notes: tuple[Phrase, ...]) -> Fitted:
    return Fitted(family, found.logs, found.loglik, found.covariance, notes)


SHOP_IS_SMALL = Phrase(
    "Your customers are still few, so the forecast mixes in what {n} customers of a usual shop would tell.",
    n=USUAL_CUSTOMERS,
)
DOUBT_IS_LARGE = Phrase(
    "The doubt is large: your orders alone do not tell enough, so the forecast mixes in what {n} customers of a usual "
    "shop would tell.",
    n=USUAL_CUSTOMERS,
)
NOBODY_REPEATS = Phrase("Nobody has bought on a second day yet, so the forecast rests on what is usual in other shops.")
NOBODY_LEAVES = Phrase(
    "By your orders alone nobody ever stops buying, which is not believable; the forecast mixes in what {n} customers"
    " of a usual shop would tell.",
    n=USUAL_CUSTOMERS,
)
ALL_ALIKE = Phrase(
    "Your orders alone cannot tell how much your customers differ, so the forecast mixes in what {n} customers of a"
    " usual shop would tell.",
    n=USUAL_CUSTOMERS,
)
