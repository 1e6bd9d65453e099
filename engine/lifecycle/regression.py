"""A logistic curve through few outcomes, drawn to what is usual."""

from __future__ import annotations

import numpy as np

from engine.lifecycle.purchases import Bools, Floats

ROUNDS = 30
LONGEST_STEP = 1.0
CLOSE = 1e-9


def posterior_mode(design: Floats, happened: Bools, usual: Floats, spread: Floats) -> Floats:
    """The weights of `design` (n x p) that are most likely under independent normal priors about `usual`."""
    from scipy.special import expit

    penalty = 1 / spread**2
    weights = usual
    for _ in range(ROUNDS):
        p = expit(design @ weights)
        slope = design.T @ (happened - p) - penalty * (weights - usual)
        curvature = (design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curvature, slope)
        longest = float(np.abs(step).max())
        weights = weights + step * min(1.0, LONGEST_STEP / max(longest, CLOSE))
        if longest < CLOSE:
            break
    return weights
