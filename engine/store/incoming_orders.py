"""Orders, their lines and returns, as a file brings them. Called within the one transaction of an import."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlite_utils import Database

from engine import columns as c
from engine.store import suppressions
from engine.store.incoming import NOBODY, Ids, insert, next_id

_ROWS_PER_STEP = 50_000
# so many new orders at once are put into the index faster when it is built anew
_MANY_ORDERS = 200_000
_SHARE_OF_ORDERS = 0.3  # of the time that orders and lines take
_ID = "id"
OF_AN_ORDER = ("lines", "order_places")
_CENT = 0.005
_OF_LINES = {"product_id": c.PRODUCT, "quantity": c.QUANTITY, "price": c.PRICE}
_LINE = [c.ORDER, c.PRODUCT, c.QUANTITY, c.PRICE]


def with_ids(frame: pd.DataFrame, customers: Ids, identities: Ids, products: Ids) -> pd.DataFrame:
    """Orders, lines or returns of intake, positions of customers and products replaced by ids; -1 stays -1.

    Beside the customer stands the identity under which the file tells it.
    """
    ids = {c.IDENTITY: (c.CUSTOMER, identities), c.CUSTOMER: (c.CUSTOMER, customers), c.PRODUCT: (c.PRODUCT, products)}
    # the last element, which -1 points at, is nobody; half as wide, since ten million lines take 80 MB
    return frame.assign(
        **{
            field: _narrow(np.append(of, NOBODY))[frame[position].to_numpy()]
            for field, (position, of) in ids.items()
            if position in frame
        }
    )


def _narrow(ids: Ids) -> NDArray[np.integer[Any]]:
    return ids.astype(np.int32) if ids.max(initial=0) <= np.iinfo(np.int32).max else ids


def heads(db: Database, keys: Sequence[str]) -> pd.DataFrame:
    """Which of the orders `keys` are in the store: order_key, customer_key (None if nobody), at and revenue."""
    wanted = {key: key for key in keys} | suppressions.names_of_orders(db, keys)
    rows = db.conn.execute(
        "SELECT o.key, c.key, o.at, o.revenue FROM orders o LEFT JOIN customers c ON c.id = o.customer_id"
    )
    return pd.DataFrame(
        [(wanted[key], *told) for key, *told in rows if key in wanted],
        columns=[c.ORDER_KEY, c.CUSTOMER_KEY, c.AT, c.REVENUE],
        dtype=object,
    )


def with_stored_lines(db: Database, orders: pd.DataFrame, lines: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders and lines (`with_ids`), where known orders keep the lines of the store, at the money that the file tells.

    For a file of orders that tells their items worse than the file of items from which the store may have them.
    """
    known: dict[str, int] = dict(db.conn.execute("SELECT key, id FROM orders WHERE n_lines > 0 AND revenue > 0"))
    at = {known[key]: i for i, key in enumerate(orders[c.ORDER_KEY].tolist()) if key in known}
    if not at:
        return orders, lines
    rows = db.conn.execute("SELECT order_id, product_id, quantity, price FROM lines ORDER BY order_id, line")
    stored = pd.DataFrame([(at[row[0]], *row[1:]) for row in rows if row[0] in at], columns=_LINE)
    worth = (stored[c.QUANTITY] * stored[c.PRICE]).groupby(stored[c.ORDER]).transform("sum")
    now = orders[c.REVENUE].to_numpy()[stored[c.ORDER].to_numpy()]
    same = np.abs(worth - now) < _CENT
    stored[c.PRICE] = stored[c.PRICE].where(same, stored[c.PRICE] * now / worth)
    of_stored = np.isin(lines[c.ORDER].to_numpy(), stored[c.ORDER].to_numpy())
    mixed = pd.concat([lines[~of_stored], stored]).sort_values(c.ORDER, kind="stable", ignore_index=True)
    counts = np.bincount(mixed[c.ORDER].to_numpy(dtype=np.int64), minlength=len(orders))
    return orders.assign(**{c.N_LINES: counts}), mixed.astype({c.ORDER: np.int64, c.PRODUCT: np.int64})


def put_orders(
    db: Database,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    places: pd.DataFrame,
    *,
    import_id: int,
    step: Callable[[float], None],
) -> int:
    """Store orders and lines (`with_ids`); how many known orders were replaced, since the file tells them otherwise.

    A known order keeps its customer, its lines or its places where the file tells none. `step` is told the share
    that is done.
    """
    for table, frame, field in (
        ("customers", orders, c.CUSTOMER),
        ("identities", orders, c.IDENTITY),
        ("products", lines, c.PRODUCT),
    ):
        _must_be_there(db, table, frame[field].to_numpy())
    ids = _known_ids(db, orders[c.ORDER_KEY])
    new = ids == NOBODY
    ids[new] = next_id(db, "orders") + np.arange(int(new.sum()))
    heads = orders.assign(**{_ID: ids})
    lines = lines.assign(**{c.ORDER: _narrow(ids)[lines[c.ORDER].to_numpy()]})
    if new.all():
        _insert_orders(db, heads, import_id, step)
        _insert_lines(db, lines, step)
        _put_places(db, places, ids, new)
        return 0
    replaced = _different(db, heads[~new], lines)
    _insert_orders(db, heads[new], import_id, step)
    _update_orders(db, heads[np.isin(ids, replaced)], import_id)
    kept = np.isin(lines[c.ORDER].to_numpy(), np.append(ids[new], replaced))
    _insert_lines(db, lines[kept].sort_values(c.ORDER, kind="stable"), step)
    _put_places(db, places, ids, new)
    return len(replaced)


def _put_places(db: Database, places: pd.DataFrame, ids: Ids, new: NDArray[np.bool_]) -> None:
    """Store where orders went, which are positions among `ids`, in place of what was known of it."""
    order = places[c.ORDER].to_numpy()
    known = np.unique(ids[order[~new[order]]])
    db.conn.executemany("DELETE FROM order_places WHERE order_id = ?", ([id_] for id_ in known.tolist()))
    for start in range(0, len(order), _ROWS_PER_STEP):
        rows = slice(start, start + _ROWS_PER_STEP)
        place, share = (places[field].iloc[rows].tolist() for field in (c.REGION, c.SHARE))
        insert(db, "order_places", {"order_id": ids[order[rows]].tolist(), "place": place, "share": share})


def _must_be_there(db: Database, table: str, ids: Ids) -> None:
    """Raises IntegrityError if one of `ids` is no row of `table`; in a bulk transaction nothing else would."""
    (last,) = db.conn.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
    there = np.zeros(last + 2, dtype=np.bool_)
    there[np.fromiter((id_ for (id_,) in db.conn.execute(f"SELECT id FROM {table}")), dtype=np.int64)] = True
    there[NOBODY] = True
    if len(ids) and not (ids.min() >= NOBODY and ids.max() <= last and there[ids].all()):
        raise sqlite3.IntegrityError(f"there are ids that no row of {table} has")


def _known_ids(db: Database, keys: pd.Series[str]) -> Ids:
    """The stored orders' ids by position; `NOBODY` for an order that is new."""
    known: dict[str, int] = dict(db.conn.execute("SELECT key, id FROM orders"))
    if not known:
        return np.full(len(keys), NOBODY, dtype=np.int64)
    return np.fromiter((known.get(key, NOBODY) for key in keys), dtype=np.int64, count=len(keys))


def remove_orders(db: Database, keys: Sequence[str]) -> int:
    """Remove the orders of these keys, with their lines and places; how many there were."""
    for table in OF_AN_ORDER:
        db.conn.executemany(
            f"DELETE FROM {table} WHERE order_id = (SELECT id FROM orders WHERE key = ?)", ([key] for key in keys)
        )
    cursor = db.conn.executemany("DELETE FROM orders WHERE key = ?", ([key] for key in keys))
    return max(cursor.rowcount, 0)


def moments_of(db: Database, keys: Sequence[str]) -> tuple[datetime, datetime] | None:
    """When the first and the last of the stored orders of these keys were made; None if none is stored."""
    first, last = db.conn.execute(
        "SELECT min(at), max(at) FROM orders WHERE key IN (SELECT value FROM json_each(?))", [json.dumps(list(keys))]
    ).fetchone()
    return None if first is None else (datetime.fromisoformat(first), datetime.fromisoformat(last))


def put_returns(db: Database, returns: pd.DataFrame, *, import_id: int) -> pd.DataFrame:
    """Store the returns (`with_ids`) of known customers in place of what was known of their orders; those stored."""
    kept = returns[returns[c.CUSTOMER] != NOBODY]
    told = set(kept[c.ORDER_KEY].tolist())
    earlier = db.conn.execute("SELECT id, order_key FROM events WHERE kind = 'return'").fetchall()
    db.conn.executemany("DELETE FROM events WHERE id = ?", ([id_] for id_, key in earlier if key in told))
    at = np.datetime_as_string(kept[c.AT].to_numpy().astype("datetime64[s]")).tolist()
    db.conn.executemany(
        "INSERT INTO events (customer_id, identity_id, kind, at, product_id, quantity, value, order_key, of_sale, "
        "import_id) VALUES (?, nullif(?, -1), 'return', ?, nullif(?, -1), ?, ?, ?, ?, ?)",
        zip(
            kept[c.CUSTOMER].tolist(),
            kept[c.IDENTITY].tolist(),
            at,
            kept[c.PRODUCT].tolist(),
            kept[c.QUANTITY].tolist(),
            kept[c.REVENUE].tolist(),
            kept[c.ORDER_KEY].tolist(),
            kept[c.OF_SALE].astype(int).tolist(),
            repeat(import_id),
            strict=False,
        ),
    )
    return kept


def _different(db: Database, heads: pd.DataFrame, lines: pd.DataFrame) -> Ids:
    """The ids of known orders that the file tells otherwise than the store; the order of lines does not matter."""
    stored = pd.DataFrame(
        db.conn.execute("SELECT id, coalesce(customer_id, -1), at, revenue, n_lines FROM orders"),
        columns=[_ID, c.CUSTOMER, c.AT, c.REVENUE, c.N_LINES],
    )
    stored[c.AT] = stored[c.AT].astype("datetime64[s]")
    both = heads.merge(stored, on=_ID, suffixes=("", "_was"))
    who = (both[c.CUSTOMER] != NOBODY) & (both[c.CUSTOMER] != both[f"{c.CUSTOMER}_was"])
    # sums are compared where there are no lines: of the same lines in another order they may differ in the last bit
    sums = (both[c.N_LINES] == 0) & (both[f"{c.N_LINES}_was"] == 0) & (both[c.REVENUE] != both[f"{c.REVENUE}_was"])
    count = (both[c.N_LINES] > 0) & (both[c.N_LINES] != both[f"{c.N_LINES}_was"])
    different = who | sums | count | (both[c.AT] != both[f"{c.AT}_was"])
    compared = both.loc[~different & (both[c.N_LINES] > 0), _ID].to_numpy()
    return np.union1d(both.loc[different, _ID].to_numpy(), _with_other_lines(db, compared, lines))


def _with_other_lines(db: Database, ids: Ids, lines: pd.DataFrame) -> Ids:
    """Those of the orders `ids` whose lines differ from the stored ones, of which there are equally many."""
    rows = db.conn.execute("SELECT order_id, product_id, quantity, price FROM lines")
    stored = pd.DataFrame(rows, columns=_LINE)
    was, now = (
        frame.loc[np.isin(frame[c.ORDER].to_numpy(), ids), _LINE].sort_values(_LINE, ignore_index=True)
        for frame in (stored, lines)
    )
    return np.unique(now.loc[(was != now).any(axis=1), c.ORDER].to_numpy())


def _update_orders(db: Database, heads: pd.DataFrame, import_id: int) -> None:
    """Overwrite known orders; their lines go if new ones come, else they stay, and so do their sums."""
    ids = heads.loc[heads[c.N_LINES] > 0, _ID].tolist()
    db.conn.executemany("DELETE FROM lines WHERE order_id = ?", ([id_] for id_ in ids))
    fields = [_ID, c.CUSTOMER, c.REVENUE, c.QUANTITY, c.N_LINES]
    db.conn.executemany(
        "UPDATE orders SET customer_id = coalesce(nullif(?2, -1), customer_id), "
        "identity_id = iif(customer_id IS nullif(?2, -1), identity_id, coalesce(nullif(?8, -1), identity_id)), "
        "revenue = iif(?5 > 0 OR n_lines = 0, ?3, revenue), quantity = iif(?5 > 0 OR n_lines = 0, ?4, quantity), "
        "n_lines = iif(?5 > 0, ?5, n_lines), at = ?6, import_id = ?7 WHERE id = ?1",
        zip(
            *(heads[field].tolist() for field in fields),
            _as_texts(heads[c.AT]),
            repeat(import_id),
            heads[c.IDENTITY].tolist(),
            strict=False,
        ),
    )


def _as_texts(at: pd.Series[Any]) -> list[str]:
    import pyarrow as pa
    import pyarrow.compute as pc

    written = pa.array(at.to_numpy().astype("datetime64[s]")).cast(pa.string())
    texts: list[str] = pc.replace_substring(written, " ", "T").to_pylist()
    return texts


def _or_none(ids: pd.Series[Any]) -> list[int | None]:
    told: list[int] = ids.tolist()
    return [None if id_ == NOBODY else id_ for id_ in told] if NOBODY in told else [*told]


def _insert_orders(db: Database, heads: pd.DataFrame, import_id: int, step: Callable[[float], None]) -> None:
    with _index_built_after(db, len(heads) > _MANY_ORDERS):
        for start in range(0, len(heads), _ROWS_PER_STEP):
            step(_SHARE_OF_ORDERS * start / len(heads))
            part = heads.iloc[start : start + _ROWS_PER_STEP]
            told = {
                "id": part[_ID].tolist(),
                "key": part[c.ORDER_KEY].tolist(),
                "customer_id": _or_none(part[c.CUSTOMER]),
                "identity_id": _or_none(part[c.IDENTITY]),
                "at": _as_texts(part[c.AT]),
                "revenue": part[c.REVENUE].tolist(),
                "quantity": part[c.QUANTITY].tolist(),
                "n_lines": part[c.N_LINES].tolist(),
                "import_id": [import_id] * len(part),
            }
            insert(db, "orders", told)


@contextmanager
def _index_built_after(db: Database, worthwhile: bool) -> Iterator[None]:
    """Within the caller's transaction: whatever ends it, the index is there again."""
    name = "orders_by_customer"
    (statement,) = db.conn.execute("SELECT sql FROM sqlite_schema WHERE name = ?", [name]).fetchone()
    if worthwhile:
        db.conn.execute(f"DROP INDEX {name}")
    yield
    if worthwhile:
        db.conn.execute(statement)


def _insert_lines(db: Database, lines: pd.DataFrame, step: Callable[[float], None]) -> None:
    """Insert lines that stand in the order of their orders' ids, numbered within each: the table grows at its end."""
    order = lines[c.ORDER].to_numpy()
    starts = np.append(0, np.flatnonzero(order[1:] != order[:-1]) + 1)
    told = {"order_id": order, **{field: lines[of].to_numpy() for field, of in _OF_LINES.items()}}
    for start in range(0, len(order), _ROWS_PER_STEP):
        step(_SHARE_OF_ORDERS + (1 - _SHARE_OF_ORDERS) * start / len(order))
        part = {field: values[start : start + _ROWS_PER_STEP].tolist() for field, values in told.items()}
        rows = np.arange(start, min(start + _ROWS_PER_STEP, len(order)))
        part["line"] = (rows - starts[np.searchsorted(starts, rows, side="right") - 1] + 1).tolist()
        insert(db, "lines", part)
