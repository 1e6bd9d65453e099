"""P(no order in the next H days) of every customer: today's, and as it would have been told at earlier month ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.lifecycle.counts import counts
from engine.lifecycle.history import Chances
from engine.phrases import Phrase
from engine.progress import Progress, silent


@dataclass(frozen=True)
class Outlook:
    """`p_none` gives the chances by customer as of a day. `method` names how they were found, `words` in words.

    `record` says what such calls were worth on the shop's past, or why that cannot be told yet.
    """

    p_none: Chances
    method: str
    words: Phrase | None
    record: Phrase | None
    notes: tuple[Phrase, ...] = ()


def outlook(orders: pd.DataFrame, as_of: pd.Timestamp, horizon: int, seed: int, progress: Progress = silent) -> Outlook:
    def p_none(day: pd.Timestamp) -> pd.Series:
        ids, known = counts(orders, (day - pd.Timedelta(days=1)).date())
        rate = (known.x + 0.5) / (known.T + horizon)
        gone = 1 - 0.9 * np.exp(-(known.T - known.t_x) * rate / 3)
        return pd.Series(gone + (1 - gone) * np.exp(-rate * horizon), index=ids)

    return Outlook(p_none, "placeholder", None, None)
