"""A floor under the weights, so that every variant stays measurable."""

from __future__ import annotations

import numpy as np

from engine.experiments.tally import Weights


def with_floor(weights: Weights, floor: float) -> Weights:
    """Weights of which none is below `floor`; where that is more than an equal share, all are equal.

    floor + (1 - K · floor) · weight, along the last axis: with a chance of K · floor a send is drawn evenly, so who
    gets the policy's own choice stays a random part of the people.
    """
    n_variants = weights.shape[-1]
    least = min(floor, 1 / n_variants)
    held: Weights = least + (1 - n_variants * least) * weights
    return held


def all_for(variant: int, n_variants: int) -> Weights:
    """1 for the variant, 0 for the others."""
    weights = np.zeros(n_variants)
    weights[variant] = 1.0
    return weights
