"""How far customers have come in all: of those who were seen, how many showed interest, bought, and bought again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from engine import columns as c
from engine.lifecycle.dated import day_number
from engine.lifecycle.known import Known
from engine.lifecycle.stages import UNKNOWN, Rules
from engine.phrases import Phrase

AGAIN: Final = 2  # purchase days


@dataclass(frozen=True)
class Step:
    """`n` customers have come at least so far."""

    key: str
    n: int


STEPS: Final = {
    "seen": Phrase("seen"),
    "interested": Phrase("showed interest"),
    "weighed": Phrase("weighed it up"),
    "bought": Phrase("bought"),
    "again": Phrase("bought again"),
    "often": Phrase("bought on 4 days or more"),
}


def funnel(known: Known, now: pd.DataFrame, rules: Rules) -> tuple[Step, ...]:
    """The steps that the shop's data can show, each with who came at least so far; `now` is today's standing."""
    day = day_number(known.as_of)
    ever = {stage: known.signs[stage].before(day)[0] > 0 for stage in known.signs}
    bought = now[c.PURCHASE_DAYS].to_numpy(np.int64)
    weighed = ever["evaluation"] | (bought > 0)
    beyond = ever["interest"] | ever["use"] | ever["loyalty"] | (now[c.VISITS] >= rules.visits).to_numpy(np.bool_)
    seen = (now[c.STAGE] != UNKNOWN).to_numpy(np.bool_)
    steps = []
    if known.shown:
        steps = [Step("seen", int(seen.sum())), Step("interested", int((beyond | weighed).sum()))]
    if "evaluation" in known.shown:
        steps.append(Step("weighed", int(weighed.sum())))
    if known.purchases.days.size:
        days = {"bought": 1, "again": AGAIN, "often": rules.loyal_days}
        steps += [Step(key, int((bought >= least).sum())) for key, least in days.items()]
    return tuple(steps)
