"""What a shared report counts: each customer in one cell of everything, by public rules and by themselves alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.lifecycle.known import Signs, known
from engine.lifecycle.stages import EVERY, Rules, standing
from engine.privacy.borders import ORDERS, SEGMENTS, SPENT, border_cells, segment_cells
from engine.privacy.noise import Ints
from engine.privacy.points import points
from engine.privacy.release import CampaignLabel, Exact
from engine.services.presets import current
from engine.services.public_places import place_cells, places
from engine.store import customers, events, orders, private_reports

# public, where the shop's own view of its stages goes by what is usual in the shop
RULES: Final = Rules(horizon=90, first_to_second=30, lost_days=365, warned_days=180, usual_gap=None)
_BUYER: Final = -1  # no customer has this id


def exact_figures(db: Database, as_of: date, campaigns: tuple[CampaignLabel, ...]) -> Exact:
    """The figures as they are, until the day `as_of` included."""
    end = pd.Timestamp(as_of + timedelta(days=1))
    people = customers.frame(db)
    ids = people[c.CUSTOMER].to_numpy(np.int64)
    bought = orders.orders(db)
    bought = bought[(bought[c.AT] < end) & bought[c.CUSTOMER].isin(ids)]
    at = np.searchsorted(ids, bought[c.CUSTOMER].to_numpy(np.int64))
    n = np.bincount(at, minlength=ids.size).astype(np.int64)
    paid = np.nan_to_num(bought[c.REVENUE].to_numpy(np.float64))
    money = np.bincount(at, weights=paid, minlength=ids.size).astype(np.float64)
    days = _days_since(at, bought[c.AT], end, ids.size)
    return Exact(
        stages=_counts(stage_cells(db, ids, bought, end), len(EVERY)),
        segments=_counts(segment_cells(n, days), len(SEGMENTS)),
        spent=_counts(border_cells(money, SPENT), len(SPENT) + 1),
        orders=_counts(border_cells(n, ORDERS), len(ORDERS) + 1),
        places=_counts(place_cells(people), len(places()) + 1),
        money=money,
        n_orders=n,
        points=points(days, n, money),
        campaigns=tuple(_campaign(db, label) for label in campaigns),
    )


def stage_cells(db: Database, ids: Ints, bought: pd.DataFrame, end: pd.Timestamp) -> Ints:
    """The position in EVERY of each customer's stage.

    A made-up buyer stands beside them, because a stage before the first order goes by whether anything is ever bought
    here; and no rating is a sign, because a good one is told from a poor one by all others. So nobody's stage depends
    on anybody else.
    """
    preset = current(db)
    done = events.frame(db)
    signs = Signs({str(stage): kinds for stage, kinds in preset.stages.items()}, (), preset.leaving)
    buyer = pd.DataFrame({c.CUSTOMER: [_BUYER], c.AT: [end - pd.Timedelta(days=1)]})
    all_orders = pd.concat([buyer, bought[[c.CUSTOMER, c.AT]]], ignore_index=True)
    facts = known(pd.Index([_BUYER, *ids.tolist()]), all_orders, done[done[c.AT] < end], signs, end)
    stood = standing(facts, end, pd.Series(dtype="float64"), RULES)
    return np.asarray(stood[c.STAGE].drop(_BUYER).cat.codes, np.int64)


def _days_since(at: Ints, times: pd.Series, end: pd.Timestamp, n: int) -> Ints:
    """Whole days since the last order of each of `n`, the day `end` begins after; 0 without an order."""
    ago = (end.to_datetime64().astype("datetime64[D]") - times.to_numpy("datetime64[D]")).astype(np.int64)
    days = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(days, at, ago)
    return np.where(days == np.iinfo(np.int64).max, 0, days)


def _counts(cells: Ints, n: int) -> Ints:
    return np.bincount(cells, minlength=n).astype(np.int64)


def _campaign(db: Database, label: CampaignLabel) -> Ints:
    return np.array(
        [(won, max(0, n - won)) for _, won, n in private_reports.campaign_counts(db, label.number)], np.int64
    ).reshape(-1, 2)
