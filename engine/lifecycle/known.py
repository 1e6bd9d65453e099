"""What is known of customers over time: when they bought, and what their events show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from engine import columns as c
from engine.lifecycle.dated import Dated, dated, day_number, once_a_day, visits
from engine.lifecycle.rhythm import Gaps, gaps_of

SIGNS: Final = ("awareness", "interest", "evaluation", "use", "loyalty")  # stages that events may show
BUYING: Final = "purchase"


@dataclass(frozen=True)
class Signs:
    """What events mean in this line of business.

    `stages` says which kinds show which stage; a rating of the kinds `ratings` shows its stage only if it is no worse
    than the median of its kind; kinds in `leaving` are no sign of being there.
    """

    stages: Mapping[str, tuple[str, ...]]
    ratings: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What customers did, by their position in `customers`, until the day before `as_of`.

    `purchases` has purchase days, each once; `signs` the events that show a stage, `seen` all events but buying and
    turning away, and `visits` their beginnings. `kinds` names the numbers in `what`; `shown` are the stages that the
    shop's events can show at all.
    """

    customers: pd.Index
    as_of: pd.Timestamp
    purchases: Dated
    signs: Mapping[str, Dated]
    seen: Dated
    visits: Dated
    kinds: tuple[str, ...]
    shown: frozenset[str]
    n_taken_from_events: int  # customers without an order whose purchases are events

    @cached_property
    def gaps(self) -> Gaps:
        """Between the purchase days of each."""
        return gaps_of(self.purchases)


def known(customers: pd.Index, orders: pd.DataFrame, events: pd.DataFrame, signs: Signs, as_of: pd.Timestamp) -> Known:
    """`orders` has CUSTOMER and AT, `events` CUSTOMER, KIND, AT and VALUE, in any order; `customers` are their ids.

    Who has no order but an event of buying is taken to have bought then: a shop whose files tell events only.
    What lies after `as_of` counts as of the day before it.
    """
    customers = pd.Index(customers, name=c.CUSTOMER).sort_values()
    n, latest = len(customers), day_number(as_of) - 1
    orders = orders[orders[c.CUSTOMER].isin(customers)]
    events = events[events[c.CUSTOMER].isin(customers) & ~events[c.KIND].isin(signs.leaving)]
    kinds = tuple(sorted(set(events[c.KIND].tolist())))
    owners = customers.get_indexer(pd.Index(events[c.CUSTOMER]))
    buying = events[c.KIND].isin(signs.stages.get(BUYING, ())).to_numpy(np.bool_)
    bought = customers.get_indexer(pd.Index(orders[c.CUSTOMER]))
    has_order = np.bincount(bought, minlength=n) > 0
    instead = buying & ~has_order[owners]
    at = events[c.AT].to_numpy("datetime64[s]")
    purchases = dated(
        np.concatenate([bought, owners[instead]]),
        np.concatenate([orders[c.AT].to_numpy("datetime64[s]"), at[instead]]),
        n,
        latest=latest,
    )
    what = events[c.KIND].map({kind: number for number, kind in enumerate(kinds)}).to_numpy(np.int64)
    convincing = _convincing(events, signs.ratings)
    showing = {
        stage: events[c.KIND].isin(signs.stages.get(stage, ())).to_numpy(np.bool_) & convincing for stage in SIGNS
    }
    return Known(
        customers=customers,
        as_of=as_of,
        purchases=once_a_day(purchases),
        signs={
            stage: dated(owners[which], at[which], n, latest=latest, what=what[which])
            for stage, which in showing.items()
        },
        seen=dated(owners[~buying], at[~buying], n, latest=latest, what=what[~buying]),
        visits=visits(owners[~buying], at[~buying], n, latest=latest),
        kinds=kinds,
        shown=frozenset(stage for stage, which in showing.items() if which.any()),
        n_taken_from_events=len(set(owners[instead].tolist())),
    )


def purchases_of(known: Known) -> pd.DataFrame:
    """The purchase days as orders: CUSTOMER, AT."""
    days = known.purchases.days.astype("datetime64[D]").astype("datetime64[ns]")
    return pd.DataFrame({c.CUSTOMER: known.customers.to_numpy()[known.purchases.owners], c.AT: days})


def _convincing(events: pd.DataFrame, ratings: tuple[str, ...]) -> np.ndarray:
    """Whether each event is more than a poor rating."""
    rated = events[c.KIND].isin(ratings) & events[c.VALUE].notna()
    values = events[c.VALUE].astype("float64").where(rated)
    median = values.groupby(events[c.KIND]).transform("median")
    return ~(values < median).to_numpy(np.bool_)
