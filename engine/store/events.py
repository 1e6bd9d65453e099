"""What customers did besides ordering, as files bring it and the other rooms read it. Returns: `incoming_orders`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.phrases import Name

_ID, _NTH, _WAS = "id", "nth", "_was"
_WHICH = [c.CUSTOMER, c.KIND, c.AT, c.PRODUCT]  # by this an event is known
_FACTS = [c.QUANTITY, c.VALUE, c.PLACE]
_NOT_RETURNED = "kind <> 'return'"  # what an export of orders tells; it has rules of its own


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
    at: list[str] = np.datetime_as_string(events[c.AT].to_numpy().astype("datetime64[s]")).tolist()
    told = events.assign(**{c.AT: at})
    told = told.assign(**{_NTH: told.groupby(_WHICH, sort=False).cumcount()})
    both = told.merge(_known(db, at), on=[*_WHICH, _NTH], how="left", suffixes=("", _WAS))
    new = both[_ID].isna()
    _insert(db, both[new], import_id)
    news = np.zeros(len(both), dtype=bool)
    for field in _FACTS:
        was = both[f"{field}{_WAS}"]
        news |= (both[field].notna() & (was.isna() | (both[field] != was))).to_numpy()
    changed = both[news & ~new.to_numpy()]
    db.conn.executemany(
        "UPDATE events SET quantity = coalesce(?, quantity), value = coalesce(?, value), place = coalesce(?, place) "
        "WHERE id = ?",
        zip(*(_told(changed[field]) for field in _FACTS), changed[_ID].astype("int64").tolist(), strict=True),
    )
    return int(new.sum()), len(changed)


def _known(db: Database, at: list[str]) -> pd.DataFrame:
    """The events of the same time, the several of one deed at one moment numbered as they came."""
    rows = db.conn.execute(
        "SELECT id, customer_id, kind, at, coalesce(product_id, -1), quantity, value, place FROM events "
        f"WHERE {_NOT_RETURNED} AND at BETWEEN ? AND ? ORDER BY id",
        [min(at, default=""), max(at, default="")],
    ).fetchall()
    frame = pd.DataFrame(rows, columns=[_ID, *_WHICH, *_FACTS])
    whole = frame.astype({c.CUSTOMER: "int64", c.PRODUCT: "int64", c.QUANTITY: "float64", c.VALUE: "float64"})
    return whole.assign(**{_NTH: whole.groupby(_WHICH, sort=False).cumcount()})


def _insert(db: Database, events: pd.DataFrame, import_id: int) -> None:
    db.conn.executemany(
        "INSERT INTO events (identity_id, customer_id, kind, at, product_id, quantity, value, place, import_id) "
        "VALUES (nullif(?, -1), ?, ?, ?, nullif(?, -1), ?, ?, ?, ?)",
        zip(
            events[c.IDENTITY].tolist(),
            *(events[field].tolist() for field in _WHICH),
            *(_told(events[field]) for field in _FACTS),
            repeat(import_id),
            strict=False,
        ),
    )


def _told(column: pd.Series) -> list[Any]:
    """None where nothing is told."""
    return column.astype(object).where(column.notna(), None).tolist()


def frame(db: Database) -> pd.DataFrame:
    """All events: customer, kind, at, product, quantity, value, place (missing where not told); by time."""
    told = pd.read_sql_query(
        f"SELECT customer_id AS {c.CUSTOMER}, kind AS {c.KIND}, at AS {c.AT}, product_id AS {c.PRODUCT}, "
        f"quantity AS {c.QUANTITY}, value AS {c.VALUE}, place AS {c.PLACE} "
        f"FROM events WHERE {_NOT_RETURNED} ORDER BY at, id",
        db.conn,
    )
    numbers = {field: pd.to_numeric(told[field]).astype("float64") for field in (c.QUANTITY, c.VALUE)}
    return told.assign(**{c.AT: pd.to_datetime(told[c.AT], format="ISO8601")}, **numbers)


def ratings(db: Database) -> pd.DataFrame:
    """What customers said of products: customer, product, value, at, import; by time."""
    told = pd.read_sql_query(
        f"SELECT customer_id AS {c.CUSTOMER}, product_id AS {c.PRODUCT}, value AS {c.VALUE}, at AS {c.AT}, "
        "import_id AS 'import' FROM events "
        "WHERE kind = 'rating' AND product_id IS NOT NULL AND value IS NOT NULL ORDER BY at, id",
        db.conn,
    )
    whole = told.astype({c.CUSTOMER: "int64", c.PRODUCT: "int64", c.VALUE: "float64"})
    return whole.assign(**{c.AT: pd.to_datetime(whole[c.AT], format="ISO8601")})


def of(db: Database, customer_id: int) -> list[tuple[str, datetime, float | None]]:
    """The kind, time and value of one customer's events, by time."""
    rows = db.conn.execute(
        f"SELECT kind, at, value FROM events WHERE {_NOT_RETURNED} AND customer_id = ? ORDER BY at, id", [customer_id]
    )
    return [(kind, datetime.fromisoformat(at), value) for kind, at, value in rows]


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
