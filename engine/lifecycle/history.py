"""Where customers stood at the ends of earlier months, each as it was to be known then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine import columns as c
from engine.lifecycle.known import Known
from engine.lifecycle.stages import EVERY, UNKNOWN, Rules, standing
from engine.phrases import Phrase
from engine.progress import Progress, silent

MONTHS: Final = 12  # that are looked back on
SETTLED: Final = 7  # days; the end of a month that is nearer says too little of what moved since

Chances = Callable[[pd.Timestamp], pd.Series]


@dataclass(frozen=True)
class History:
    """The stages of all customers of `now`, in its order, as of each of `days`; the last of these is today.

    `stages` (customers × days) has positions in EVERY, `warned` the marks. `before` is the day among `days` with which
    today is compared; None where the shop is too young.
    """

    days: tuple[pd.Timestamp, ...]
    stages: npt.NDArray[np.int8]
    warned: npt.NDArray[np.bool_]
    now: pd.DataFrame
    before: int | None

    def changes(self) -> pd.DataFrame:
        """One row for each time that a customer's stage or mark became another: CUSTOMER, AT, STAGE, WARNED.

        AT is the day as of which it was so first; until the first row nothing was known of the customer.
        """
        was_stage = np.full_like(self.stages, EVERY.index(UNKNOWN))
        was_stage[:, 1:] = self.stages[:, :-1]
        was_warned = np.zeros_like(self.warned)
        was_warned[:, 1:] = self.warned[:, :-1]
        rows, at = np.nonzero((self.stages != was_stage) | (self.warned != was_warned))
        return pd.DataFrame(
            {
                c.CUSTOMER: self.now.index.to_numpy()[rows],
                c.AT: np.array([day.to_datetime64() for day in self.days])[at],
                c.STAGE: pd.Categorical.from_codes(self.stages[rows, at].astype(np.int64), categories=pd.Index(EVERY)),
                c.WARNED: self.warned[rows, at],
            }
        )

    def counts(self) -> pd.DataFrame:
        """How many were in each stage as of each day: AT, STAGE, and the numbers of people `n` and `n_warned`."""
        frames = [
            pd.DataFrame(
                {
                    c.AT: day,
                    c.STAGE: list(EVERY),
                    "n": np.bincount(self.stages[:, at], minlength=len(EVERY)),
                    "n_warned": np.bincount(self.stages[self.warned[:, at], at], minlength=len(EVERY)),
                }
            )
            for at, day in enumerate(self.days)
        ]
        return pd.concat(frames, ignore_index=True)


def month_ends(known: Known, months: int = MONTHS) -> tuple[pd.Timestamp, ...]:
    """The days after the ends of the last `months` months before today on which anything was known, earliest first."""
    firsts = [int(deeds.days.min()) for deeds in (known.purchases, known.seen) if deeds.days.size]
    if not firsts:
        return ()
    first = pd.Timestamp(np.datetime64(min(firsts), "D"))
    ends = pd.date_range(first + pd.Timedelta(days=1), known.as_of - pd.Timedelta(days=1), freq="MS")
    return tuple(ends[-months:])


def history(known: Known, chances: Chances, rules: Rules, progress: Progress = silent) -> History:
    """Stages at the ends of the last months and today; `chances` gives P(no order in H) by customer as of a day.

    H and W1 of `rules` are today's for every month, so that what moved are the customers and not the measure; what
    customers did after a month's end is not looked at.
    """
    days = (*month_ends(known), known.as_of)
    stages = np.zeros((len(known.customers), len(days)), np.int8)
    warned = np.zeros(stages.shape, np.bool_)
    now = pd.DataFrame()
    for at, day in enumerate(days):
        progress(Phrase("Working out the stages of {day:%Y-%m}", day=day - pd.Timedelta(days=1)), at / len(days))
        now = standing(known, day, chances(day), rules)
        stages[:, at] = now[c.STAGE].cat.codes
        warned[:, at] = now[c.WARNED]
    settled = [at for at, day in enumerate(days[:-1]) if (known.as_of - day).days >= SETTLED]
    return History(days, stages, warned, now, settled[-1] if settled else None)
