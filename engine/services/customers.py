"""One customer's card, and lists of customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args

import pandas as pd

from engine import columns as c
from engine.errors import NotAllowed
from engine.features.behavioural import days_since
from engine.phrases import Phrase
from engine.services.behaviour import behaviour_of, counting_day
from engine.services.whom import the_one
from engine.shop import Shop
from engine.store import consents, customers, meta, orders, segments
from engine.store.consents import Consent
from engine.store.customers import Customer, Order, Totals
from engine.store.orders import PastOrder
from engine.store.segments import StoredSegment

LAST_ORDERS = 5
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
        n_returns, returned = orders.returned_by(db, who.id)
        return CustomerCard(
            customer=who,
            behaviour=_behaviour(behaviour_of(shop, db, who.id)),
            segment=segments.of_customer(db, who.id),
            consent=consents.states(db).get(who.id),
            consents=words,
            n_returns=n_returns,
            returned=returned,
            orders=tuple(orders.last_of(db, who.id, LAST_ORDERS)),
            as_of=counting_day(shop, db).date(),
            currency=meta.read(db, "currency"),
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


def _behaviour(features: pd.DataFrame) -> Behaviour | None:
    if features.empty:
        return None
    row = features.iloc[0]
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
