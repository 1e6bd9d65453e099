"""P(no order in the next H days) of every customer: today's, and as it would have been told at earlier month ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.lifecycle.caveats import beats_chance
from engine.lifecycle.dated import day_number
from engine.lifecycle.forecast import forecast
from engine.lifecycle.history import Chances
from engine.lifecycle.kept_money import TAKEN_OFF
from engine.lifecycle.models import model
from engine.lifecycle.purchases import Floats, Purchases, purchases
from engine.lifecycle.recalibration import PRIOR
from engine.lifecycle.record import TrackRecord
from engine.lifecycle.scores import FittedScore, score
from engine.lifecycle.scores_of_models import FittedModel, counts_of
from engine.lifecycle.spend import ABOUT_MONEY
from engine.phrases import Phrase
from engine.progress import Progress
from engine.services import forecasts
from engine.services.evaluations.lifecycle import since_then, verdict
from engine.shop import Shop
from engine.store import forecasts as stored

NOBODY: Final = pd.Series(dtype="float64")
NOTHING_TELLS: Final = Phrase("On your own past no forecast told better than chance who would stay away.")
BY_DAYS: Final = "days"  # the method where plain days decide
ENOUGH: Final = 10_000  # customers to learn from for each month, drawn at random from more


@dataclass(frozen=True)
class Outlook:
    """`p_none` gives the chances by customer as of a day; `method` is the score that found them.

    `record` says what such calls were worth on the shop's past, or why that cannot be told yet. Where no score was
    better than chance there, or none could be tested, nobody has chances and `is_proven` is False.
    """

    p_none: Chances
    method: str
    record: Phrase | None
    notes: tuple[Phrase, ...] = ()
    is_proven: bool = False


@dataclass(frozen=True)
class _Today:
    """What is forecast as of today, and by what: a score, set right, or the model's where it cannot learn."""

    p_none: pd.Series
    score: str
    model: str
    set_right: Callable[[Floats], Floats]
    record: TrackRecord | None
    untested: Phrase | None
    notes: tuple[Phrase, ...]


def outlook(
    shop: Shop,
    db: Database,
    paid: pd.DataFrame,
    as_of: pd.Timestamp,
    horizon: int,
    progress: Progress,
    *,
    of_orders: bool,
) -> Outlook:
    """Of the customers of `paid` (CUSTOMER, AT, REVENUE); without any, of nobody.

    Today's chances are the forecast's, the shop's stored one where `paid` holds the orders and nothing else
    (`of_orders`). At the end of an earlier month the same score learns anew from what was known then, so that nothing
    of the future is in it but the figures that set its probabilities right today.
    """
    past = purchases(paid, as_of)
    if not past.n:
        return Outlook(_nothing_known, BY_DAYS, None)
    today = _kept(shop, db, horizon, progress) if of_orders else _made(shop, paid, as_of, horizon, progress)

    def p_none(day: pd.Timestamp) -> pd.Series:
        return today.p_none if day == as_of else _then(past.before(day_number(day)), horizon, today, shop.seed)

    if today.record is None or not beats_chance(today.record):
        return Outlook(_nothing_known, BY_DAYS, today.untested if today.record is None else NOTHING_TELLS)
    set_right = since_then(today.record)
    notes = (*(() if set_right is None else (set_right,)), *_without_money(today.notes))
    return Outlook(p_none, today.score, verdict(today.record), notes, is_proven=True)


def _without_money(notes: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    """Who orders again hangs on no amount."""
    return tuple(note for note in notes if note not in (*ABOUT_MONEY, TAKEN_OFF))


def _nothing_known(day: pd.Timestamp) -> pd.Series:
    return NOBODY


def _kept(shop: Shop, db: Database, horizon: int, progress: Progress) -> _Today:
    run = forecasts.current_forecast(shop, db, horizon, progress=progress)
    return _Today(
        p_none=stored.frame(db, run.id)[c.P_NONE],
        score=run.method,
        model=run.quality["model"],
        set_right=forecasts.calibration(run),
        record=forecasts.track_record(run),
        untested=forecasts.untested(run),
        notes=forecasts.notes(run),
    )


def _made(shop: Shop, paid: pd.DataFrame, as_of: pd.Timestamp, horizon: int, progress: Progress) -> _Today:
    made = forecast(paid, as_of=as_of, horizon=horizon, seed=shop.seed, progress=progress)
    p_none = made.frame[c.P_NONE]
    return _Today(p_none, made.score, made.model, made.calibration, made.record, made.untested, made.notes)


def _then(known: Purchases, horizon: int, today: _Today, seed: int) -> pd.Series:
    if known.history < horizon:  # too young then to tell anybody's habits
        return NOBODY
    rng = np.random.default_rng(seed)
    some = known.sample(ENOUGH, rng)
    learned: FittedScore | None = score(today.score).fit(some, horizon, rng)
    if learned is None:
        learned = FittedModel(model(today.model).fit(counts_of(some)), horizon)
        return pd.Series(PRIOR(learned.p_none(known)), index=known.customers)
    return pd.Series(today.set_right(learned.p_none(known)), index=known.customers)
