"""What to believe of a difference whose estimate is about normal: chance to win, risk, with or without a prior."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from engine.experiments.intervals import CONFIDENCE, Interval


@dataclass(frozen=True)
class NormalBelief:
    """The difference, b minus a, is normal with this mean and standard deviation."""

    mean: float
    sd: float

    def updated(self, estimate: float, se: float) -> NormalBelief:
        """After an estimate of it. Source: Gelman et al. (2013), "Bayesian Data Analysis", eq. 2.10."""
        precision = 1 / self.sd**2 + 1 / se**2
        return NormalBelief((self.mean / self.sd**2 + estimate / se**2) / precision, sqrt(1 / precision))

    @property
    def chance_to_win(self) -> float:
        return NormalDist().cdf(self.mean / self.sd)

    @property
    def risk(self) -> tuple[float, float]:
        """What staying with a loses in the mean, and what changing to b does."""
        z = self.mean / self.sd
        gain = self.mean * NormalDist().cdf(z) + self.sd * NormalDist().pdf(z)
        return gain, gain - self.mean

    def interval(self, confidence: float = CONFIDENCE) -> Interval:
        half = NormalDist().inv_cdf((1 + confidence) / 2) * self.sd
        return Interval(self.mean - half, self.mean + half)
