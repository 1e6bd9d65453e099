"""What is tried on the shop's own past: what is in use by default, then each ranker alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.recommend.alone import Alone
from engine.recommend.history import History
from engine.recommend.rankers import rankers
from engine.recommend.trials import Recommender

BASELINE = "popular"  # a list of best-sellers, the same for all

# lists of several rankers as one; the first is in use where nothing is clearly better
FUSED: tuple[Recommender, ...] = ()


def recommenders(*, deep: bool = False) -> list[Recommender]:
    """All of them, the default first; with `deep` also those that take long."""
    known = rankers()
    baseline = known[BASELINE]
    others = (Alone(ranker, baseline) for name, ranker in known.items() if name != BASELINE)
    every: list[Recommender] = [*FUSED, Alone(baseline), *others]
    return [one for one in every if deep or not one.slow]


def slow_ones(history: History) -> list[Recommender]:
    """Those that are tried on request only, and that this shop has what it takes for."""
    return [one for one in recommenders(deep=True) if one.slow and one.lacking(history) is None]


def settings(tried: Sequence[Recommender]) -> dict[str, Any]:
    """What of the recommenders a trial depends on, as JSON can hold it."""
    return {one.name: repr(one) for one in tried}
