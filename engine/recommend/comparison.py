"""Which recommender was best on the shop's past, by how much, and whether the shop's data can show it.

Everything is paired: the same customers, the same draws. Customers are drawn anew with all that belongs to them, since
one who came back in two windows says less than two people.

Source: Efron & Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13 (percentile intervals); Sakai (2006),
"Evaluating Evaluation Metrics based on the Bootstrap" (paired, over topics).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator

from engine.phrases import Phrase
from engine.recommend.history import Floats
from engine.recommend.metrics import METRICS
from engine.recommend.trials import Measured, Skipped, Trial

DRAWS = 2_000
LEVEL = 0.95
DECIDES = "ndcg"


@dataclass(frozen=True)
class Interval:
    """A value, and where the true one lies with 95 % confidence."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether it is on one side of 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Scored:
    """One recommender's lists of one sort: means over customers, and over windows for the last three."""

    ndcg: Interval
    hit_rate: Interval
    recall: Interval
    mrr: Interval
    map: Interval
    coverage: float
    novelty: float
    diversity: float


@dataclass(frozen=True)
class Standing:
    name: str
    label: Phrase
    all: Scored
    new: Scored


@dataclass(frozen=True)
class Verdict:
    """`chosen` is to be used. `ahead` is how much better its NDCG is than that of `second`, the best of the others,
    as a share of it: .05 for 5 %. `over_baseline` is the same beside the baseline. None where there is no other.
    """

    chosen: str
    second: str | None
    ahead: Interval | None
    over_baseline: Interval | None


@dataclass(frozen=True)
class Comparison:
    """A trial in figures. `standings` have the order of the trial; one of them is the `baseline`.

    `n_customers` came back in the windows; `n_new` of them bought something new to them.
    """

    k: int
    horizon: int
    origins: tuple[date, ...]
    n_customers: int
    n_new: int
    baseline: str
    standings: tuple[Standing, ...]
    all: Verdict
    new: Verdict
    skipped: tuple[Skipped, ...] = ()

    def of(self, name: str) -> Standing:
        (found,) = [one for one in self.standings if one.name == name]
        return found


def compared(found: Trial, baseline: str, rng: Generator) -> Comparison:
    """The trial in figures; its first recommender is used unless another is clearly better.

    Raises ValueError if nothing was tried. `baseline` is the name of one that was.
    """
    if not found.tried:
        raise ValueError(f"nothing was tried: {found.untested}")
    names = [one.name for one in found.tried]
    sorts = [[one.all for one in found.tried], [one.new for one in found.tried]]
    drawn = [redrawn(sort, rng) for sort in sorts]
    scored = [
        [_scored(one, draws) for one, draws in zip(*each, strict=True)] for each in zip(sorts, drawn, strict=True)
    ]
    of_all, of_new = (_verdict(names, sort, draws, baseline) for sort, draws in zip(sorts, drawn, strict=True))
    return Comparison(
        k=found.k,
        horizon=found.horizon,
        origins=found.origins,
        n_customers=_n_customers(sorts[0][0]),
        n_new=_n_customers(sorts[1][0]),
        baseline=baseline,
        standings=tuple(
            Standing(one.name, one.label, all_, new) for one, all_, new in zip(found.tried, *scored, strict=True)
        ),
        all=of_all,
        new=of_new,
        skipped=found.skipped,
    )


def redrawn(measured: Sequence[Measured], rng: Generator, draws: int = DRAWS) -> Floats:
    """The mean of every metric when customers are drawn anew: recommender by draw by metric (in the order of METRICS).

    All of `measured` are of one trial and of one sort. Zeros where nobody counts.
    """
    customers, which = np.unique(measured[0].customers, return_inverse=True)
    n = customers.size
    means = np.zeros((len(measured), draws, len(METRICS)))
    if not n:
        return means
    columns = [one.per_customer[metric] for one in measured for metric in METRICS]
    sums = np.stack([np.bincount(which, column, minlength=n) for column in columns], axis=1)
    counts = np.bincount(which, minlength=n)
    for draw in range(draws):
        weight = np.bincount(rng.integers(0, n, n), minlength=n)
        means[:, draw, :] = (weight @ sums / (weight @ counts)).reshape(len(measured), len(METRICS))
    return means


def interval(value: float, draws: Floats, level: float = LEVEL) -> Interval:
    """`value` with the percentiles of its draws, which it lies within."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, min(value, float(low)), max(value, float(high)))


def difference(one: Measured, other: Measured, metric: str, rng: Generator, draws: int = DRAWS) -> Interval:
    """How much higher the mean of `one` is, on the same customers."""
    means = redrawn([one, other], rng, draws)[:, :, METRICS.index(metric)]
    return interval(one.mean(metric) - other.mean(metric), means[0] - means[1])


def _scored(measured: Measured, draws: Floats) -> Scored:
    intervals = {metric: interval(measured.mean(metric), draws[:, at]) for at, metric in enumerate(METRICS)}
    return Scored(**intervals, coverage=measured.coverage, novelty=measured.novelty, diversity=measured.diversity)


def _verdict(names: Sequence[str], measured: Sequence[Measured], draws: Floats, baseline: str) -> Verdict:
    means = [one.mean(DECIDES) for one in measured]
    drawn = draws[:, :, METRICS.index(DECIDES)]
    chosen = _chosen(means, drawn)
    others = [at for at in range(len(names)) if at != chosen]
    second = max(others, key=lambda at: means[at], default=None)
    base = names.index(baseline)
    return Verdict(
        names[chosen],
        None if second is None else names[second],
        None if second is None else _ahead(means, drawn, chosen, second),
        None if base == chosen else _ahead(means, drawn, chosen, base),
    )


def _chosen(means: Sequence[float], drawn: Floats) -> int:
    """The best of those that are clearly better than the first; the first where there is none.

    The more are tried, the surer one of them must be, so that 95 % hold for all of them together (Bonferroni).
    """
    level = 1 - (1 - LEVEL) / max(1, len(means) - 1)
    better = [at for at in range(1, len(means)) if interval(means[at] - means[0], drawn[at] - drawn[0], level).low > 0]
    return max(better, key=lambda at: means[at], default=0)


def _ahead(means: Sequence[float], drawn: Floats, one: int, other: int) -> Interval | None:
    """None where the other one found nothing, so that there is no share of it."""
    if means[other] <= 0:
        return None
    return interval((means[one] - means[other]) / means[other], (drawn[one] - drawn[other]) / means[other])


def _n_customers(measured: Measured) -> int:
    return int(np.unique(measured.customers).size)
