"""What each customer is expected to do next, how sure that is, and how right such forecasts were before."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from engine.lifecycle.record import TrackRecord
from engine.phrases import Phrase
from engine.progress import Progress, silent

LEVEL = 0.9  # of all intervals


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


def forecast(
    orders: pd.DataFrame, *, as_of: pd.Timestamp, horizon: int, seed: int, progress: Progress = silent
) -> Forecast:
    """The forecast of all customers of `orders` (CUSTOMER, AT, REVENUE) for the `horizon` days from `as_of` on.

    Raises TooLittleData if nobody ordered before `as_of`.
    """
    raise NotImplementedError
