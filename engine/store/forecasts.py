"""Forecasts of each run: what every customer will likely do within so many days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.lifecycle.worth import Estimate
from engine.store import runs, transaction
from engine.store.cells import cells
from engine.store.customers import COLUMNS, Customer
from engine.store.runs import Run

KIND = "forecasts"

_NUMBERS = {
    "p_none": c.P_NONE,
    "p_none_low": c.P_NONE_LOW,
    "p_none_high": c.P_NONE_HIGH,
    "orders": c.EXPECTED_ORDERS,
    "orders_low": c.EXPECTED_ORDERS_LOW,
    "orders_high": c.EXPECTED_ORDERS_HIGH,
    "money": c.EXPECTED_MONEY,
    "money_low": c.EXPECTED_MONEY_LOW,
    "money_high": c.EXPECTED_MONEY_HIGH,
    "usual_money": c.USUAL_MONEY,
}
_DAYS = {"next_at": c.NEXT_ORDER_AT, "next_low": c.NEXT_ORDER_AT_LOW, "next_high": c.NEXT_ORDER_AT_HIGH}
_COLUMNS = ", ".join([*_NUMBERS, *_DAYS])


@dataclass(frozen=True)
class DayEstimate:
    """A day to come, and the days between which it likely lies; `high` is None where it may never come."""

    value: date
    low: date
    high: date | None


@dataclass(frozen=True)
class CustomerForecast:
    """What one customer will likely do within the run's days.

    `usual_money` is what the customer's own pace so far would bring in these days, None without a habit;
    `next_order` None where no order is likely.
    """

    p_none: Estimate  # probability of no order
    orders: Estimate
    money: Estimate
    usual_money: float | None
    next_order: DayEstimate | None


@dataclass(frozen=True)
class Expected:
    """A customer of a list with the forecast, and what there is of orders so far."""

    customer: Customer
    forecast: CustomerForecast
    n_orders: int
    revenue: float
    last_order_at: datetime | None


@dataclass(frozen=True)
class BoughtLess:
    """Who bought less: whose expected money is at most `most` of their usual, yet at least `least` of it."""

    least: float
    most: float


@dataclass(frozen=True)
class Due:
    """Whose next order likely falls on one of the days from `first` to `last`."""

    first: date
    last: date


@dataclass(frozen=True)
class Everyone:
    """All customers of a run."""


Whom = Everyone | BoughtLess | Due
EVERYONE = Everyone()


def save(
    db: Database,
    frame: pd.DataFrame,
    *,
    method: str,
    settings: Mapping[str, Any],
    seed: int,
    data_version: int,
    quality: Mapping[str, Any],
    at: datetime,
    cause: str | None,
) -> Run:
    """Store a run and the rows of `frame` (by customer, columns P_NONE … NEXT_ORDER_AT_HIGH), or nothing; the run."""
    columns = [cells(frame[name]) for name in _NUMBERS.values()]
    columns += [cells(frame[name].dt.strftime("%Y-%m-%d")) for name in _DAYS.values()]
    with transaction(db):
        run = runs.add(
            db,
            kind=KIND,
            method=method,
            settings=settings,
            seed=seed,
            data_version=data_version,
            quality=quality,
            at=at,
            cause=cause,
        )
        db.conn.executemany(
            f"INSERT INTO forecasts (run_id, customer_id, {_COLUMNS}) VALUES ({run.id}, ?{', ?' * len(columns)})",
            zip(frame.index.tolist(), *columns, strict=True),
        )
    return run


def latest(db: Database, days: int) -> Run | None:
    """The newest run over so many days; None if there is none."""
    return runs.latest_with(db, KIND, "days", days)


def newest(db: Database) -> Run | None:
    """The newest run over the shop's own horizon; None if there is none."""
    return runs.latest_with(db, KIND, "is_own", 1)


def frame(db: Database, run_id: int) -> pd.DataFrame:
    """All forecasts of a run by customer id, with the columns that were saved."""
    named = ", ".join(f"{stored} AS {name}" for stored, name in (_NUMBERS | _DAYS).items())
    found = pd.read_sql_query(
        f"SELECT customer_id AS {c.CUSTOMER}, {named} FROM forecasts WHERE run_id = ? ORDER BY customer_id",
        db.conn,
        params=[run_id],
        index_col=c.CUSTOMER,
    )
    numbers = {name: found[name].astype("float64") for name in _NUMBERS.values()}
    days = {name: pd.to_datetime(found[name], format="ISO8601") for name in _DAYS.values()}
    return found.assign(**numbers, **days)


def of_customer(db: Database, run_id: int, customer_id: int) -> CustomerForecast | None:
    """One customer's forecast of a run; None if the run does not know the customer."""
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM forecasts WHERE run_id = ? AND customer_id = ?", [run_id, customer_id]
    ).fetchone()
    return None if row is None else _forecast(*row)


def n_of(db: Database, run_id: int, whom: Whom) -> tuple[int, float, float]:
    """How many of a run's customers are meant, the money expected of them, and their usual money."""
    where, values = _meant(whom)
    n, money, usual = db.conn.execute(
        "SELECT count(*), coalesce(sum(money), 0), coalesce(sum(usual_money), 0) FROM forecasts "
        f"WHERE run_id = ? AND {where}",
        [run_id, *values],
    ).fetchone()
    return int(n), float(money), float(usual)


def some_of(db: Database, run_id: int, whom: Whom, n: int | None = None) -> Iterator[Expected]:
    """The first `n` of those who are meant, or all.

    First comes who loses most against the usual, of those who bought less; else of whom most money is expected.
    """
    where, values = _meant(whom)
    by = "usual_money - money" if isinstance(whom, BoughtLess) else "money"
    rows = db.conn.execute(
        f"SELECT {', '.join(f'f.{name}' for name in [*_NUMBERS, *_DAYS])}, "
        "(SELECT count(*) FROM orders o WHERE o.customer_id = f.customer_id), "
        "(SELECT sum(revenue) FROM orders o WHERE o.customer_id = f.customer_id), "
        "(SELECT max(at) FROM orders o WHERE o.customer_id = f.customer_id), "
        f"{', '.join(f'u.{name}' for name in COLUMNS)} "
        f"FROM (SELECT * FROM forecasts WHERE run_id = ? AND {where} ORDER BY {by} DESC, customer_id LIMIT ?) f "
        f"JOIN customers u ON u.id = f.customer_id ORDER BY {by} DESC, f.customer_id",
        [run_id, *values, -1 if n is None else n],
    )
    width = len(_NUMBERS) + len(_DAYS)
    for row in rows:
        n_orders, revenue, last, *who = row[width:]
        at = None if last is None else datetime.fromisoformat(last)
        yield Expected(Customer(*who), _forecast(*row[:width]), n_orders, revenue or 0.0, at)


def _meant(whom: Whom) -> tuple[str, list[Any]]:
    match whom:
        case BoughtLess(least, most):
            return "usual_money > 0 AND money BETWEEN ? * usual_money AND ? * usual_money", [least, most]
        case Due(first, last):
            return "next_at BETWEEN ? AND ?", [first.isoformat(), last.isoformat()]
    return "1", []


def _forecast(*row: Any) -> CustomerForecast:
    numbers, usual, days = row[:9], row[9], row[10:]
    p_none, orders, money = (Estimate(*numbers[at : at + 3]) for at in (0, 3, 6))
    next_order = None if days[0] is None else DayEstimate(*(day and date.fromisoformat(day) for day in days))
    return CustomerForecast(p_none, orders, money, usual, next_order)
