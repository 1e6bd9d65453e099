"""P(no order in the next H days) of every customer: today's, and as it would have been told at earlier month ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from engine import columns as c
from engine.lifecycle.forecast import Forecast, forecast
from engine.lifecycle.history import Chances
from engine.lifecycle.models import model
from engine.lifecycle.purchases import Purchases, purchases
from engine.lifecycle.recalibration import PRIOR
from engine.lifecycle.record import LOST
from engine.lifecycle.scores import score
from engine.lifecycle.scores_of_models import FittedModel, counts_of
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent

NOBODY: Final = pd.Series(dtype="float64")
ENOUGH: Final = 10_000  # customers to learn from for each month, drawn at random from more
PER_HUNDRED: Final = 50  # people; of fewer the number itself is told


@dataclass(frozen=True)
class Outlook:
    """`p_none` gives the chances by customer as of a day. `method` names how they were found, `words` in words.

    `record` says what such calls were worth on the shop's past, or why that cannot be told yet.
    """

    p_none: Chances
    method: str
    words: Phrase | None
    record: Phrase | None
    notes: tuple[Phrase, ...] = ()


def outlook(orders: pd.DataFrame, as_of: pd.Timestamp, horizon: int, seed: int, progress: Progress = silent) -> Outlook:
    """Of the customers of `orders` (CUSTOMER, AT, REVENUE); without any, of nobody.

    Today's chances are the forecast's. At the end of an earlier month the same score learns anew from what was known
    then, so that nothing of the future is in it but the two figures that set its probabilities right today.
    """
    past = purchases(orders, as_of)
    if not past.n:
        return Outlook(lambda day: NOBODY, "none", None, None)
    today = forecast(orders, as_of=as_of, horizon=horizon, seed=seed, progress=progress)

    def p_none(day: pd.Timestamp) -> pd.Series:
        return today.frame[c.P_NONE] if day == as_of else _then(past, day, today, seed)

    record = _record(today)
    return Outlook(p_none, today.score, score(today.score).words, record, today.notes)


def _then(past: Purchases, day: pd.Timestamp, today: Forecast, seed: int) -> pd.Series:
    known = past.before(int(day.to_datetime64().astype("datetime64[D]").astype(np.int64)))
    if not known.n:
        return NOBODY
    rng = np.random.default_rng(seed)
    some, right = known.sample(ENOUGH, rng), today.calibration
    learned = score(today.score).fit(some, today.horizon, rng)
    if learned is None:
        learned, right = FittedModel(model(today.model).fit(counts_of(some)), today.horizon), PRIOR
    return pd.Series(right(learned.p_none(known)), index=known.customers)


def _record(today: Forecast) -> Phrase | None:
    """Of how many who were called lost on the last tested day that was right; why it is not known where it is not."""
    record = today.record
    if record is None:
        return today.untested
    called = next(one for one in record.latest if one.threshold == LOST)
    origin = record.origins[-1]
    if called.precision is None:
        return Phrase("On {origin}, the last day that can be tested, I would have called nobody lost.", origin=origin)
    if called.n_called < PER_HUNDRED:
        return counted(
            "Of {n} customer called lost on {origin}, {right} did not buy in the {days} days after.",
            "Of {n} customers called lost on {origin}, {right} did not buy in the {days} days after.",
            n=called.n_called,
            right=called.n_right,
            origin=origin,
            days=record.horizon,
        )
    return Phrase(
        "Of 100 customers called lost on {origin}, {right} did not buy in the {days} days after "
        "({called:,} were called).",
        right=round(100 * called.precision),
        origin=origin,
        days=record.horizon,
        called=called.n_called,
    )
