"""What customers did besides ordering, as files bring it and the other rooms read it. Returns: `incoming_orders`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.phrases import Name

_NTH = "nth"
_NOT_RETURNED = "kind <> 'return'"  # what an export of orders tells; it has rules of its own
_SELECT = f"""
    SELECT customer_id AS {c.CUSTOMER}, kind AS {c.KIND}, at AS {c.AT}, product_id AS {c.PRODUCT},
        quantity AS {c.QUANTITY}, value AS {c.VALUE}, place AS {c.PLACE}
    FROM events WHERE {_NOT_RETURNED}"""


@dataclass(frozen=True)
class PastEvent:
    """One thing that a customer did; `value` is a rating, a score or an amount."""

    kind: str
    at: datetime
    product: Name | None
    quantity: float | None
    value: float | None
    place: str | None


def put(db: Database, events: pd.DataFrame, *, import_id: int) -> tuple[int, int]:
    """Store events (of intake, with the store's ids); how many are new, and how many known ones are told otherwise.

    An event is known by who did what, when and with which product; of several such in one file the first is the
    first, the second the second. So a file that overlaps with an earlier one adds what that one had not.
    Call in the transaction of the import.
    """
    which = [c.CUSTOMER, c.KIND, c.AT, c.PRODUCT]
    nth = events.groupby(which, sort=False).cumcount() + 1
    at = np.datetime_as_string(events[c.AT].to_numpy().astype("datetime64[s]"))
    (before,) = db.conn.execute("SELECT count(*) FROM events").fetchone()
    cursor = db.conn.executemany(
        "INSERT INTO events (customer_id, kind, at, product_id, quantity, value, place, nth, import_id) "
        "VALUES (?, ?, ?, nullif(?, -1), ?, ?, ?, ?, ?) "
        f"ON CONFLICT (customer_id, kind, at, coalesce(product_id, 0), nth) WHERE {_NOT_RETURNED} DO UPDATE SET "
        "quantity = coalesce(excluded.quantity, quantity), value = coalesce(excluded.value, value), "
        "place = coalesce(excluded.place, place) "
        "WHERE coalesce(excluded.quantity, quantity) IS NOT quantity OR coalesce(excluded.value, value) IS NOT value "
        "OR coalesce(excluded.place, place) IS NOT place",
        zip(
            events[c.CUSTOMER].tolist(),
            events[c.KIND].tolist(),
            at.tolist(),
            events[c.PRODUCT].tolist(),
            _told(events[c.QUANTITY]),
            _told(events[c.VALUE]),
            events[c.PLACE].tolist(),
            nth.tolist(),
            repeat(import_id),
            strict=False,
        ),
    )
    (after,) = db.conn.execute("SELECT count(*) FROM events").fetchone()
    return after - before, max(cursor.rowcount, 0) - (after - before)


def _told(numbers: pd.Series) -> Sequence[float | None]:
    return [None if number != number else number for number in numbers.tolist()]


def frame(db: Database) -> pd.DataFrame:
    """All events: customer, kind, at, product, quantity, value, place (missing where not told); by time."""
    return _typed(pd.read_sql_query(f"{_SELECT} ORDER BY at, id", db.conn))


def of(db: Database, customer_id: int) -> pd.DataFrame:
    """The same of one customer."""
    return _typed(pd.read_sql_query(f"{_SELECT} AND customer_id = ? ORDER BY at, id", db.conn, params=[customer_id]))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = {field: pd.to_numeric(frame[field]).astype("float64") for field in (c.QUANTITY, c.VALUE)}
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")}, **numbers)


def last_of(db: Database, customer_id: int, n: int) -> list[PastEvent]:
    """The customer's newest `n` events, the newest first."""
    rows = db.conn.execute(
        "SELECT e.kind, e.at, p.name, p.name_zh, p.name_en, e.quantity, e.value, e.place "
        f"FROM events e LEFT JOIN products p ON p.id = e.product_id WHERE e.{_NOT_RETURNED} AND e.customer_id = ? "
        "ORDER BY e.at DESC, e.id DESC LIMIT ?",
        [customer_id, n],
    )
    return [
        PastEvent(
            kind,
            datetime.fromisoformat(at),
            None if name is None else Name(en or name, zh or name),
            *rest,
        )
        for kind, at, name, zh, en, *rest in rows
    ]


def newest_at(db: Database) -> pd.Timestamp | None:
    """When the last event of all customers happened; None without one."""
    (at,) = db.conn.execute(f"SELECT max(at) FROM events WHERE {_NOT_RETURNED}").fetchone()
    return None if at is None else pd.Timestamp(at)


def kinds(db: Database, customer_id: int | None = None) -> dict[str, int]:
    """How many events there are of each kind, of all customers or of one; the most frequent first."""
    rows = db.conn.execute(
        f"SELECT kind, count(*) FROM events WHERE {_NOT_RETURNED} AND (customer_id = :id OR :id IS NULL) "
        "GROUP BY kind ORDER BY count(*) DESC, kind",
        {"id": customer_id},
    )
    return dict(rows.fetchall())
