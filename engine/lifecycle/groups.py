"""Groups of customers to look into or to write to: each stage, those warned of, and who has just moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from engine import columns as c
from engine.lifecycle.dated import Flags
from engine.lifecycle.stages import NAMES, STAGES, UNKNOWN, WARNING
from engine.phrases import Phrase

WARNED: Final = "warned"
WAS: Final = "was"  # the stage at the earlier day; UNKNOWN for who was not there yet
WAS_WARNED: Final = "was_warned"
SINCE_DAYS: Final = "since_days"  # days since the earlier day
MEANINGS: Final[Mapping[str, Phrase]] = {
    "awareness": Phrase("came by once"),
    "interest": Phrase("came again, or looked at something"),
    "evaluation": Phrase("cart, comparison or trial in the last 30 days, and no order yet"),
    "purchase": Phrase("first order not long ago"),
    "use": Phrase("bought, and may buy again"),
    "loyalty": Phrase("buy often and likely again, or recommend you"),
    "churn": Phrase("will hardly order again soon"),
    UNKNOWN: Phrase("neither an order nor a visit is in your data"),
    WARNED: Phrase("may be about to leave"),
}


BY_DAYS: Final[Mapping[str, Phrase]] = {
    "use": Phrase("bought, and not gone for long"),
    "loyalty": Phrase("bought often and not long ago, or recommend you"),
    "churn": Phrase("have ordered nothing for a long time"),
    WARNED: Phrase("have been away longer than is usual in your shop"),
    "new-warned": Phrase("have just been away longer than is usual"),
    "new-churn": Phrase("were not away for so long before"),
}


@dataclass(frozen=True)
class Group:
    """`of` says of each row of a frame if it is in: STAGE, WARNED, PURCHASE_DAYS, RECENCY_DAYS, WAS, WAS_WARNED and
    SINCE_DAYS.
    """

    key: str
    name: Phrase
    meaning: Phrase
    of: Callable[[pd.DataFrame], Flags]

    def told(self, *, by_days: bool) -> Group:
        """The group with what it means where plain days decide, and nothing is foretold."""
        return replace(self, meaning=BY_DAYS.get(self.key, self.meaning)) if by_days else self


def stage_groups() -> tuple[Group, ...]:
    """Each stage, in the order of the life of a customer, and who is warned of."""
    stages = (*STAGES, UNKNOWN)
    return (
        *(Group(stage, NAMES[stage], MEANINGS[stage], _in(stage)) for stage in stages),
        Group(WARNED, WARNING, MEANINGS[WARNED], lambda rows: rows[c.WARNED].to_numpy(np.bool_)),
    )


def entry_points() -> tuple[Group, ...]:
    """Who has just moved: the moments to write to somebody, the most pressing first."""
    return ENTRY_POINTS


def group_keys() -> tuple[str, ...]:
    return tuple(group.key for group in (*stage_groups(), *ENTRY_POINTS))


def _in(stage: str) -> Callable[[pd.DataFrame], Flags]:
    return lambda rows: (rows[c.STAGE] == stage).to_numpy(np.bool_)


def _was(rows: pd.DataFrame, *stages: str) -> Flags:
    return rows[WAS].isin(stages).to_numpy(np.bool_)


def _came_to(stage: str) -> Callable[[pd.DataFrame], Flags]:
    return lambda rows: _in(stage)(rows) & ~_was(rows, stage)


def _newly_warned(rows: pd.DataFrame) -> Flags:
    return (rows[c.WARNED] & ~rows[WAS_WARNED]).to_numpy(np.bool_) & ~_was(rows, "churn")


def _did_not_return(rows: pd.DataFrame) -> Flags:
    once = (rows[c.PURCHASE_DAYS] == 1).to_numpy(np.bool_)
    return once & _was(rows, "purchase") & ~_in("purchase")(rows)


def _won_back(rows: pd.DataFrame) -> Flags:
    bought: Flags = rows[c.STAGE].isin(["purchase", "use", "loyalty"]).to_numpy(np.bool_)
    lately: Flags = (rows[c.RECENCY_DAYS] <= rows[SINCE_DAYS]).to_numpy(np.bool_)
    return bought & lately & _was(rows, "churn")


ENTRY_POINTS: Final = (
    Group("new-warned", Phrase("Just came under churn warning"), Phrase("began to stay away lately"), _newly_warned),
    Group(
        "no-second",
        Phrase("Did not return after the first order"),
        Phrase("one order, and the usual time for a second has passed"),
        _did_not_return,
    ),
    Group("new-churn", Phrase("Just lost"), Phrase("were still expected to order before"), _came_to("churn")),
    Group(
        "new-evaluation",
        Phrase("Just began to weigh it up"),
        Phrase("cart, comparison or trial, and no order yet"),
        _came_to("evaluation"),
    ),
    Group(
        "new-buyers", Phrase("Just bought for the first time"), Phrase("the second order decides"), _came_to("purchase")
    ),
    Group("new-loyal", Phrase("Just became loyal"), Phrase("a good moment to thank them"), _came_to("loyalty")),
    Group("won-back", Phrase("Came back after being lost"), Phrase("were given up, and ordered again"), _won_back),
)
