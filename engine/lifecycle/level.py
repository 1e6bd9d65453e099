"""A forecast that is corrected by how the same model has missed the shop's own past.

Two things go wrong with models of purchases in much the same way again and again. They know customers, not the year, so
their totals are off: on published data by 11 to 16 %. And who bought most is not going to buy that much more than the
others: rates change, and the models think that they never do. Both can be learned from trials: the model is fitted as
of several earlier days, and what it forecast for the time since is held against what came.
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
USUAL_MISS = 0.1  # standard deviation of ln(came / forecast) over shops
USUAL_SLOPE = 0.1  # standard deviation of the slope around 1
FEWEST = 30  # purchases to be held against, or nothing can be learned
MOST = 2.0  # times faster or slower


@dataclass(frozen=True)
class Trial:
    """A forecast as of an earlier day, and what came in the `days` after it, of each customer who was known then."""

    as_of: date
    days: int
    forecast: Floats
    came: Floats


@dataclass(frozen=True)
class Levelled:
    """A fitted model whose purchases come due faster or slower than it thinks from now on.

    A customer for whom it expects e purchases in `days` days gets `scale` e^(`slope` - 1) times the horizon: with a
    slope below 1 those who bought most are pulled towards the rest. `trials` is what this was learned from.
    """

    fit: FittedPurchases
    days: float
    slope: float = 1.0
    scale: float = 1.0
    trials: tuple[Trial, ...] = ()

    @property
    def params(self) -> Mapping[str, float]:
        return {**self.fit.params, "slope": self.slope, "scale": self.scale}

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

    def pace(self, counts: Counts) -> Floats:
        """How many times as fast, for each customer."""
        usual = np.maximum(self.fit.expected(counts, self.days), 1e-9)
        pace: Floats = np.clip(self.scale * usual ** (self.slope - 1), 1 / MOST, MOST)
        return pace

    def p_alive(self, counts: Counts) -> Floats:
        return self.fit.p_alive(counts)

    def p_none(self, counts: Counts, horizon: Horizon) -> Floats:
        return self.fit.p_none(counts, self.pace(counts) * horizon)

    def expected(self, counts: Counts, horizon: Horizon) -> Floats:
        return self.fit.expected(counts, self.pace(counts) * horizon)

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats:
        return self.fit.at_least(counts, self.pace(counts) * horizon, n)

    def interval(self, counts: Counts, horizon: Horizon, level: float) -> tuple[Floats, Floats]:
        return self.fit.interval(counts, self.pace(counts) * horizon, level)

    def plausible(self) -> tuple[FittedPurchases, ...]:
        return tuple(Levelled(fit, self.days, self.slope, self.scale, self.trials) for fit in self.fit.plausible())


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
        return Levelled(fit, horizon)
    return _to_total(fit, now, horizon, _pace(trials), _slope(trials), trials)


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


def _slope(trials: Sequence[Trial]) -> float:
    """By how many percent more came of a customer for whom 1 % more was forecast, shrunk towards 1.

    A Poisson regression on the log of the forecast with a level for each trial; its variance is scaled by Pearson's
    dispersion and by the overlap of the trials.
    """
    log = [np.log(np.maximum(trial.forecast, 1e-9)) for trial in trials]
    slope, information, dispersion = 1.0, 1.0, 1.0
    for _ in range(25):
        score = information = pearson = 0.0
        for trial, by in zip(trials, log, strict=True):
            mean = np.exp(slope * by)
            mean *= trial.came.sum() / mean.sum()
            centred = by - (mean @ by) / mean.sum()
            score += float(centred @ (trial.came - mean))
            information += float(mean @ centred**2)
            pearson += float(((trial.came - mean) ** 2 / mean).mean())
        if information < 1e-9:
            return 1.0
        dispersion = max(pearson / len(trials), 1.0)
        step = score / information
        slope = float(np.clip(slope + np.clip(step, -0.5, 0.5), 0.1, 3.0))
        if abs(step) < 1e-9:
            break
    doubt = dispersion / information * len(trials) / INDEPENDENT
    return 1 + (slope - 1) * USUAL_SLOPE**2 / (USUAL_SLOPE**2 + doubt)


def _to_total(
    fit: FittedPurchases, now: Counts, days: float, pace: float, slope: float, trials: tuple[Trial, ...]
) -> Levelled:
    """With the scale that gives the total which the pace alone gives."""
    total = float(fit.expected(now, pace * days).sum())
    found = Levelled(fit, days, slope, pace, trials)
    for _ in range(8):
        sum_now = float(found.expected(now, days).sum())
        if abs(sum_now - total) <= 1e-6 * total:
            break
        found = Levelled(fit, days, slope, found.scale * total / sum_now, trials)
    return found
