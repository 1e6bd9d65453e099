"""Customers' behaviour from the orders in the store, for the use cases that need it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sqlite_utils import Database

from engine.features.behavioural import behavioural_of_one, completed, counted_from, gaps, rfm
from engine.features.events import engagement, engagement_of_one
from engine.services.presets import current
from engine.shop import Shop
from engine.store import events, orders


def counting_day(shop: Shop, db: Database) -> pd.Timestamp:
    """The day from which recency counts in this shop; tomorrow where there is no order."""
    now = pd.Timestamp(shop.now().replace(tzinfo=None))
    return counted_from(orders.last_order_at(db) or now, now)


def rfm_of_all(shop: Shop, db: Database) -> pd.DataFrame:
    """Recency, frequency and money of each customer with an order (`engine.features.behavioural.rfm`)."""
    return _rfm(db, counting_day(shop, db))


def _rfm(db: Database, as_of: pd.Timestamp) -> pd.DataFrame:
    return rfm(orders.sums(db), as_of)


def behaviour_of_all(shop: Shop, db: Database) -> pd.DataFrame:
    """One row per customer with an order (`engine.features.behavioural`)."""
    as_of = counting_day(shop, db)
    return completed(_rfm(db, as_of), orders.n_products_bought(db), gaps(orders.moments(db), as_of))


def behaviour_of(shop: Shop, db: Database, customer_id: int) -> Mapping[str, float] | None:
    """The row of one customer; None without an order."""
    bought = orders.n_products_bought_by(db, customer_id)
    return behavioural_of_one(orders.orders_of(db, customer_id), bought, counting_day(shop, db))


def seen_day(shop: Shop, db: Database) -> pd.Timestamp:
    """The day from which it counts when a customer was last seen: the day after the newest event or order."""
    now = pd.Timestamp(shop.now().replace(tzinfo=None))
    newest = [at for at in (events.newest_at(db), orders.last_order_at(db)) if at is not None]
    return counted_from(max(newest, default=now), now)


def engagement_of(shop: Shop, db: Database, customer_id: int) -> Mapping[str, float] | None:
    """What one customer's events say (`engine.features.events`); None without an event."""
    return engagement_of_one(events.of(db, customer_id), seen_day(shop, db), current(db))


def engagement_of_all(shop: Shop, db: Database) -> pd.DataFrame:
    """One row per customer with an event (`engine.features.events`)."""
    return engagement(events.frame(db), seen_day(shop, db), current(db))
