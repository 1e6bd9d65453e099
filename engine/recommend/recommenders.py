"""What is tried on the shop's own past: what is in use by default, then each ranker alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.recommend.alone import Alone
from engine.recommend.deep import installed
from engine.recommend.fusion.blend import Blend, blends
from engine.recommend.mixing import Mixing
from engine.recommend.rankers import rankers
from engine.recommend.trials import Recommender

BASELINE = "popular"  # a list of best-sellers, the same for all
STATED = Mixing().name
NO_PYTORCH = "without PyTorch"

InUse = Blend | Mixing


def fused() -> tuple[InUse, ...]:
    """Lists of several rankers as one; the first is in use where nothing is clearly better."""
    return (*blends(), Mixing())


def in_use(name: str) -> InUse:
    """The recommender of this name as lists are made by it; of a ranker alone what is popular fills its gaps."""
    alone = Mixing(name, ((name, 1.0), *([(BASELINE, 0.0)] if name != BASELINE else [])))
    return next((one for one in fused() if one.name == name), alone)


def recommenders(*, deep: bool = False) -> list[Recommender]:
    """All of them, the default first; with `deep` also those that take long."""
    known = rankers()
    baseline = known[BASELINE]
    others = (Alone(ranker, baseline) for name, ranker in known.items() if name != BASELINE)
    every: list[Recommender] = [*fused(), Alone(baseline), *others]
    return [one for one in every if deep or not one.slow]


def settings(tried: Sequence[Recommender]) -> dict[str, Any]:
    """What of the recommenders a trial depends on, as JSON can hold it; so a network is tried once it can be."""
    return {one.name: repr(one) if installed() or not one.slow else NO_PYTORCH for one in tried}
