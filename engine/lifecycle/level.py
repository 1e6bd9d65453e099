"""A forecast that is corrected by how the same model has missed the shop's own past.

Models of purchases know customers, not the year, so their totals are off in much the same way again and again: on
published data by 11 to 16 %. That can be learned from trials: the model is fitted as of several earlier days, and what
it forecast for the time since is held against what came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from engine import columns as c
from engine.errors import TooLittleData
from engine.lifecycle.counts import Counts, Floats, Horizon, counts
from engine.lifecycle.models import FittedPurchases, PurchaseModel
from engine.phrases import Phrase

SHARES = (0.5, 0.6, 0.7, 0.8)  # of the shop's past before the origins
INDEPENDENT = 2  # so many independent trials are the four, whose times overlap
USUAL_MISS = 0.05  # standard deviation of ln(came / forecast) over shops
FEWEST = 30  # purchases to be held against, or nothing can be learned


@dataclass(frozen=True)
class Trial:
    """A forecast as of an earlier day, and what came in the `days` after it, of each customer who was known then."""

    as_of: date
    days: int
    forecast: Floats
    came: Floats


@dataclass(frozen=True)
class Levelled:
    """A fitted model whose purchases come due `pace` times as fast as it thinks from now on; learned from `trials`."""

    fit: FittedPurchases
    pace: float = 1.0
    trials: tuple[Trial, ...] = ()

    @property
    def params(self) -> Mapping[str, float]:
        return {**self.fit.params, "pace": self.pace}

    @property
    def loglik(self) -> float:
        return self.fit.loglik

    @property
    def notes(self) -> tuple[Phrase, ...]:
        return self.fit.notes

    @property
    def came_by_forecast(self) -> float:
        """What came in all trials over what was forecast; NaN without trials."""
        forecast = sum(float(trial.forecast.sum()) for trial in self.trials)
        return sum(float(trial.came.sum()) for trial in self.trials) / forecast if forecast else float("nan")

    def ahead(self, horizon: Horizon) -> Floats:
        """As many days as the model thinks that `horizon` days are."""
        return self.pace * np.asarray(horizon, dtype=float)

    def p_alive(self, counts: Counts) -> Floats:
        return self.fit.p_alive(counts)

    def p_none(self, counts: Counts, horizon: Horizon) -> Floats:
        return self.fit.p_none(counts, self.ahead(horizon))

    def expected(self, counts: Counts, horizon: Horizon) -> Floats:
        return self.fit.expected(counts, self.ahead(horizon))

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats:
        return self.fit.at_least(counts, self.ahead(horizon), n)

    def interval(self, counts: Counts, horizon: Horizon, level: float) -> tuple[Floats, Floats]:
        return self.fit.interval(counts, self.ahead(horizon), level)

    def plausible(self) -> tuple[FittedPurchases, ...]:
        return tuple(Levelled(fit, self.pace, self.trials) for fit in self.fit.plausible())


def levelled(model: PurchaseModel, orders: pd.DataFrame, as_of: date, horizon: int) -> Levelled:
    """`model` fitted to `orders` (in days) up to and on the day `as_of`, and corrected for `horizon` days to come.

    A trial forecasts up to `as_of`, at most over the horizon. What the trials say is shrunk towards no correction by
    how much they disagree and by what is usual; without two trials of FEWEST purchases nothing is corrected.

    Raises TooLittleData as the model does.
    """
    past = orders[orders[c.AT] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    _, now = counts(past, as_of)
    fit = model.fit(now)
    first = past[c.AT].min().date()
    origins = [first + timedelta(round(share * (as_of - first).days)) for share in SHARES]
    tried = [_trial(model, past, origin, min((as_of - origin).days, horizon)) for origin in origins]
    trials = tuple(trial for trial in tried if trial is not None and trial.came.sum() >= FEWEST)
    if len(trials) < 2:
        return Levelled(fit)
    return Levelled(fit, _pace(trials), trials)


def _trial(model: PurchaseModel, past: pd.DataFrame, origin: date, days: int) -> Trial | None:
    customers, before = counts(past, origin)
    try:
        forecast = model.fit(before).expected(before, days)
    except TooLittleData:
        return None
    known, until = counts(past, origin + timedelta(days=days))
    return Trial(origin, days, forecast, until.x[np.searchsorted(known, customers)] - before.x)


def _pace(trials: Sequence[Trial]) -> float:
    """How many times the forecast total came, shrunk."""
    forecast, came = np.array([(trial.forecast.sum(), trial.came.sum()) for trial in trials]).T
    missed = np.log(came / forecast)
    doubt = missed.var(ddof=1) / INDEPENDENT + 1 / came.min()
    trust = USUAL_MISS**2 / (USUAL_MISS**2 + doubt)
    return float(np.exp(trust * np.log(came.sum() / forecast.sum())))
