"""What people spend, compared: means of two groups, ratios of two sums, and the help of what was known before."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

from engine.experiments.intervals import CONFIDENCE, Interval

Amounts = NDArray[np.float64]
LEAST_HELP = 0.01  # share of the variance that has to go


@dataclass(frozen=True)
class Spending:
    """Of `n` people the mean, and the variance of one of them."""

    n: int
    mean: float
    variance: float

    @classmethod
    def of(cls, amounts: Amounts) -> Spending:
        """The variance is that with n - 1; 0 of fewer than two."""
        if amounts.size < 2:
            return cls(int(amounts.size), float(amounts.mean()) if amounts.size else 0.0, 0.0)
        return cls(int(amounts.size), float(amounts.mean()), float(amounts.var(ddof=1)))

    @classmethod
    def of_rate(cls, wins: int, sends: int) -> Spending:
        rate = wins / sends
        return cls(sends, rate, rate * (1 - rate))

    @property
    def error(self) -> float:
        """The variance of the mean."""
        return self.variance / self.n


@dataclass(frozen=True)
class Difference:
    """b minus a, or b / a - 1: the estimate with its standard error, degrees of freedom, and p-value (two-sided)."""

    estimate: float
    se: float
    df: float
    p: float

    def interval(self, confidence: float = CONFIDENCE) -> Interval:
        """By Student's t; by the normal distribution where there are infinitely many degrees of freedom."""
        from scipy.stats import norm, t

        share = (1 + confidence) / 2
        half = self.se * float(norm.ppf(share) if self.df == inf else t.ppf(share, self.df))
        return Interval(self.estimate - half, self.estimate + half)


def welch(a: Spending, b: Spending) -> Difference:
    """The difference of the means. Source: Welch (1947), with Satterthwaite's degrees of freedom."""
    return _tested(b.mean - a.mean, sqrt(a.error + b.error), _degrees(a, b))


def lift(a: Spending, b: Spending, *, normal: bool = False) -> Difference:
    """The relative difference b / a - 1, by the delta method. Source: Deng, Knoblich & Lu (2018), section 3.

    Packages disagree about its interval: GrowthBook takes Student's t with the degrees of freedom of the means, the
    textbook the normal distribution (`normal`).
    """
    se = sqrt(b.error / a.mean**2 + a.error * b.mean**2 / a.mean**4)
    return _tested(b.mean / a.mean - 1, se, inf if normal else _degrees(a, b))


def ratio_metric(numerators: Amounts, denominators: Amounts) -> Spending:
    """The ratio of two sums over the same people (money per order), with the variance that a mean would have.

    Source: Deng, Knoblich & Lu (2018), "Applying the Delta Method in Metric Analytics", eq. 3.
    """
    ratio = float(numerators.sum() / denominators.sum())
    residuals = (numerators - ratio * denominators) / denominators.mean()
    return Spending(int(numerators.size), ratio, float(residuals.var(ddof=1)))


@dataclass(frozen=True, eq=False)
class Adjusted:
    """Amounts less what was to be expected of each person; `removed` is the share of the variance that went."""

    amounts: tuple[Amounts, ...]
    removed: float

    @property
    def helps(self) -> bool:
        return self.removed >= LEAST_HELP


def cuped(groups: tuple[Amounts, ...], before: tuple[Amounts, ...]) -> Adjusted:
    """Each amount less θ times what the person spent before, as far as that differs from the mean of all.

    The means of the groups are compared as ever, with less noise. Source: Deng, Xu, Kohavi & Walker (2013),
    "Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data", eq. 3.
    """
    # within the groups: between them, what is looked for would be taken for noise
    own = np.concatenate([amounts - amounts.mean() for amounts in groups])
    past = np.concatenate([amounts - amounts.mean() for amounts in before])
    spread, noise = float(past @ past), float(own @ own)
    if not spread or not noise:
        return Adjusted(groups, 0.0)
    theta = float(own @ past) / spread
    middle = float(np.concatenate(before).mean())
    adjusted = tuple(amounts - theta * (known - middle) for amounts, known in zip(groups, before, strict=True))
    return Adjusted(adjusted, theta**2 * spread / noise)


def _degrees(a: Spending, b: Spending) -> float:
    if a.n < 2 or b.n < 2 or not a.error + b.error:
        return inf
    return (a.error + b.error) ** 2 / (a.error**2 / (a.n - 1) + b.error**2 / (b.n - 1))


def _tested(estimate: float, se: float, df: float) -> Difference:
    from scipy.stats import norm, t

    if not se:
        return Difference(estimate, 0.0, df, 1.0 if not estimate else 0.0)
    score = abs(estimate) / se
    return Difference(estimate, se, df, float(2 * (norm.sf(score) if df == inf else t.sf(score, df))))
