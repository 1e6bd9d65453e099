"""What a file of orders cannot tell, and what becomes possible when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Literal

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Money, Phrase, counted

# What the rooms that use the orders demand; a test holds these together with theirs.
CUSTOMERS_FOR_GROUPS = 20  # engine.segments.segmentation.FEWEST
CUSTOMERS_FOR_ADVICE = 100  # engine.recommend.caution.FEW_CUSTOMERS

# With 30 the true median lies between the 10th and the 21st value with 95 % (binomial): within the middle half,
# near enough to say "usually a month". With 10 it would be between the 2nd and the 9th.
REPEAT_BUYERS_FOR_RHYTHM = 30
# A rhythm of g days shows itself in what spans two gaps: in less, only those who came back early are seen.
GAPS_TO_SEE = 2.0
SHORTEST_DAYS = 90  # three months: what is bought monthly is then seen three times
LONGEST_DAYS = 3 * 365  # who needs longer to come back comes back by chance

DAYS_PER_MONTH = 30.44


@dataclass(frozen=True)
class Limit:
    """`what` cannot be told, and why, in one sentence; `then` what becomes possible when."""

    name: str
    what: Phrase
    then: Phrase | None = None


@dataclass(frozen=True)
class Extent:
    """The whole shop after the import: how much there is to go by.

    `exposure_days` is the sum over customers of the days from their first order to the shop's last one, and `repeats`
    the orders that were not their customer's first.
    """

    orders: int
    customers: int
    repeat_buyers: int
    repeats: int
    exposure_days: float
    products: int
    first: date | None
    last: date | None
    has_consents: bool = False

    @classmethod
    def of(cls, orders: pd.DataFrame, products: int, has_consents: bool) -> Extent:
        """From all `orders` (customer, -1 for nobody; at) of the shop."""
        at = orders[c.AT].to_numpy().astype("datetime64[s]")
        if not len(at):
            return cls(0, 0, 0, 0, 0.0, products, None, None, has_consents)
        known = orders[c.CUSTOMER].to_numpy() >= 0
        _, who, times = np.unique(orders[c.CUSTOMER].to_numpy()[known], return_inverse=True, return_counts=True)
        seconds, last = at[known].astype(np.int64), at.max()
        first = np.full(len(times), np.iinfo(np.int64).max)
        np.minimum.at(first, who, seconds)
        return cls(
            orders=len(at),
            customers=len(times),
            repeat_buyers=int((times > 1).sum()),
            repeats=int(times.sum()) - len(times),
            exposure_days=float((last.astype(np.int64) - first).sum() / 86_400),
            products=products,
            first=at.min().astype("datetime64[D]").item(),
            last=last.astype("datetime64[D]").item(),
            has_consents=has_consents,
        )

    @property
    def days(self) -> int:
        return 0 if self.first is None or self.last is None else (self.last - self.first).days + 1

    @property
    def gap_days(self) -> float | None:
        """The mean days from one order to the next, those included that have not come yet; None if nobody came back.

        Source: the occurrence/exposure rate, which is the likeliest under censoring: Kalbfleisch & Prentice (2002),
        "The Statistical Analysis of Failure Time Data", 3.
        """
        return self.exposure_days / self.repeats if self.repeats and self.exposure_days else None


@dataclass(frozen=True)
class Facts:
    """What the file itself shows. `buyer` is why it names no customer: absent, masked, or None if it does."""

    buyer: Literal["absent", "masked"] | None
    names_only: bool
    has_products: bool
    has_time_of_day: bool
    only_price: float | None
    currency: str | None
    n_orders: int
    n_gone: int  # rows left out as refunded, returned or cancelled
    hint: Phrase | None = None


def limits(facts: Facts, extent: Extent) -> tuple[Limit, ...]:
    """The most important first."""
    if not facts.n_orders:
        return tuple(_all_gone(facts))
    if not extent.customers:
        return (*_no_buyer(facts), *_of_goods(facts, extent), *_small(facts))
    return (
        *_no_buyer(facts),
        *_of_time(extent),
        *_of_people(extent),
        *_of_goods(facts, extent),
        *_small(facts),
        *_consent(extent),
    )


def _all_gone(facts: Facts) -> Iterator[Limit]:
    if facts.n_gone:
        yield Limit(
            "all_gone",
            counted(
                "Its {n} row was refunded, returned or cancelled: there is no sale in it.",
                "All of its {n} rows were refunded, returned or cancelled: there is no sale in it.",
                n=facts.n_gone,
            ),
            Phrase("Export all orders, not only those under “refunds”."),
        )


def _no_buyer(facts: Facts) -> Iterator[Limit]:
    advice = facts.hint or Phrase(
        "An export with phone, e-mail or buyer account gives you customers: 有赞 customers, 微店 orders (下单账号), "
        "Shopify customers."
    )
    if facts.buyer is not None:
        tells = Phrase("products and times") if facts.has_products else Phrase("times")
        if facts.buyer == "absent":
            what = counted(
                "Who bought: no column says so, so {n} order tells of {tells} only.",
                "Who bought: no column says so, so {n} orders tell of {tells} only.",
                n=facts.n_orders,
                tells=tells,
            )
        else:
            what = counted(
                "Who bought: every buyer is masked or empty, so {n} order tells of {tells} only.",
                "Who bought: every buyer is masked or empty, so {n} orders tell of {tells} only.",
                n=facts.n_orders,
                tells=tells,
            )
        yield Limit("buyer", what, advice)
    elif facts.names_only:
        yield Limit(
            "names_only",
            Phrase("Who is who for sure: it has names only, and two people of one name count as one."),
            advice,
        )


def _of_time(extent: Extent) -> Iterator[Limit]:
    if extent.days == 1:
        yield Limit(
            "one_day",
            Phrase("Anything about time: all orders are of one day, {day}.", day=extent.first),
            Phrase("Export a year, or all orders since you opened."),
        )
        return
    needed = SHORTEST_DAYS
    if extent.gap_days is not None:
        needed = round(min(LONGEST_DAYS, max(SHORTEST_DAYS, GAPS_TO_SEE * extent.gap_days)))
    if extent.days < needed:
        yield Limit(
            "period",
            counted(
                "How often people come back: {n} day is too short to see it.",
                "How often people come back: {n} days are too short to see it.",
                n=extent.days,
            ),
            counted(
                "After about {n} more month of orders it shows; or export further back now.",
                "After about {n} more months of orders it shows; or export further back now.",
                n=_months(needed - extent.days),
            ),
        )


def _of_people(extent: Extent) -> Iterator[Limit]:
    if extent.customers == 1:
        yield Limit(
            "one_customer",
            Phrase("Anything about people: all orders are one customer's."),
            Phrase("If you have more, check which column tells them apart."),
        )
        return
    if extent.customers < CUSTOMERS_FOR_GROUPS:
        yield Limit(
            "groups",
            counted(
                "Groups of customers: {n} customer is too few.",
                "Groups of customers: {n} customers are too few.",
                n=extent.customers,
            ),
            Phrase(
                "Groups are possible from {least} customers; {when}.",
                least=CUSTOMERS_FOR_GROUPS,
                when=_when(extent, extent.customers, CUSTOMERS_FOR_GROUPS),
            ),
        )
    if extent.repeat_buyers < REPEAT_BUYERS_FOR_RHYTHM:
        yield Limit(
            "repeat_buyers",
            counted(
                "When somebody buys next: {n} of {all} customers has bought more than once.",
                "When somebody buys next: {n} of {all} customers have bought more than once.",
                n=extent.repeat_buyers,
                all=extent.customers,
            ),
            Phrase(
                "Forecasts need about {least} who came back; {when}.",
                least=REPEAT_BUYERS_FOR_RHYTHM,
                when=_when(extent, extent.repeat_buyers, REPEAT_BUYERS_FOR_RHYTHM),
            ),
        )


def _of_goods(facts: Facts, extent: Extent) -> Iterator[Limit]:
    if not facts.has_products:
        yield Limit(
            "products",
            Phrase("What was bought: no column names products, so there are no recommendations from it."),
            Phrase("Export orders with their items (商品明细), one row for each thing sold."),
        )
        return
    if extent.products == 1:
        yield Limit(
            "one_product",
            Phrase("What to recommend: all orders are for one product."),
            Phrase("It becomes possible with a second product."),
        )
    elif CUSTOMERS_FOR_GROUPS <= extent.customers < CUSTOMERS_FOR_ADVICE:
        yield Limit(
            "few_for_advice",
            counted(
                "What goes with what: {n} customer is few, so recommendations are hints.",
                "What goes with what: {n} customers are few, so recommendations are hints.",
                n=extent.customers,
            ),
            Phrase(
                "They become firm from {least} customers; {when}.",
                least=CUSTOMERS_FOR_ADVICE,
                when=_when(extent, extent.customers, CUSTOMERS_FOR_ADVICE),
            ),
        )
    if facts.only_price is not None and extent.products > 1:
        yield Limit(
            "one_price",
            Phrase(
                "Who likes it cheap or dear: everything costs the same, {price}.",
                price=Money(facts.only_price, facts.currency),
            ),
            Phrase("How often and how lately people buy still tells them apart."),
        )


def _small(facts: Facts) -> Iterator[Limit]:
    if not facts.has_time_of_day:
        yield Limit("time_of_day", Phrase("At which hour people buy: the dates have no time of day."))
    if facts.currency is None:
        yield Limit("currency", Phrase("Which money it is: no currency is named, so sums are shown without one."))


def _consent(extent: Extent) -> Iterator[Limit]:
    if not extent.has_consents:
        yield Limit(
            "consent",
            Phrase("Who agreed to get messages: nothing says so yet."),
            Phrase("Send a list of customers with a column for it (yes/no)."),
        )


def _when(extent: Extent, have: int, need: int) -> Phrase:
    """When `need` are reached if they go on to come as in the time so far."""
    if not have or extent.days < 14:
        return Phrase("there are {have} so far", have=have)
    more = (need - have) * extent.days / have
    if more > LONGEST_DAYS:
        return Phrase("at the pace so far that takes years")
    return counted(
        "at the pace so far in about {n} month",
        "at the pace so far in about {n} months",
        n=_months(more),
    )


def _months(days: float) -> int:
    return max(1, ceil(days / DAYS_PER_MONTH))
