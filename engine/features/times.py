"""When customers buy: in which rhythm, on which days, at which hours."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from engine import columns as c
from engine.feature_table import Feature, Kind
from engine.features.complete import Column
from engine.phrases import Phrase

NAME: Final = "behavioural"
MOST_AT_MIDNIGHT = 0.5  # of the orders: more, and the file has days only
REGULARITY: Final = "regularity"
WEEKEND_SHARE: Final = "weekend_share"
MORNING, AFTERNOON, EVENING, NIGHT = "morning_share", "afternoon_share", "evening_share", "night_share"

_HOURS: Final = (
    (MORNING, Phrase("share of orders in the morning (6 to 12)"), 6, 12),
    (AFTERNOON, Phrase("share of orders in the afternoon (12 to 18)"), 12, 18),
    (EVENING, Phrase("share of orders in the evening (18 to 24)"), 18, 24),
    (NIGHT, Phrase("share of orders at night (0 to 6)"), 0, 6),
)


def cadence(orders: pd.DataFrame, behaviour: pd.DataFrame) -> list[Column]:
    """Days since the first order, the median gap between two orders, and how regular the gaps are.

    Regularity is 1 / (1 + CV), CV being the gaps' deviation over their mean: 1 like a clock, .5 by mere chance (a
    Poisson process), less in bursts; of those who ordered on three days or more. Others have gaps in the table. None
    where nobody has.
    """
    days = pd.DataFrame({c.CUSTOMER: orders[c.CUSTOMER], "day": orders[c.AT].dt.normalize()}).drop_duplicates()
    days = days.sort_values([c.CUSTOMER, "day"])
    gaps = days["day"].diff().dt.days.where(days[c.CUSTOMER].diff() == 0)
    by_customer = gaps.groupby(days[c.CUSTOMER])
    n, mean, deviation = by_customer.count(), by_customer.mean(), by_customer.std(ddof=0)
    regularity = (1 / (1 + deviation / mean)).where(n >= 2)
    if not regularity.notna().any():
        return []
    return [
        _column(c.TENURE_DAYS, Phrase("days since the first order"), "days", behaviour[c.TENURE_DAYS]),
        _column(c.GAP_DAYS, Phrase("usual days between orders"), "number", behaviour[c.GAP_DAYS]),
        _column(REGULARITY, Phrase("regularity of orders"), "share", regularity),
    ]


def times(orders: pd.DataFrame) -> list[Column]:
    """Each customer's share of orders at weekends, and by time of day where files tell it. None with one weekday."""
    weekday = orders[c.AT].dt.day_of_week
    if weekday.nunique() < 2:
        return []
    by_customer = orders[c.CUSTOMER]
    made = [_column(WEEKEND_SHARE, Phrase("share of orders at weekends"), "share", _mean(weekday >= 5, by_customer))]
    at = orders[c.AT]
    if float((at == at.dt.normalize()).mean()) > MOST_AT_MIDNIGHT:
        return made
    hour = at.dt.hour
    for key, words, start, end in _HOURS:
        made.append(_column(key, words, "share", _mean((hour >= start) & (hour < end), by_customer)))
    return made


def _mean(holds: pd.Series, by_customer: pd.Series) -> pd.Series:
    return holds.astype(np.float64).groupby(by_customer).mean()


def _column(key: str, words: Phrase, kind: Kind, cells: pd.Series) -> Column:
    return Column(Feature(key, words, kind, NAME), cells.astype("float64"))
