"""Recommenders tried on the shop's own past: once per state of the data, then answered from the store.

with shop.open() as db:
    name = chosen_recommender(newest_trial(db))
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from sqlite_utils import Database

from engine.errors import NotAllowed
from engine.lifecycle.kept import packed, unpacked
from engine.phrases import Phrase, from_json
from engine.progress import Progress, silent
from engine.recommend.comparison import Comparison, compared
from engine.recommend.recommenders import BASELINE, STATED, recommenders, settings
from engine.recommend.trials import K, Recommender, trial
from engine.recommend.windows import of_some
from engine.services.recommend_history import history_of
from engine.shop import Shop
from engine.store import orders, runs, transaction
from engine.store.runs import Run

KIND = "recommend_trial"
LEARNERS = 100_000  # customers that a trial is made with, drawn at random from more


def current_trial(
    shop: Shop, db: Database, *, deep: bool = False, refresh: bool = False, progress: Progress = silent
) -> Run:
    """The run that says how good each recommender is: the stored one if data and recommenders are the same, else new.

    With `deep` those that take long are tried, too; a run that tried them answers without `deep` as well. With
    `refresh` computed anew, once per cause. Raises TooLittleData if nobody has bought anything, NotAllowed for `deep`
    where nothing takes long.
    """
    tried = recommenders(deep=deep)
    if deep and not any(one.slow for one in tried):
        raise NotAllowed(Phrase("Nothing here takes long: all that I know was tried already."))
    version = orders.data_version(db)
    known = newest_trial(db)
    if (
        known is not None
        and known.data_version == version
        and _tried(known, tried)
        and (not refresh or runs.made_for(db, known.id, shop.cause))
    ):
        return known
    return _made(shop, db, tried, deep, version, progress)


def newest_trial(db: Database) -> Run | None:
    """The newest run, however old its data; None if there is none."""
    return runs.latest(db, KIND)


def chosen_recommender(run: Run | None, *, new: bool = False) -> str:
    """The name of the recommender that won this trial, or with `new` at products that a customer had not bought.

    The default where there is no trial, where nothing could be tried, and where the winner is not there any more.
    """
    every = recommenders(deep=True)
    default = every[0].name
    found = None if run is None else comparison(run)
    if found is None:
        return default
    won = (found.new if new else found.all).chosen
    tried = {one.name for one in found.standings}
    if won == STATED and default not in tried:
        return default  # which keeps to the stated rule until it can learn
    return won if won in {one.name for one in every} else default


def comparison(run: Run) -> Comparison | None:
    """What came out; None where nothing could be tried (`untested` says why)."""
    found = run.quality["comparison"]
    return None if found is None else unpacked(Comparison, found)


def untested(run: Run) -> Phrase | None:
    why = run.quality["untested"]
    return None if why is None else from_json(why)


def as_of(run: Run) -> date:
    """The day of the newest purchase that was known."""
    return date.fromisoformat(run.quality["as_of"])


def is_deep(run: Run) -> bool:
    return bool(run.settings["deep"])


def _tried(run: Run, wanted: list[Recommender]) -> bool:
    """Whether the run tried all of these as they are now."""
    used: dict[str, Any] = dict(run.settings["recommenders"])
    return run.settings["k"] == K and settings(wanted).items() <= used.items()


def _made(shop: Shop, db: Database, tried: list[Recommender], deep: bool, version: int, progress: Progress) -> Run:
    history = history_of(shop, db, progress)
    rng = np.random.default_rng(shop.seed)
    some = of_some(history, LEARNERS, rng)
    found = trial(some, tried, rng, progress=lambda doing, share: progress(doing, 0.05 + 0.9 * share))
    progress(Phrase("Comparing what was tried"), 0.95)
    result = compared(found, BASELINE, rng) if found.tried else None
    quality = {
        "comparison": packed(result),
        "untested": packed(found.untested),
        "as_of": history.as_of.date().isoformat(),
        "customers": history.extent["customers"],
        "learned_from": some.extent["customers"],
    }
    with transaction(db):
        return runs.add(
            db,
            kind=KIND,
            method=recommenders()[0].name if result is None else result.all.chosen,
            settings={"recommenders": settings(tried), "k": K, "deep": deep},
            seed=shop.seed,
            data_version=version,
            quality=quality,
            at=shop.now(),
            cause=shop.cause,
        )
