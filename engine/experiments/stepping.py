"""Policies that go by an index: the variant with the highest one is next, send by send."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.experiments.floors import all_for
from engine.experiments.tally import Counts, Tally, Weights

# of a variant, from its mean, its sends and all sends: what its rate could still be
Index = Callable[[float, int, int], float]


def steps(tally: Tally, n: int, index: Index) -> Counts:
    """The variants of the next n sends, none of whose outcomes is known while they are chosen.

    A variant that was never sent comes first; ties go by order. A send whose outcome is not known yet counts as sent,
    not in the mean: so a batch spreads out instead of going to one variant.
    """
    # plain numbers: for a handful of variants they are ten times as fast as arrays
    means = tally.means.tolist()
    sends = tally.sent.tolist()
    total = sum(sends)
    chosen = np.empty(n, dtype=np.int64)
    for step in range(n):
        if 0 in sends:
            best = sends.index(0)
        else:
            bounds = [index(mean, n_sent, total) for mean, n_sent in zip(means, sends, strict=True)]
            best = bounds.index(max(bounds))
        chosen[step] = best
        sends[best] += 1
        total += 1
    return chosen


def first_step(tally: Tally, index: Index) -> Weights:
    """1 for the variant of the next send, 0 for the others."""
    return all_for(int(steps(tally, 1, index)[0]), tally.n_variants)
