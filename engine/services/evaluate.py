"""Put a result to the test on the shop's own data."""

from __future__ import annotations

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.services.evaluations import Evaluation, SlowEvaluator, evaluator
from engine.shop import Shop


def evaluate(
    shop: Shop, kind: str, *, deep: bool = False, refresh: bool = False, progress: Progress = silent
) -> Evaluation:
    """How good the shop's results of this kind are (`engine.services.evaluations`).

    Answered from the store if the data are the same; with `refresh` computed anew, once per cause. With `deep` what
    takes long is tried, too. Raises NotFound for a kind that is not known, NotAllowed for `deep` where nothing takes
    long, and what computing the result raises.
    """
    one = evaluator(kind)
    with shop.open() as db:
        if not deep:
            return Evaluation(kind, one.label, one.found(shop, db, refresh=refresh, progress=progress))
        if not isinstance(one, SlowEvaluator):
            raise NotAllowed(Phrase("The test of “{what}” has no longer form: leave out “deep”.", what=one.label))
        return Evaluation(kind, one.label, one.found_slowly(shop, db, refresh=refresh, progress=progress), deep=True)
