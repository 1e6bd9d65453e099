"""Probabilities set right by what happened after earlier ones: a season, or a model that is off in this shop.

The logit of a forecast is shifted and stretched (Platt 1999), with a further shift of each origin's own. Both are drawn
to "as it was" by a prior, so a few outcomes move little; how much origins differ says how sure the next can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.lifecycle.purchases import Bools, Floats

# How far forecasts were off elsewhere, in logits: shift, stretch, and origins among each other. Seven cuts of Online
# Retail and CDNOW came out .4 from what earlier origins had taught, December a whole logit. The last counts for
# PRIOR_ORIGINS origins.
SHIFT, STRETCH, SEASONS, PRIOR_ORIGINS = 0.5, 0.25, 0.42, 4.0
LEAST_SLOPE = 0.2
ROUNDS = 25
EDGE = 1e-6


@dataclass(frozen=True)
class Calibration:
    """A new forecast's logit is `shift + stretch * logit`; `covariance` is theirs, `seasons` the SD of origins."""

    shift: float
    stretch: float
    covariance: Floats  # 2 x 2
    seasons: float

    def __call__(self, p: Floats) -> Floats:
        """The probabilities set right, in the same order of people; a coming season's shift is averaged over."""
        from scipy.special import expit

        flatter = np.sqrt(1 + np.pi * self.seasons**2 / 8)  # MacKay (1992)
        right: Floats = expit((self.shift + self.stretch * _logit(p)) / flatter)
        return right

    def interval(self, p: Floats, level: float) -> tuple[Floats, Floats]:
        """Between which the share without an order lies with probability `level`, of people with this forecast `p`."""
        from scipy.special import expit
        from scipy.stats import norm

        x = _logit(p)
        (a, b), (_, d) = self.covariance
        variance = np.maximum(a + 2 * b * x + d * x**2, 0.0) + self.seasons**2
        off = norm.ppf((1 + level) / 2) * np.sqrt(variance)
        centre = self.shift + self.stretch * x
        right = self(p)
        return np.minimum(expit(centre - off), right), np.maximum(expit(centre + off), right)


PRIOR = Calibration(0.0, 1.0, np.diag([SHIFT**2, STRETCH**2]), SEASONS)


def calibration(p_none: Sequence[Floats], none: Sequence[Bools]) -> Calibration:
    """Learned from what was forecast at each origin and what happened; PRIOR without any."""
    from scipy.special import expit

    if not len(p_none):
        return PRIOR
    n_origins = len(p_none)
    origin = np.repeat(np.arange(n_origins), [p.size for p in p_none])
    x, y = _logit(np.concatenate(p_none)), np.concatenate(none).astype(np.float64)
    design = np.column_stack([np.ones(x.size), x, origin[:, None] == np.arange(n_origins)])
    centre = np.zeros(2 + n_origins)
    centre[1] = 1.0
    weights, seasons = centre.copy(), SEASONS
    for _ in range(ROUNDS):
        penalty = np.concatenate([[SHIFT**-2, STRETCH**-2], np.full(n_origins, seasons**-2)])
        p = expit(design @ weights)
        slope = design.T @ (y - p) - penalty * (weights - centre)
        curvature = (design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curvature, slope)
        weights = weights + step * min(1.0, 2.0 / float(np.abs(step).max() + 1e-12))
        spread = np.linalg.inv(curvature).diagonal()[2:]
        own = float((weights[2:] ** 2 + spread).sum())
        seasons = float(np.sqrt((PRIOR_ORIGINS * SEASONS**2 + own) / (PRIOR_ORIGINS + n_origins)))
    covariance = np.linalg.inv(curvature)[:2, :2]
    return Calibration(float(weights[0]), max(float(weights[1]), LEAST_SLOPE), covariance, seasons)


def _logit(p: Floats) -> Floats:
    from scipy.special import logit

    logits: Floats = logit(np.clip(p, EDGE, 1 - EDGE))
    return logits
