"""What a reader of the forecasts has to know of the shop's own past, the most important first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine import columns as c
from engine.lifecycle.purchases import Purchases, day_at
from engine.lifecycle.record import TrackRecord
from engine.phrases import Phrase, counted

YEAR = 365
UNSEEN_SHARE, UNSEEN_DAYS = 0.25, 14  # of the horizon, or so many days: less is not worth a word
CHANCE = 0.5
NO_BETTER_THAN_CHANCE = Phrase(
    "On your own past no forecast told better than chance who would stay away: do not lean on it."
)


def caveats(
    orders: pd.DataFrame, past: Purchases, horizon: int, record: TrackRecord | None, sampled: int
) -> tuple[Phrase, ...]:
    """Notes on the forecast of `horizon` days that was made of `past`, which was made of `orders`."""
    found = [
        _no_better_than_chance(record),
        _new_season(past, horizon),
        left_out(orders, day_at(past.as_of)),
        _without_amount(orders),
        _no_money(past),
        _sampled(past, sampled),
    ]
    return tuple(note for note in found if note is not None)


def beats_chance(record: TrackRecord) -> bool:
    """Whether the best forecast told better than a coin, on the shop's own past, who would stay away."""
    return record.of_chosen.auc_low > CHANCE


def _no_better_than_chance(record: TrackRecord | None) -> Phrase | None:
    return None if record is None or beats_chance(record) else NO_BETTER_THAN_CHANCE


def _new_season(past: Purchases, horizon: int) -> Phrase | None:
    """The days ahead whose days a year before lie before the shop's first order."""
    unseen = min(past.since + YEAR, past.as_of + horizon) - past.as_of
    if unseen < min(UNSEEN_SHARE * horizon, UNSEEN_DAYS):
        return None
    return Phrase(
        "Your orders do not yet hold this season of another year ({start} to {end}): a busy or a quiet season can make "
        "all forecasts too dark or too bright.",
        start=day_at(past.as_of).date(),
        end=day_at(past.as_of + unseen - 1).date(),
    )


def left_out(orders: pd.DataFrame, as_of: pd.Timestamp) -> Phrase | None:
    """How many orders do not count because they have no date before `as_of`; None if all have."""
    at = orders[c.AT]
    n_left = int((at.isna() | (at >= as_of)).sum())
    if not n_left:
        return None
    return counted(
        "{n} order without a date, or on {day} or later, was left out.",
        "{n} orders without a date, or on {day} or later, were left out.",
        n=n_left,
        day=as_of.date(),
    )


def _without_amount(orders: pd.DataFrame) -> Phrase | None:
    n_without = int((~np.isfinite(orders[c.REVENUE].to_numpy(dtype=np.float64))).sum())
    if not n_without:
        return None
    return counted(
        "{n} order without an amount counts as an order of 0.",
        "{n} orders without an amount count as orders of 0.",
        n=n_without,
    )


def _no_money(past: Purchases) -> Phrase | None:
    if np.any(past.money > 0):
        return None
    return Phrase("No order has an amount above 0, so no money is expected either.")


def _sampled(past: Purchases, sampled: int) -> Phrase | None:
    if past.n <= sampled:
        return None
    return Phrase(
        "The forecasts were tested on {sample} of your {n} customers, drawn at random; everybody has a forecast.",
        sample=sampled,
        n=past.n,
    )
