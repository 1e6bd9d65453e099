"""What speaks for each number of groups, weighed: the likeliest number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.segments.mixtures import Fit
from engine.segments.resampling import Strength

# What speaks for a number of groups, and how much. Made by `python -m benchmarks weights_of_choosing` from shops that
# were made up with a known number of groups: the weights under which the true numbers are likeliest.
WEIGHTS = {
    "no groups": 4.49,
    "they stand apart": 11.01,
    "they come back": 0.50,
    "each customer is clearly in one": 4.27,
    "one more would not say more": 10.64,
}


@dataclass(frozen=True)
class Evidence:
    """What was measured, by number of groups; `fits` also of one. `n` customers were looked at."""

    n: int
    strengths: Mapping[int, Strength] = field(default_factory=dict)
    silhouettes: Mapping[int, float] = field(default_factory=dict)
    fits: Mapping[int, Fit] = field(default_factory=dict)


def reasons(evidence: Evidence) -> tuple[list[int], NDArray[np.float64]]:
    """The numbers of groups from 1 up, and a row for each: how far it has what `WEIGHTS` lists.

    In this order: 1 if there is no other group; the silhouette, 0 to 1; the prediction strength; minus the root of how
    much worse than the best it is by the integrated completed likelihood per customer; minus the root of what the
    Bayesian information criterion, halved and per customer, gains by one more group.

    Sources: Biernacki, Celeux & Govaert (2000), "Assessing a Mixture Model for Clustering with the Integrated Completed
    Likelihood"; Schwarz (1978), "Estimating the Dimension of a Model".
    """
    numbers = sorted(evidence.fits)
    penalty = np.log(evidence.n) / (2 * evidence.n)
    described = np.array([evidence.fits[k].loglik - evidence.fits[k].n_params * penalty for k in numbers])
    clear = described - np.array([evidence.fits[k].entropy for k in numbers])
    gained = np.append(np.diff(described), 0.0)
    rows = [
        np.array([float(k == 1) for k in numbers]),
        np.array([evidence.silhouettes.get(k, 0.0) for k in numbers]),
        np.array([evidence.strengths[k].mean if k > 1 else 1.0 for k in numbers]),
        -np.sqrt(clear.max() - clear),
        -np.sqrt(np.maximum(gained, 0.0)),
    ]
    return numbers, np.column_stack(rows)


def weighed(evidence: Evidence) -> dict[int, float]:
    """How likely each number of groups is among made shops; the shares sum to 1.

    A conditional logit: the weighed sum of the reasons is the logarithm of the odds.
    Source: McFadden (1974), "Conditional Logit Analysis of Qualitative Choice Behavior", equation 12.
    """
    from scipy.special import softmax

    numbers, rows = reasons(evidence)
    shares = softmax(rows @ np.array(list(WEIGHTS.values())))
    return {k: float(share) for k, share in zip(numbers, shares, strict=True)}
