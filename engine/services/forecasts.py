"""The forecast of all customers: computed once per state of the data and number of days, then answered from the store.

with shop.open() as db:
    run = current_forecast(shop, db)
    p_none = stored.frame(db, run.id)[c.P_NONE]
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotAllowed, TooLittleData
from engine.lifecycle.caveats import beats_chance
from engine.lifecycle.forecast import Forecast, forecast
from engine.lifecycle.horizon import horizon_days
from engine.lifecycle.kept import packed, unpacked
from engine.lifecycle.kept_money import TAKEN_OFF, kept_money
from engine.lifecycle.recalibration import Calibration
from engine.lifecycle.record import TrackRecord
from engine.lifecycle.worth import brought_before, groups, ratios, total, usual_money
from engine.phrases import Phrase, from_json, to_json
from engine.progress import Progress, silent
from engine.services.behaviour import counting_day
from engine.shop import Shop
from engine.store import events, orders, runs
from engine.store import forecasts as stored
from engine.store.runs import Run

FEWEST_DAYS, MOST_DAYS = 7, 730
MADE_BY = 2  # raised when the same orders are forecast otherwise than before
NEXT_ORDER = [c.NEXT_ORDER_AT, c.NEXT_ORDER_AT_LOW, c.NEXT_ORDER_AT_HIGH]


def current_forecast(
    shop: Shop, db: Database, days: int | None = None, *, refresh: bool = False, progress: Progress = silent
) -> Run:
    """The run that forecasts the next `days` days: the stored one if data and method are the same, else a new one.

    None stands for the shop's own horizon (`engine.lifecycle.horizon`), over which days of next orders are found for
    all: a run over other days has the same. With `refresh` computed anew, once per cause.
    Raises NotAllowed for fewer than 7 or more than 730 days, TooLittleData without an order of a known customer.
    """
    if days is not None and not FEWEST_DAYS <= days <= MOST_DAYS:
        raise NotAllowed(
            Phrase(
                "Cannot look {days} days ahead: ask for {fewest} to {most} days.",
                days=days,
                fewest=FEWEST_DAYS,
                most=MOST_DAYS,
            )
        )
    version = orders.data_version(db)
    known = newest_forecast(db, days)
    if (
        known is not None
        and (known.data_version, known.settings.get("made_by")) == (version, MADE_BY)
        and (not refresh or runs.made_for(db, known.id, shop.cause))
    ):
        return known
    return _computed(shop, db, days, version, progress)


def newest_forecast(db: Database, days: int | None = None) -> Run | None:
    """The newest run over so many days, or over the shop's own horizon, however old; None if there is none."""
    return stored.newest(db) if days is None else stored.latest(db, days)


def track_record(run: Run) -> TrackRecord | None:
    """How right such forecasts were on the shop's past; None where that could not be tried (`untested` says why)."""
    record = run.quality["record"]
    return None if record is None else unpacked(TrackRecord, record)


def untested(run: Run) -> Phrase | None:
    why = run.quality["untested"]
    return None if why is None else from_json(why)


def tells_who(run: Run) -> bool:
    """Whether its chances were tested on the shop's own past, and told better than a coin who would stay away."""
    record = track_record(run)
    return record is not None and beats_chance(record)


def calibration(run: Run) -> Calibration:
    """What set the score's probabilities right; how sure it was of that is not kept."""
    shift, stretch, seasons = run.quality["calibration"]
    return Calibration(shift, stretch, np.zeros((2, 2)), seasons)


def notes(run: Run) -> tuple[Phrase, ...]:
    """What the reader of a forecast has to know, the most important first."""
    return tuple(from_json(note) for note in run.quality["notes"])


def as_of(run: Run) -> date:
    """The day from which on the run forecasts."""
    return date.fromisoformat(run.settings["as_of"])


def _computed(shop: Shop, db: Database, days: int | None, version: int, progress: Progress) -> Run:
    progress(Phrase("Reading the orders"), 0.0)
    day = counting_day(shop, db)
    returns = orders.returns(db)
    everything = kept_money(orders.orders(db), returns)
    # an order dated in the future is a slip
    bought = everything[everything[c.AT] < day]
    if bought.empty:
        raise TooLittleData(_without_orders(db))
    own = horizon_days(bought)
    ahead = own if days is None else days
    begin = 0.1
    of_own = None
    if ahead != own:
        of_own = current_forecast(shop, db, progress=lambda doing, share: progress(doing, 0.1 + 0.4 * share))
        begin = 0.5
    made = forecast(
        everything,
        as_of=day,
        horizon=ahead,
        seed=shop.seed,
        progress=lambda doing, share: progress(doing, begin + (0.9 - begin) * share),
    )
    progress(Phrase("Writing the forecasts down"), 0.9)
    frame = made.frame.assign(**{c.USUAL_MONEY: usual_money(bought, ahead).reindex(made.frame.index)})
    if of_own is not None:
        # when somebody comes next does not hang on how far ahead is looked: of all horizons, the shop's own says it
        frame[NEXT_ORDER] = stored.frame(db, of_own.id)[NEXT_ORDER].reindex(frame.index)
    return stored.save(
        db,
        frame,
        method=made.score,
        settings={"days": ahead, "is_own": ahead == own, "as_of": day.date().isoformat(), "made_by": MADE_BY},
        seed=shop.seed,
        data_version=version,
        quality=_quality(made, bought, has_returns=not returns.empty),
        at=shop.now(),
        cause=shop.cause,
    )


def _without_orders(db: Database) -> Phrase:
    """Why there is nothing to forecast from."""
    if orders.last_order_at(db) is not None:
        return Phrase("No order names a customer yet: import a file of orders that does.")
    if events.newest_at(db) is not None:
        return Phrase(
            "There are no orders yet, only visits and purchases without money: import a file of orders, and I can say "
            "what customers will bring."
        )
    return Phrase("There are no orders yet: import a file of orders.")


def _quality(made: Forecast, bought: pd.DataFrame, *, has_returns: bool) -> dict[str, Any]:
    """What is told of a run beside its rows."""
    frame, record = made.frame, made.record
    totals = () if record is None else record.totals
    n_orders = bought.groupby(c.CUSTOMER).size()
    return {
        "model": made.model,
        "calibration": [made.calibration.shift, made.calibration.stretch, made.calibration.seasons],
        "record": packed(record),
        "untested": packed(made.untested),
        "notes": [to_json(note) for note in (*made.notes, *([TAKEN_OFF] if has_returns else []))],
        "customers": len(frame),
        "groups": packed(groups(n_orders, frame)),
        "orders": packed(
            total(
                frame[c.EXPECTED_ORDERS],
                frame[c.EXPECTED_ORDERS_LOW],
                frame[c.EXPECTED_ORDERS_HIGH],
                ratios((one.orders, one.orders_expected) for one in totals),
            )
        ),
        "money": packed(
            total(
                frame[c.EXPECTED_MONEY],
                frame[c.EXPECTED_MONEY_LOW],
                frame[c.EXPECTED_MONEY_HIGH],
                ratios((one.money, one.money_expected) for one in totals),
            )
        ),
        "before": packed(brought_before(bought, made.as_of, made.horizon)),
    }
