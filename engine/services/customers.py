"""One customer's card, and lists of customers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotAllowed
from engine.features.behavioural import days_since
from engine.features.events import ONE_MONTH, THREE_MONTHS
from engine.features.presets import STAGES, Stage
from engine.phrases import Name, Phrase
from engine.services.behaviour import behaviour_of, counting_day, engagement_of, seen_day
from engine.services.lifecycle_people import CustomerStage, stage_of
from engine.services.presets import current
from engine.services.recommend import known_next
from engine.services.value import CardForecast, forecast_of
from engine.services.whom import the_one
from engine.services.wishes import NoProducts, wish_of
from engine.shop import Shop
from engine.store import attributes, consents, customers, events, meta, orders, segments
from engine.store.attributes import Answer
from engine.store.consents import Consent
from engine.store.customers import Customer, Order, Totals
from engine.store.events import PastEvent
from engine.store.orders import PastOrder
from engine.store.segments import StoredSegment

LAST_ORDERS = 5
LAST_EVENTS = 5
MOST = 1_000  # customers in one list


@dataclass(frozen=True)
class Behaviour:
    """What a customer's orders say; days as of the card's day, `gap_days` the median between orders, if several."""

    n_orders: int
    monetary: float
    order_value: float
    recency_days: int
    tenure_days: int
    items_per_order: float
    n_products: int
    gap_days: float | None


@dataclass(frozen=True)
class Engagement:
    """What a customer's events say; `in_30_days` and `in_90_days` by kind, the most frequent first.

    `stage` is the furthest that the events of 90 days show, under the shop's preset.
    """

    as_of: date
    last_seen_days: int | None  # None where all they did was turn away
    in_30_days: Mapping[str, int]
    in_90_days: Mapping[str, int]
    stage: Stage | None
    mean_rating: float | None
    n_ratings: int


@dataclass(frozen=True)
class CustomerCard:
    """Everything that is known of one customer.

    `segment` is of the newest run, None if it does not know the customer; `consents` every word on being written
    to, the newest first, and `consent` what holds; `returned` the money of `n_returns` returned rows.
    """

    customer: Customer
    behaviour: Behaviour | None  # None without an order
    segment: StoredSegment | None
    consent: str | None  # granted, withdrawn
    consents: tuple[Consent, ...]
    n_returns: int
    returned: float
    orders: tuple[PastOrder, ...]  # the newest 5, the newest first
    as_of: date
    currency: str | None
    engagement: Engagement | None = None  # None without an event
    events: tuple[PastEvent, ...] = ()  # the newest 5, the newest first
    attributes: tuple[Answer, ...] = ()  # what the preset gives a meaning first
    stage: CustomerStage | None = None  # None before it was worked out, or for who came since
    forecast: CardForecast | None = None  # None where nothing has been forecast yet
    next_products: tuple[Name, ...] = ()  # what they may want next, as far as it has been worked out
    no_products: NoProducts | None = None  # None for somebody who may be shown products


@dataclass(frozen=True)
class CustomerRow:
    """A customer in a list; `recency_days` and `last_order_at` are None without an order."""

    customer: Customer
    n_orders: int
    monetary: float
    recency_days: int | None
    last_order_at: datetime | None
    returned: float  # money of what was returned or cancelled


@dataclass(frozen=True)
class CustomerList:
    """Some of the customers, out of `total`."""

    rows: tuple[CustomerRow, ...]
    total: int
    as_of: date
    currency: str | None


def has_customers(shop: Shop) -> bool:
    with shop.open() as db:
        return customers.count(db) > 0


def customer_card(shop: Shop, text: str) -> CustomerCard:
    """The card of the one customer whom `text` means: a key, an e-mail, a phone number or a name.

    Raises NotFound if it means nobody, NotAllowed if several.
    """
    with shop.open() as db:
        who = the_one(db, text)
        words = tuple(consents.of_customer(db, who.id))
        preset = current(db)
        n_returns, returned = orders.returned_by(db, who.id)
        return CustomerCard(
            customer=who,
            behaviour=_behaviour(behaviour_of(shop, db, who.id)),
            segment=segments.of_customer(db, who.id),
            consent=consents.states(db, customer=who.id).get(who.id),
            consents=words,
            n_returns=n_returns,
            returned=returned,
            orders=tuple(orders.last_of(db, who.id, LAST_ORDERS)),
            as_of=counting_day(shop, db).date(),
            currency=meta.read(db, "currency"),
            engagement=_engaged(shop, db, who.id),
            events=tuple(events.last_of(db, who.id, LAST_EVENTS)),
            attributes=tuple(sorted(attributes.of(db, who.id), key=lambda one: preset.role_of(one.key) is None)),
            stage=stage_of(db, who.id),
            forecast=forecast_of(db, who.id),
            next_products=known_next(shop, db, who),
            no_products=wish_of(db, who.id),
        )


def list_customers(shop: Shop, *, n: int = 20, offset: int = 0, order: Order = "money") -> CustomerList:
    """`n` customers after the first `offset`: who has spent most, ordered last, or by name.

    Raises NotAllowed for n outside 1 to 1,000, an offset below 0 or another order.
    """
    if not 1 <= n <= MOST:
        raise NotAllowed(Phrase("Cannot list {n} customers at once: ask for 1 to {most}.", n=n, most=MOST))
    if offset < 0:
        raise NotAllowed(Phrase("Cannot skip {n} customers: the number must be 0 or more.", n=offset))
    if order not in get_args(Order):
        raise NotAllowed(
            Phrase("Customers cannot be listed by {order}: choose {orders}.", order=order, orders=get_args(Order))
        )
    with shop.open() as db:
        as_of = counting_day(shop, db)
        rows = tuple(customer_row(row, as_of) for row in customers.totals(db, order=order, n=n, offset=offset))
        return CustomerList(rows, customers.count(db), as_of.date(), meta.read(db, "currency"))


def customer_row(row: Totals, as_of: pd.Timestamp) -> CustomerRow:
    """The row of a list, its days counted from `as_of`."""
    days = None if row.last_order_at is None else days_since(row.last_order_at, as_of)
    return CustomerRow(row.customer, row.n_orders, row.revenue, days, row.last_order_at, row.returned)


def _behaviour(row: Mapping[str, float] | None) -> Behaviour | None:
    if row is None:
        return None
    gap = row[c.GAP_DAYS]
    return Behaviour(
        n_orders=int(row[c.FREQUENCY]),
        monetary=float(row[c.MONETARY]),
        order_value=float(row[c.ORDER_VALUE]),
        recency_days=int(row[c.RECENCY_DAYS]),
        tenure_days=int(row[c.TENURE_DAYS]),
        items_per_order=float(row[c.ITEMS_PER_ORDER]),
        n_products=int(row[c.N_PRODUCTS]),
        gap_days=None if pd.isna(gap) else float(gap),
    )


def _engaged(shop: Shop, db: Database, customer_id: int) -> Engagement | None:
    row, kinds = engagement_of(shop, db, customer_id), events.kinds(db, customer_id)
    if row is None:
        return None
    reached = [stage for stage in STAGES if row[c.stage_in(stage, THREE_MONTHS)]]
    rating, seen = row[c.MEAN_RATING], row[c.LAST_SEEN_DAYS]
    return Engagement(
        as_of=seen_day(shop, db).date(),
        last_seen_days=None if pd.isna(seen) else int(seen),
        in_30_days=_kinds(row, kinds, ONE_MONTH),
        in_90_days=_kinds(row, kinds, THREE_MONTHS),
        stage=reached[-1] if reached else None,
        mean_rating=None if pd.isna(rating) else float(rating),
        n_ratings=int(row[c.N_RATINGS]),
    )


def _kinds(row: Mapping[str, float], kinds: Collection[str], days: int) -> dict[str, int]:
    counts = {kind: int(row[c.counted_in(kind, days)]) for kind in kinds}
    return {kind: n for kind, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n}
