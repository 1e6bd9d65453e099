"""Customers made up for the tests: what each did, so many days before the as-of day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from engine import columns as c
from engine.lifecycle.known import Known, Signs, known
from engine.lifecycle.stages import Rules

AS_OF = pd.Timestamp("2026-07-16")
SHOP = Signs(
    stages={
        "awareness": ("visit", "open"),
        "interest": ("view", "click", "follow"),
        "evaluation": ("cart", "trial"),
        "purchase": ("buy",),
        "use": ("login", "support"),
        "loyalty": ("rating", "referral"),
    },
    ratings=("rating",),
    leaving=("unsubscribe", "returned"),
)
RULES = Rules(horizon=90, first_to_second=40)

Deed = tuple[str, int] | tuple[str, int, float]  # kind, days ago, and a value


def orders_of(days_ago: Mapping[int, Sequence[int]]) -> pd.DataFrame:
    rows = [
        (customer, AS_OF - pd.Timedelta(days=ago) + pd.Timedelta(hours=10))
        for customer in days_ago
        for ago in days_ago[customer]
    ]
    return pd.DataFrame(rows, columns=[c.CUSTOMER, c.AT]).astype({c.AT: "datetime64[ns]"}).assign(**{c.REVENUE: 10.0})


def events_of(deeds: Mapping[int, Sequence[Deed]]) -> pd.DataFrame:
    rows = [
        (customer, deed[0], AS_OF - pd.Timedelta(days=deed[1]) + pd.Timedelta(hours=9), *deed[2:3])
        for customer, all_deeds in deeds.items()
        for deed in all_deeds
    ]
    padded = [(*row, None)[:4] for row in rows]
    frame = pd.DataFrame(padded, columns=[c.CUSTOMER, c.KIND, c.AT, c.VALUE])
    return frame.astype({c.AT: "datetime64[ns]", c.VALUE: "float64"})


def known_of(
    orders: Mapping[int, Sequence[int]] | None = None,
    events: Mapping[int, Sequence[Deed]] | None = None,
    customers: Sequence[int] = (),
    signs: Signs = SHOP,
) -> Known:
    ids = sorted({*customers, *(orders or {}), *(events or {})})
    return known(pd.Index(ids, dtype="int64"), orders_of(orders or {}), events_of(events or {}), signs, AS_OF)
