"""What each customer's events say: how lately, how often, how content."""

from __future__ import annotations

import pandas as pd

from engine import columns as c
from engine.features.presets import Preset

ONE_MONTH, THREE_MONTHS = 30, 90


def engagement(events: pd.DataFrame, as_of: pd.Timestamp, preset: Preset) -> pd.DataFrame:
    """One row per customer with an event, by customer.

    events_30, events_90, last_seen_days and, in `counted_in(kind, …)` and `stage_in(stage, …)` for 30 and 90 days, how
    many there are of each kind and each stage of the preset; mean_rating and n_ratings over all time. `events` has
    customer, kind, at, value in any order. A day counts from `as_of` as in `engine.features.behavioural`: the day
    before is 1 day ago. Turning away (`preset.leaving`) is counted by kind, and not as having been seen.
    """
    ago = (as_of - events[c.AT].dt.normalize()).dt.days.clip(lower=0)
    told = events.assign(ago=ago, seen=~events[c.KIND].isin(preset.leaving))
    customers = pd.Index(sorted(set(events[c.CUSTOMER].tolist())), name=c.CUSTOMER)
    features = pd.DataFrame(index=customers)
    seen = told[told["seen"]]
    for days, column in ((ONE_MONTH, c.EVENTS_30), (THREE_MONTHS, c.EVENTS_90)):
        features[column] = _counts(seen[seen["ago"] <= days], customers)
    features[c.LAST_SEEN_DAYS] = seen.groupby(c.CUSTOMER)["ago"].min().reindex(customers).astype("float64")
    ratings = told[told[c.KIND].isin(preset.ratings) & told[c.VALUE].notna()]
    features[c.MEAN_RATING] = ratings.groupby(c.CUSTOMER)[c.VALUE].mean().reindex(customers).astype("float64")
    features[c.N_RATINGS] = _counts(ratings, customers)
    stages = told[c.KIND].map(preset.stage_of)
    for days in (ONE_MONTH, THREE_MONTHS):
        late = told["ago"] <= days
        for kind in sorted(set(told[c.KIND].tolist())):
            features[c.counted_in(kind, days)] = _counts(told[late & (told[c.KIND] == kind)], customers)
        for stage in preset.stages:
            features[c.stage_in(stage, days)] = _counts(told[late & (stages == stage)], customers)
    return features


def _counts(events: pd.DataFrame, customers: pd.Index) -> pd.Series:
    return events.groupby(c.CUSTOMER).size().reindex(customers, fill_value=0).astype("int64")
