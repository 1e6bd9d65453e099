"""Who does not order in the next 90 days: the forecast beside recency alone and BG/NBD, on a year of a real shop.

Everything is learned before the cut. The scores were made on cuts up to 2011-06-12; the last 90 days were for the end.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import Figures
from engine import columns as c
from engine.lifecycle.forecast import forecast
from engine.lifecycle.measures import Outcomes, brier, ranked
from engine.lifecycle.purchases import Floats, day_at, day_number, purchases
from engine.lifecycle.scores import scores

SOURCE = Path(__file__).parents[2] / "shared" / "datasets" / "online_retail.parquet"
HORIZON = 90
# measured before the project began, on the last 90 days
KNOWN = {"recency alone": 0.683, "bgnbd": 0.733}


def orders() -> pd.DataFrame:
    """The 18,532 orders of 4,338 customers that remain of Online Retail when it is cleaned in the usual way."""
    lines = pd.read_parquet(SOURCE)
    lines = lines[lines["CustomerID"].notna() & (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)].drop_duplicates()
    return (
        lines.assign(**{c.REVENUE: lines["Quantity"] * lines["UnitPrice"]})
        .groupby("InvoiceNo")
        .agg(**{c.CUSTOMER: ("CustomerID", "first"), c.AT: ("InvoiceDate", "min"), c.REVENUE: (c.REVENUE, "sum")})
        .astype({c.CUSTOMER: "int64"})
        .reset_index(drop=True)
    )


def run(seed: int = 1) -> Figures:
    title = f"P(no order in {HORIZON} days) on Online Retail, learned before the cut, measured after it"
    if not SOURCE.exists():
        return Figures(title, ("",), (), (f"the data set is not at {SOURCE}",))
    every = orders()
    end = day_number(every[c.AT].max()) + 1
    rows = [row for cut in (end - 2 * HORIZON, end - HORIZON) for row in measured(every, cut, seed)]
    notes = (
        "The forecast is what `engine.lifecycle.forecast` told as of the cut: its backtest, on days before the cut,",
        "chose the score named. The other rows are each score by itself, not yet set right by a backtest.",
    )
    return Figures(title, ("cut", "", "AUC", "reference", "±", "Brier", "predicted", "came"), rows, notes)


def measured(every: pd.DataFrame, cut: int, seed: int) -> list[tuple[object, ...]]:
    """One row per score, and the forecast's own."""
    whole = purchases(every, day_at(cut + HORIZON))
    past = whole.before(cut)
    n_orders = whole.followed(past, HORIZON)
    told = forecast(every[every[c.AT] < day_at(cut)], as_of=day_at(cut), horizon=HORIZON, seed=seed)
    ranks: dict[str, Floats] = {f"forecast ({told.score})": told.frame[c.P_NONE].to_numpy()}
    for name, score in scores().items():
        fitted = score.fit(past, HORIZON, np.random.default_rng(seed))
        if fitted is not None:
            ranks[name] = fitted.p_none(past)
    none = n_orders == 0
    # only its order means something, so that all but AUC is left out below
    ranks["recency alone"] = (past.as_of - past.last).astype(np.float64)
    rows = []
    for name, p in ranks.items():
        order = ranked([Outcomes(past.customers, none, n_orders)], [p])
        known = KNOWN.get(name, "") if cut == day_number(every[c.AT].max()) + 1 - HORIZON else ""
        told_of_it = (f"{brier(none, p):.4f}", f"{p.mean():.1%}") if name != "recency alone" else ("", "")
        rows.append(
            (
                day_at(cut).date(),
                name,
                f"{order.auc:.4f}",
                known,
                f"{order.error:.4f}",
                *told_of_it,
                f"{none.mean():.1%}",
            )
        )
    return rows
