"""When a repeat purchase is due, seen from today, in words."""

from __future__ import annotations

from datetime import date, timedelta

from sqlite_utils import Database

from engine.phrases import Phrase, counted
from engine.services.behaviour import counting_day
from engine.shop import Shop
from engine.store import due_purchases
from engine.store.due_purchases import DuePurchase
from engine.store.recommendations import InForce

AHEAD_DAYS = 7  # who is due within a week can be written to today
STALE_DAYS = 30  # after so many without a newer order, it counts from the data's end


def due_of_customer(shop: Shop, db: Database, lists: InForce, customer_id: int) -> dict[int, Phrase]:
    """What one customer is due for now: when, by the id of the product."""
    on = today(shop, db)
    last = on + timedelta(days=AHEAD_DAYS - 1)
    found = due_purchases.of_customer(db, lists, customer_id)
    return {one.product.id: when(one, on) for one in found if one.due <= last and one.high >= on}


def today(shop: Shop, db: Database) -> date:
    """The day from which it counts what is due: today, or the end of the data where that is long past."""
    end, now = counting_day(shop, db).date(), shop.now().date()
    return now if timedelta(0) < now - end <= timedelta(days=STALE_DAYS) else end


def when(one: DuePurchase, on: date) -> Phrase:
    """When it is due, seen from the day `on`."""
    days = (on - one.due).days
    if days == 0:
        return Phrase("due today")
    if days > 0:
        return counted("{n} day overdue", "{n} days overdue", n=days)
    return counted("due in {n} day", "due in {n} days", n=-days)


def why(one: DuePurchase) -> Phrase:
    """What the day rests on."""
    gap = max(1, round(one.gap_days))
    if one.own:
        return counted(
            "bought {times} times, about every {n} day, last on {last}; likely from {low:%m-%d} to {high:%m-%d}",
            "bought {times} times, about every {n} days, last on {last}; likely from {low:%m-%d} to {high:%m-%d}",
            n=gap,
            times=one.n_days,
            last=one.last,
            low=one.low,
            high=one.high,
        )
    return counted(
        "bought twice, last on {last}; others come back after about {n} day; likely from {low:%m-%d} to {high:%m-%d}",
        "bought twice, last on {last}; others come back after about {n} days; likely from {low:%m-%d} to {high:%m-%d}",
        n=gap,
        last=one.last,
        low=one.low,
        high=one.high,
    )
