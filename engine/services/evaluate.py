"""Put a result to the test on the shop's own data."""

from __future__ import annotations

from engine.progress import Progress, silent
from engine.services.evaluations import Evaluation, evaluator
from engine.shop import Shop


def evaluate(shop: Shop, kind: str, *, refresh: bool = False, progress: Progress = silent) -> Evaluation:
    """How good the shop's results of this kind are (`engine.services.evaluations`).

    Answered from the store if the data are the same; with `refresh` computed anew, once per cause. Raises NotFound for
    a kind that is not known, and what computing the result raises.
    """
    one = evaluator(kind)
    with shop.open() as db:
        return Evaluation(kind, one.label, one.found(shop, db, refresh=refresh, progress=progress))
