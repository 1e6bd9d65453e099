"""How many orders a shop's known customers will make: the forecast beside its models, on earlier days of real shops.

How the forecast chooses was decided on other customers than these, in 122 forecasts: on the sample of CDNOW and those
whose number leaves 3, 7 or 17 by 40 or 2 by 8; on all of Online Retail and those who leave 1, 2, 4 or 5 by 12; and on
the office shop. CDNOW after week 39 and the last 90 days of Online Retail are used by neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import Figures, churn_online_retail
from engine import columns as c
from engine.lifecycle.forecast import forecast
from engine.lifecycle.measures import Outcomes, brier, ranked
from engine.lifecycle.purchases import purchases
from engine.lifecycle.scores_of_models import FittedModel, learn
from engine.lifecycle.worth import ratios, total

CDNOW = Path(__file__).parents[2] / "shared" / "datasets" / "cdnow_master.txt"
CDNOW_ENDS, RETAIL_ENDS = pd.Timestamp("1997-10-01"), pd.Timestamp("2011-09-10")
HORIZONS = (30, 60, 90)  # days
DAYS_TRIED = 4  # for each horizon
MODELS = ("bgnbd", "mbgnbd", "pareto_nbd")
AGAIN = "as in the days before"
ORDERS = (c.EXPECTED_ORDERS, c.EXPECTED_ORDERS_LOW, c.EXPECTED_ORDERS_HIGH)


@dataclass(frozen=True)
class Tried:
    """One forecast as of one day; `off` is the log of expected over came."""

    family: str
    by: str
    off: float
    auc: float = np.nan
    brier: float = np.nan
    held: float = np.nan


def run(seed: int = 1) -> Figures:
    title = "Orders of the known customers in the next 30, 60 and 90 days, forecast from what was known before"
    if not CDNOW.exists() or not churn_online_retail.SOURCE.exists():
        return Figures(title, ("",), (), (f"the data sets are not in {CDNOW.parent}",))
    tried = pd.DataFrame([one for family, orders in shops() for one in of_shop(family, orders, seed)])
    rows = []
    for (family, by), found in tried.groupby(["family", "by"], sort=False):
        rows.append(
            (
                family,
                by,
                len(found),
                *(f"{np.expm1(off):.1%}" for off in (found["off"].abs().mean(), found["off"].abs().max())),
                *("" if np.isnan(known) else f"{known:.4f}" for known in (found["auc"].mean(), found["brier"].mean())),
                "" if found["held"].isna().all() else f"{int(found['held'].sum())} of {len(found)}",
            )
        )
    notes = (
        "off: by how much the total is too high or too low (mean of logs); interval: how often 90 % held what came.",
        "bgnbd is what `lifetimes` fits; the models as they are, the forecast as /value and /lifecycle tell it.",
    )
    header = ("shops", "", "forecasts", "off", "at worst", "AUC", "Brier", "interval")
    return Figures(title, header, rows, notes)


def shops() -> Iterator[tuple[str, pd.DataFrame]]:
    """About 590 and 2,950 customers of CDNOW's first 39 weeks, 360 and 1,450 of Online Retail's first 9 months."""
    bought = pd.read_csv(CDNOW, sep=r"\s+", header=None, names=["customer", "day", "n", "paid"], skiprows=1)
    cdnow = pd.DataFrame(
        {
            c.CUSTOMER: bought["customer"].astype("int64"),
            c.AT: pd.to_datetime(bought["day"].astype(str)),
            c.REVENUE: bought["paid"],
        }
    )
    cdnow = cdnow[(cdnow[c.AT] < CDNOW_ENDS) & (cdnow[c.REVENUE] > 0)]
    retail = churn_online_retail.orders()
    retail = retail[retail[c.AT] < RETAIL_ENDS]
    for family, orders, every, parts in (
        ("CDNOW, 590 customers", cdnow, 40, (11, 23, 31)),
        ("CDNOW, 2,950 customers", cdnow, 8, (5,)),
        ("Online Retail, up to 360", retail, 12, (7, 10)),
        ("Online Retail, up to 1,450", retail, 3, (0,)),
    ):
        for part in parts:
            yield family, orders[orders[c.CUSTOMER] % every == part]


def of_shop(family: str, orders: pd.DataFrame, seed: int) -> Iterator[Tried]:
    first, end = orders[c.AT].min().normalize(), orders[c.AT].max().normalize() + pd.Timedelta(days=1)
    for horizon in HORIZONS:
        for back in range(DAYS_TRIED):
            as_of = end - pd.Timedelta(days=horizon + back * max(horizon // 2, 30))
            if (as_of - first).days > 1.5 * horizon:
                yield from as_of_day(family, orders, as_of, horizon, seed)


def as_of_day(family: str, orders: pd.DataFrame, as_of: pd.Timestamp, horizon: int, seed: int) -> Iterator[Tried]:
    past = purchases(orders[orders[c.AT] < as_of], as_of)
    n_orders = purchases(orders, as_of + pd.Timedelta(days=horizon)).followed(past, horizon)
    outcomes = [Outcomes(past.customers, n_orders == 0, n_orders)]
    came = float(n_orders.sum())
    told = forecast(orders[orders[c.AT] < as_of], as_of=as_of, horizon=horizon, seed=seed)
    if told.record is None:
        return
    p_none = told.frame[c.P_NONE].to_numpy()
    misses = ratios((one.orders, one.orders_expected) for one in told.record.totals)
    estimate = total(*(told.frame[of] for of in ORDERS), misses)
    yield Tried(
        family,
        "the forecast",
        log(estimate.value / came),
        ranked(outcomes, [p_none]).auc,
        brier(outcomes[0].none, p_none),
        float(estimate.low <= came <= estimate.high),
    )
    for name in MODELS:
        alone = FittedModel(learn(name, past, horizon), horizon)
        p_none = alone.p_none(past)
        off = log(alone.n_orders(past).sum() / came)
        yield Tried(family, name, off, ranked(outcomes, [p_none]).auc, brier(outcomes[0].none, p_none))
    before = float((past.days >= past.as_of - horizon).sum())
    yield Tried(family, AGAIN, log(before / came))
