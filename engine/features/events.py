"""What each customer's events say: how lately, how often, how content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
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


def engagement_of_one(
    events: Sequence[tuple[str, datetime, float | None]], as_of: pd.Timestamp, preset: Preset
) -> Mapping[str, float] | None:
    """The row of `engagement` of one customer, by its columns; None without an event. `events`: kind, at, value."""
    if not events:
        return None
    counted = as_of.date()
    ago = [max(0, (counted - at.date()).days) for _, at, _ in events]
    seen = [days for days, (kind, _, _) in zip(ago, events, strict=True) if kind not in preset.leaving]
    ratings = [value for kind, _, value in events if kind in preset.ratings and value is not None]
    features: dict[str, float] = {
        c.EVENTS_30: sum(days <= ONE_MONTH for days in seen),
        c.EVENTS_90: sum(days <= THREE_MONTHS for days in seen),
        c.LAST_SEEN_DAYS: min(seen, default=np.nan),
        c.MEAN_RATING: sum(ratings) / len(ratings) if ratings else np.nan,
        c.N_RATINGS: len(ratings),
    }
    for within in (ONE_MONTH, THREE_MONTHS):
        late = Counter(kind for days, (kind, _, _) in zip(ago, events, strict=True) if days <= within)
        features |= {c.counted_in(kind, within): late[kind] for kind in {kind for kind, _, _ in events}}
        stages = Counter[str]()
        for kind, n in late.items():
            stages[preset.stage_of(kind) or ""] += n
        features |= {c.stage_in(stage, within): stages[stage] for stage in preset.stages}
    return features


def _counts(events: pd.DataFrame, customers: pd.Index) -> pd.Series:
    return events.groupby(c.CUSTOMER).size().reindex(customers, fill_value=0).astype("int64")
