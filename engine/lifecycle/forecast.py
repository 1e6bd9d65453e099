"""What each customer is expected to do next, how sure that is, and how right such forecasts were before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from engine import columns as c
from engine.errors import NotAllowed, TooLittleData
from engine.lifecycle.backtest import SAMPLE, Backtest, backtest
from engine.lifecycle.caveats import caveats
from engine.lifecycle.models import FittedPurchases
from engine.lifecycle.outlook import Range, money_ahead, next_order, orders_ahead, spending
from engine.lifecycle.purchases import Floats, Purchases, day_at, purchases
from engine.lifecycle.recalibration import PRIOR, Calibration
from engine.lifecycle.record import TrackRecord
from engine.lifecycle.scores import score
from engine.lifecycle.scores_of_models import FittedModel, counts_of, learn
from engine.phrases import Phrase
from engine.progress import Progress, silent

LEVEL = 0.9  # of all intervals
LONGEST = 1_096  # days: three years


@dataclass(frozen=True)
class Forecast:
    """`frame` has a row per customer who ordered before `as_of`, by customer, with the columns P_NONE …
    NEXT_ORDER_AT_HIGH of `engine.columns`; its numbers are always finite, and low ≤ the value ≤ high.

    - P_NONE: probability that no order comes on the `horizon` days from `as_of` on. Its interval holds the share
      without an order among people with this forecast, a season's ups and downs included.
    - EXPECTED_ORDERS and EXPECTED_MONEY: the mean; their intervals hold what one customer orders and pays.
    - NEXT_ORDER_AT: the day by which half of such customers have ordered; 5 % by its low, 95 % by its high. All are NaT
      where P_NONE > .5; the high is NaT also where more than 5 % may never order again.

    `score` (of engine.lifecycle.scores) gave P_NONE, `model` (of engine.lifecycle.models) orders and days. `record` is
    their track record on this shop's past; where it is None, `untested` says why. `notes` are for the reader, the most
    important first: what was shrunk, sampled, left out, or never seen before.
    """

    frame: pd.DataFrame
    as_of: pd.Timestamp
    horizon: int
    score: str
    model: str
    record: TrackRecord | None
    untested: Phrase | None
    notes: tuple[Phrase, ...]
    calibration: Calibration = PRIOR  # sets the score's probabilities right


def forecast(
    orders: pd.DataFrame, *, as_of: pd.Timestamp, horizon: int, seed: int, progress: Progress = silent
) -> Forecast:
    """The forecast of all customers of `orders` (CUSTOMER, AT, REVENUE) for the `horizon` days from `as_of` on.

    Raises TooLittleData if nobody ordered before `as_of`, and NotAllowed if the horizon is not 1 to LONGEST days.
    """
    if not 1 <= horizon <= LONGEST:
        raise NotAllowed(
            Phrase("A forecast looks 1 to {longest} days ahead, not {given}.", longest=LONGEST, given=horizon)
        )
    past = purchases(orders, as_of)
    if not past.n:
        raise TooLittleData(
            Phrase("Nobody has ordered before {day}, so there is nothing to forecast from.", day=as_of.date())
        )
    rng = np.random.default_rng(seed)
    progress(Phrase("Looking back at your own past"), 0.0)
    tested = backtest(past, horizon, rng, lambda doing, share: progress(doing, 0.8 * share))
    progress(Phrase("Looking ahead"), 0.8)
    return _ahead(orders, past, horizon, tested, rng)


def _ahead(orders: pd.DataFrame, past: Purchases, horizon: int, tested: Backtest, rng: Generator) -> Forecast:
    fitted = learn(tested.model, past, horizon)
    name, raw = _raw(past, horizon, tested, fitted, rng)
    right = tested.calibration if name == tested.score else PRIOR
    p_none = right(raw)
    low, high = right.interval(raw, LEVEL)
    n_orders = orders_ahead(fitted, counts_of(past), horizon, p_none, LEVEL)
    paid = spending(past)
    money = money_ahead(paid, past, n_orders, LEVEL)
    frame = pd.DataFrame(
        {
            **_columns(c.P_NONE, c.P_NONE_LOW, c.P_NONE_HIGH, Range(p_none, low, high)),
            **_columns(c.EXPECTED_ORDERS, c.EXPECTED_ORDERS_LOW, c.EXPECTED_ORDERS_HIGH, n_orders),
            **_columns(c.EXPECTED_MONEY, c.EXPECTED_MONEY_LOW, c.EXPECTED_MONEY_HIGH, money),
            **_days(fitted, past, horizon, p_none),
        },
        index=pd.Index(past.customers, name=c.CUSTOMER),
    )
    notes = (*caveats(orders, past, horizon, tested.record, SAMPLE), *fitted.notes, *(paid.notes if paid else ()))
    as_of = day_at(past.as_of)
    return Forecast(frame, as_of, horizon, name, tested.model, tested.record, tested.untested, notes, right)


def _raw(
    past: Purchases, horizon: int, tested: Backtest, fitted: FittedPurchases, rng: Generator
) -> tuple[str, Floats]:
    """P(no order) before it is set right, and the score that it is of: the model's where the chosen cannot learn."""
    if tested.score != tested.model:
        learned = score(tested.score).fit(past, horizon, rng)
        if learned is not None:
            return tested.score, learned.p_none(past)
    return tested.model, FittedModel(fitted, horizon).p_none(past)


def _columns(mean: str, low: str, high: str, values: Range) -> dict[str, Floats]:
    return {mean: values.mean, low: values.low, high: values.high}


def _days(fitted: FittedPurchases, past: Purchases, horizon: int, p_none: Floats) -> dict[str, pd.DatetimeIndex]:
    ahead = next_order(fitted, counts_of(past), horizon, p_none, LEVEL)
    start = day_at(past.as_of)
    return {
        name: start + pd.to_timedelta(days, unit="D")
        for name, days in (
            (c.NEXT_ORDER_AT, ahead.middle),
            (c.NEXT_ORDER_AT_LOW, ahead.low),
            (c.NEXT_ORDER_AT_HIGH, ahead.high),
        )
    }
