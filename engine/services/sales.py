"""How business goes: what the orders tell without knowing who gave them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.errors import TooLittleData
from engine.intake import provinces, reasons, receipt
from engine.intake.timeline import Timeline, timeline
from engine.phrases import Name, Phrase
from engine.recommend.charges import is_charge
from engine.shop import Shop
from engine.store import imports, sales

# how many orders may be at midnight to the second by chance, of those whose times have minutes
PLAUSIBLE = 0.01
BEST = 10  # products told
PLACES = 8  # places told


@dataclass(frozen=True)
class Sold:
    """A product or a place: its money, the share of it in all, and its pieces or orders."""

    name: Name
    n: float
    revenue: float
    share: float


@dataclass(frozen=True)
class SalesReport:
    """All orders of the shop. `weekdays` begin with Monday: the mean orders of such a day; `hours` has 24 or none, of
    orders with a time of day; `n_untimed` have none.

    `n_gone` of `n_rows` rows were refunded, returned or cancelled, `n_in_part` others refunded in part; `returned` is
    the money of those of known customers.
    """

    n_orders: int
    revenue: float
    currency: str | None
    first: date
    last: date
    timeline: Timeline
    weekdays: tuple[float, ...]
    hours: tuple[int, ...]
    n_untimed: int
    best: tuple[Sold, ...]
    n_products: int
    places: tuple[Sold, ...]
    n_rows: int
    n_gone: int
    n_in_part: int
    returned: float
    n_without_customer: int
    revenue_without_customer: float


def sales_report(shop: Shop) -> SalesReport:
    """Orders and money over time, the best products, refunds and places. Raises TooLittleData without an order."""
    with shop.open() as db:
        days = sales.by_day(db)
        if days.empty:
            raise TooLittleData(Phrase("No order is here yet; send me an export of your orders first."))
        at = days[c.AT].to_numpy().astype("datetime64[D]")
        n, money = days[sales.N_ORDERS].to_numpy().astype(np.int64), days[c.REVENUE].to_numpy().astype(np.float64)
        shown = timeline(at, money, n)
        if shown is None:
            raise ValueError("days with orders have a time")
        total = float(money.sum())
        hours, n_untimed = _by_hour(*sales.by_hour(db))
        goods = [row for row in sales.by_product(db) if not is_charge(row[0])]
        told = [receipt.from_text(text) for text in imports.receipts(db, "orders")]
        n_rows, n_gone = _gone(told)
        places = _by_name(sales.by_place(db))[:PLACES]
        n_unnamed, unnamed = sales.without_customer(db)
        return SalesReport(
            n_orders=int(n.sum()),
            revenue=round(total, 2),
            currency=imports.currency(db),
            first=at.min().item(),
            last=at.max().item(),
            timeline=shown,
            weekdays=_weekdays(at, n),
            hours=tuple(hours.tolist()) if hours.any() else (),
            n_untimed=n_untimed,
            best=tuple(
                Sold(name, pieces, worth, worth / total if total else 0.0) for name, pieces, worth in goods[:BEST]
            ),
            n_products=len(goods),
            places=_sold(((Name(place, place), orders, worth) for place, orders, worth in places), total),
            n_rows=n_rows,
            n_gone=n_gone,
            n_in_part=sum(made.in_part for made in told),
            returned=sales.returned(db),
            n_without_customer=n_unnamed,
            revenue_without_customer=round(unnamed, 2),
        )


def _by_name(places: Iterable[tuple[str, int, float]]) -> list[tuple[str, int, float]]:
    """The same place under one name, however customers and orders write it; the most money first."""
    found: dict[str, tuple[int, float]] = {}
    for place, n, money in places:
        name = provinces.known_as(place) or place
        n_so_far, so_far = found.get(name, (0, 0.0))
        found[name] = (n_so_far + n, so_far + money)
    return sorted(((name, *sums) for name, sums in found.items()), key=lambda sold: (-sold[2], sold[0]))


def _sold(rows: Iterable[tuple[Name, float, float]], total: float) -> tuple[Sold, ...]:
    return tuple(Sold(name, n, worth, worth / total if total else 0.0) for name, n, worth in rows)


def _weekdays(at: NDArray[np.datetime64], n: NDArray[np.int64]) -> tuple[float, ...]:
    """The mean orders of each day of the week, over all such days from the first to the last."""
    first, last = int(at.min().astype(np.int64)), int(at.max().astype(np.int64))
    every = np.bincount((np.arange(first, last + 1) + 3) % 7, minlength=7)
    sold = np.bincount((at.astype(np.int64) + 3) % 7, n, minlength=7)
    return tuple((sold / np.maximum(every, 1)).tolist())


def _by_hour(hours: NDArray[np.int64], n_midnight: int, n_full: int) -> tuple[NDArray[np.int64], int]:
    """The orders by hour without those of which the file tells the day alone, and how many these are.

    A bare day is stored as its midnight. Times of full hours only have as many at midnight as about it, at most.
    """
    n = int(hours.sum())
    plausible = max(hours[23], hours[1], n / 24) if n_full == n else PLAUSIBLE * n
    if n_midnight < n and n_midnight <= plausible:
        return hours, 0
    timed = hours.copy()
    timed[0] -= n_midnight
    return timed, n_midnight


def _gone(told: list[receipt.Receipt]) -> tuple[int, int]:
    """How many rows of orders there were that count or went back, and how many of them went back."""
    counts: Counter[str] = Counter()
    for made in told:
        counts.update(made.reasons)
    n_gone = sum(counts[reason.message] for reason in reasons.GONE_BACK)
    return sum(made.accepted + made.without_customer for made in told) + n_gone, n_gone
