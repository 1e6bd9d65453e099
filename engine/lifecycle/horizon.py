"""How far ahead to look, and how soon a first buyer usually comes back: both are read off the shop's own gaps."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from engine import columns as c

HORIZONS: Final = (30, 60, 90, 120, 180)  # days
GAPS_AHEAD: Final = 2  # within one median gap, half of those who do return would not have returned yet
TESTABLE: Final = 2  # horizons that the orders must span: what is foretold must have had time to come
SHORTEST_RETURN, LONGEST_RETURN = 14, 60  # days
USUAL_RETURN: Final = 30  # days, where nobody has come back yet
USUAL_HORIZON: Final = 90  # days, where nobody has come back yet
LOST_GAPS, WARNED_GAPS = 3, 2  # usual gaps without an order, where no forecast can be leaned on
SHORTEST_LOST, LONGEST_LOST = 60, 730  # days


def horizon_days(orders: pd.DataFrame) -> int:
    """H: the days ahead for which it is asked whether a customer orders again.

    Twice the median gap between purchase days, to the nearest of HORIZONS; never longer than half of the time that
    the orders span, but for the shortest. Every customer counts once, with their own median gap, so that a
    reseller's daily orders do not set it. `orders` has CUSTOMER and AT in any order.
    """
    days = _purchase_days(orders)
    if days.empty:
        return HORIZONS[0]
    span = int((days["day"].max() - days["day"].min()).days)
    testable = [horizon for horizon in HORIZONS if horizon * TESTABLE <= span] or [HORIZONS[0]]
    usual = _usual_gap(days)
    wanted = USUAL_HORIZON if usual is None else GAPS_AHEAD * usual
    return min(testable, key=lambda horizon: abs(horizon - wanted))


def first_to_second_days(orders: pd.DataFrame) -> int:
    """W1: the median days from the first purchase day to the second, held to 14 to 60; 30 where nobody came back."""
    days = _purchase_days(orders)
    seconds = days.loc[days.groupby(c.CUSTOMER).cumcount() == 1, "gap"]
    if seconds.empty:
        return USUAL_RETURN
    return int(np.clip(round(float(seconds.median())), SHORTEST_RETURN, LONGEST_RETURN))


def usual_gap_days(orders: pd.DataFrame) -> float | None:
    """The median of the customers' own median gaps between two purchase days; None where nobody came back."""
    return _usual_gap(_purchase_days(orders))


def plain_days(orders: pd.DataFrame, horizon: int) -> tuple[int, int]:
    """After how many days without an order somebody is lost, and warned of, by plain days alone.

    Lost after three usual gaps, held to 60 to 730 days and never less than `horizon`; warned of after two thirds of
    that. The usual gap is the median of the customers' own median gaps; 30 days where nobody came back.
    """
    usual = usual_gap_days(orders) or USUAL_RETURN
    lost = max(horizon, int(np.clip(round(LOST_GAPS * usual), SHORTEST_LOST, LONGEST_LOST)))
    return lost, round(lost * WARNED_GAPS / LOST_GAPS)


def _usual_gap(days: pd.DataFrame) -> float | None:
    gaps = days.groupby(c.CUSTOMER)["gap"].median().dropna()
    return None if gaps.empty else float(gaps.median())


def _purchase_days(orders: pd.DataFrame) -> pd.DataFrame:
    """Each customer's days with an order, once each and by time: CUSTOMER, day, gap (days since the one before)."""
    days = pd.DataFrame({c.CUSTOMER: orders[c.CUSTOMER], "day": pd.to_datetime(orders[c.AT]).dt.normalize()})
    days = days.drop_duplicates().sort_values([c.CUSTOMER, "day"], ignore_index=True)
    return days.assign(gap=days.groupby(c.CUSTOMER)["day"].diff().dt.days)
