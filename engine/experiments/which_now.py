"""What to choose if one has to choose before the verdict: the chance that it is the best, and what a mistake costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.experiments.posterior import Belief, chance_to_be_best, expected_shortfall
from engine.experiments.tally import Tally
from engine.phrases import Phrase, counted

CLOSE = 0.55  # a chance below it, of two versions, is as good as none


def which_now(tally: Tally, labels: Sequence[str], *, for_good: bool = False) -> Phrase | None:
    """What to choose; None while some version has no outcome at all, or there is one version only.

    `for_good`: no verdict is to come any more.
    """
    if tally.n_variants < 2 or not tally.sends.all():
        return None
    beliefs = [Belief.of(int(wins), int(sends)) for wins, sends in zip(tally.wins, tally.sends, strict=True)]
    best = int(np.argmax([belief.mean for belief in beliefs]))
    chance = chance_to_be_best(beliefs, best)
    if chance < CLOSE * 2 / tally.n_variants:
        if for_good:
            return Phrase("Pick the version you like best: none is ahead.")
        return Phrase("If you must choose now, any version will do: none is ahead.")
    loss, of = _in_people(expected_shortfall(beliefs, best))
    # the chance is never told as certain, nor a loss as none at all
    facts = {"best": labels[best], "chance": min(chance, 0.99), "of": of}
    if for_good:
        return counted(
            "Take {best}: the chance that it is the best is about {chance:.0%}. The risk that it is not costs you "
            "about {n} buyer of {of} people on average.",
            "Take {best}: the chance that it is the best is about {chance:.0%}. The risk that it is not costs you "
            "about {n} buyers of {of} people on average.",
            n=loss,
            **facts,
        )
    return counted(
        "If you must choose now, take {best}: the chance that it is the best is about {chance:.0%}. The risk that it "
        "is not costs you about {n} buyer of {of} people on average.",
        "If you must choose now, take {best}: the chance that it is the best is about {chance:.0%}. The risk that it "
        "is not costs you about {n} buyers of {of} people on average.",
        n=loss,
        **facts,
    )


def _in_people(share: float) -> tuple[int, int]:
    """Whole people, and of how many: nobody loses half a buyer. At least one."""
    of = 100 if share * 100 >= 5 else 1_000
    return max(1, round(share * of)), of
