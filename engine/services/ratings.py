"""What customers said of products, on one scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.intake import ratings
from engine.recommend.history import Floats
from engine.store import events

ENOUGH = 20  # ratings that show a scale of their own


def ratings_until(db: Database, moment: pd.Timestamp, last_order: pd.Timestamp) -> pd.DataFrame:
    """The ratings of products until `moment`, on the scale of most: customer, product, value, at.

    One later than the shop's last order counts as of that order: a customer says what a thing was like after buying.
    """
    told = events.ratings(db).loc[lambda row: row[c.AT] <= moment]
    values = _on_one_scale(told[c.VALUE].to_numpy(), told["import"].to_numpy())
    at = told[c.AT].where(told[c.AT] <= last_order, last_order)
    known = pd.DataFrame({c.CUSTOMER: told[c.CUSTOMER], c.PRODUCT: told[c.PRODUCT], c.VALUE: values, c.AT: at})
    return known[known[c.VALUE].notna()].reset_index(drop=True)


def _on_one_scale(values: Floats, sources: np.ndarray) -> Floats:
    """The values on the scale that most need; NaN for one that no scale has.

    A source with a scale of its own, such as ten points where the others have stars, is brought to that of all.
    """
    top = ratings.top_of(values)
    there = values.copy()
    for source in np.unique(sources):
        mine = sources == source
        own = ratings.top_of(values[mine]) if mine.sum() >= ENOUGH else top
        there[mine] = np.where(ratings.outside(values[mine], own), np.nan, values[mine] * (top / own))
    return there
