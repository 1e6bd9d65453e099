"""What to choose if one has to choose before the verdict: the chance that it is the best, and what a mistake costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.experiments.posterior import Belief, chance_to_be_best, expected_shortfall
from engine.experiments.tally import Tally
from engine.phrases import Phrase

CLOSE = 0.55  # a chance below it, of two versions, is as good as none


def which_now(tally: Tally, labels: Sequence[str]) -> Phrase | None:
    """None while some version has no outcome at all, or there is one version only."""
    if tally.n_variants < 2 or not tally.sends.all():
        return None
    beliefs = [Belief.of(int(wins), int(sends)) for wins, sends in zip(tally.wins, tally.sends, strict=True)]
    best = int(np.argmax([belief.mean for belief in beliefs]))
    chance = chance_to_be_best(beliefs, best)
    if chance < CLOSE * 2 / tally.n_variants:
        return Phrase("If you must choose now, any version will do: none is ahead.")
    # the chance is never told as certain, nor a loss as none at all
    return Phrase(
        "If you must choose now, take {best}: the chance that it is the best is about {chance:.0%}. On average you "
        "give away {loss} buyers of 100 by choosing it.",
        best=labels[best],
        chance=min(chance, 0.99),
        loss=_few(100 * expected_shortfall(beliefs, best)),
    )


def _few(number: float) -> str:
    return f"{max(number, 0.01):.2g}"
