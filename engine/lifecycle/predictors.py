"""What a customer's orders before a day say about the days after it: what learned churn scores learn from."""

from __future__ import annotations

import numpy as np

from engine.lifecycle.purchases import Floats, Purchases

YEAR = 365
GAPS_OF_SHOP = 1.0  # how many gaps the shop's own gap counts for beside a customer's


def usual_gap(past: Purchases, horizon: int) -> Floats:
    """Days from one purchase to the next to expect of each customer: their mean, drawn to the shop's with few."""
    between = (past.last - past.first).astype(np.float64)
    returns = (past.n_days - 1).astype(np.float64)
    gap_of_shop = (between.sum() + horizon) / (returns.sum() + 1)
    gaps: Floats = (between + GAPS_OF_SHOP * gap_of_shop) / (returns + GAPS_OF_SHOP)
    return gaps


def pace(past: Purchases, horizon: int) -> Floats:
    """Days known for each time that they came back, drawn to the shop's; the time since the last purchase counts, too.

    It is the most likely gap of a customer who buys at random, with the one that is still open.
    """
    tenure = (past.as_of - past.first).astype(np.float64)
    returns = (past.n_days - 1).astype(np.float64)
    pace_of_shop = (tenure.sum() + horizon) / (returns.sum() + 1)
    paces: Floats = (tenure + GAPS_OF_SHOP * pace_of_shop) / (returns + GAPS_OF_SHOP)
    return paces


def predictors(past: Purchases, horizon: int) -> dict[str, Floats]:
    """Numbers of each customer by name; NaN where one cannot be known, such as the last gap of a one-time buyer."""
    n = past.n_days.astype(np.float64)
    recency = (past.as_of - past.last).astype(np.float64)
    tenure = (past.as_of - past.first).astype(np.float64)
    gap = usual_gap(past, horizon)
    total = past.sums(past.money)
    mean = total / n
    return {
        "recency": recency,
        "overdue": recency / gap,
        "n": n,
        "tenure": tenure,
        "usual_gap": gap,
        "pace": pace(past, horizon),
        **_gaps(past),
        **_windows(past, horizon, n),
        "mean_money": mean,
        "last_money": past.money[past.starts[1:] - 1] if past.n else mean,
        "first_money": past.money[past.starts[:-1]] if past.n else mean,
        "money": total,
        "same_season": _same_season(past, horizon),
    }


def _gaps(past: Purchases) -> dict[str, Floats]:
    """The last gap, and how far apart the gaps are: their spread over their mean."""
    several = past.n_days > 1
    last = np.full(past.n, np.nan)
    spread = np.full(past.n, np.nan)
    if several.any():
        ends = past.starts[1:][several]
        last[several] = past.days[ends - 1] - past.days[ends - 2]
        apart = np.diff(past.days, prepend=past.days[0]).astype(np.float64)
        apart[past.starts[:-1]] = 0.0
        n_gaps = np.maximum(past.n_days - 1, 1)
        mean = past.sums(apart) / n_gaps
        variance = np.maximum(past.sums(apart**2) / n_gaps - mean**2, 0.0)
        thrice = past.n_days > 2
        spread[thrice] = np.sqrt(variance[thrice]) / mean[thrice]
    return {"last_gap": last, "spread": spread}


def _windows(past: Purchases, horizon: int, n: Floats) -> dict[str, Floats]:
    """Purchase days lately, and the trend: those in the last horizon less those in the one before."""
    within = {
        name: past.sums(past.days >= past.as_of - days)
        for name, days in (
            ("in_third", max(horizon // 3, 1)),
            ("in_one", horizon),
            ("in_two", 2 * horizon),
        )
    }
    return {**within, "trend": 2 * within["in_one"] - within["in_two"], "share_lately": within["in_one"] / n}


def _same_season(past: Purchases, horizon: int) -> Floats:
    """Purchase days in the same days a year before; NaN where the shop's history does not hold them."""
    begin = past.as_of - YEAR
    if past.since > begin:
        return np.full(past.n, np.nan)
    return past.sums((past.days >= begin) & (past.days < begin + horizon))
