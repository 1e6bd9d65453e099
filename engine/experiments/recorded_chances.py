"""The chances of all variants at each draw, from what is stored: the chance of the variant that was drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.experiments.tally import Counts, Weights

NEAR = 1e-6


def chances(variant: Counts, propensity: Weights, n_variants: int) -> Weights | None:
    """Messages × variants, in the order of sending; None if nothing was drawn.

    A batch has the same chances for all of it, so what was recorded for one message of a variant holds for the others
    of the batch. A batch begins where a variant has another chance than before, or where the chances of all would not
    add up to 1. What is left to 1 goes evenly to
    variants that nobody in the batch got.
    """
    if not len(variant) or (propensity >= 1).all():
        return None
    starts = _starts(variant.tolist(), propensity.tolist(), n_variants)
    known = np.full((len(starts), n_variants), np.nan)
    batch = np.zeros(len(variant), np.int64)
    batch[starts] = 1
    batch = np.cumsum(batch) - 1
    known[batch, variant] = propensity
    missing = np.isnan(known)
    left = np.clip(1 - np.nansum(known, axis=1), 0, 1) / np.maximum(missing.sum(axis=1), 1)
    return np.where(missing, left[:, None], known)[batch]


def _starts(variant: Sequence[int], propensity: Sequence[float], n_variants: int) -> list[int]:
    known: dict[int, float] = {}
    starts = [0]
    for at, (which, chance) in enumerate(zip(variant, propensity, strict=True)):
        if known.get(which) == chance:
            continue
        total = sum(known.values()) + chance
        whole = abs(total - 1) < NEAR if len(known) + 1 == n_variants else total < 1 + NEAR
        if which in known or not whole:
            known = {}
            starts.append(at)
        known[which] = chance
    return sorted(set(starts))
