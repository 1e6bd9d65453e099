"""Recommendations: for each customer of a run two lists of products, best first, with their reasons.

A run that fits everything has lists for everyone. A run that updates names its `fit` and has newer lists for some;
`InForce` is such a fit with its updates. What else a run brings lies in the files beside this one.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlite_utils import Database

from engine import columns as c
from engine.phrases import Name, Phrase
from engine.store import runs, transaction
from engine.store.orders import Product
from engine.store.runs import Run
from engine.store.wordings import Wordings, reasons

KIND: Final = "recommendations"
UNDER_WAY: Final = "recommendations under way"  # of a run whose rows are not all there yet
FIT: Final = "fit"  # in an update's quality: the run that it updates
EVERYONE: Final = "everyone"  # in an update's quality: it has lists for all
LONGEST = 10  # products in each list of a customer
KEPT = 2  # runs with lists for everyone whose rows are kept, with those of later updates

Row = tuple[int, bool, int, int, float, str, Phrase]  # customer, again, rank, product, score, ranker, reason
WhoRow = tuple[int, int, int, bool, float, str, Phrase]  # product, rank, customer, again, score, ranker, reason
SimilarRow = tuple[int, str, int, int, float, int | None, Phrase | None]
DueRow = tuple[int, int, int, str, float, str, str, str, bool]  # as `due_purchases`

STEP = 100_000  # rows in one transaction: about a second
GIVEN_UP = timedelta(hours=6)  # nobody is at work on a run for so long

PRODUCT_COLUMNS: Final = "p.id, p.key, p.name, p.name_en, p.name_zh, p.category, p.price"

_OF_FITS = ("similar_products", "fitted_products")
_OF_PEOPLE = ("recommendations", "updated_customers", "who_for_products", "due_purchases")
# the columns of each table behind run_id, those of its primary key first
_COLUMNS: Final = {
    "recommendations": "customer_id, again, rank, product_id, score, ranker, reason",
    "updated_customers": "customer_id",
    "who_for_products": "product_id, rank, customer_id, again, score, ranker, reason",
    "similar_products": "product_id, how, rank, other_id, similarity, n_common, reason",
    "fitted_products": "product_id, n_buyers",
    "due_purchases": "customer_id, product_id, n_days, last, gap_days, due, low, high, own",
    "kept_models": "name, arrays",
}


@dataclass(frozen=True)
class InForce:
    """The newest run and the fit that it is, or updates; `runs` are the ids of that fit and all its updates."""

    run: Run
    fit: Run
    runs: tuple[int, ...]

    @property
    def ids(self) -> str:
        """As SQL's json_each takes them."""
        return json.dumps(self.runs)


@dataclass(frozen=True)
class Recommended:
    """One stored row of one customer; `rank` is its place in its list."""

    again: bool
    rank: int
    product: Product
    score: float
    ranker: str
    reason: Phrase


def product_of(
    id_: int, key: str, name: str, en: str | None, zh: str | None, category: str | None, price: float | None
) -> Product:
    """The product of a row of `PRODUCT_COLUMNS`."""
    return Product(id_, key, Name(en or name, zh or name), category, price)


class Gathered:
    """What a run brings, set aside until it is whole: others can read and write the store in the meantime."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._wordings = Wordings()

    def lists(self, rows: Iterable[Row]) -> None:
        """Lists of products for customers, in the order of customer, again and rank."""
        self._add("recommendations", ((*row[:6], self._wordings.packed(row[6])) for row in rows))

    def updated(self, customers: Iterable[int]) -> None:
        """The customers for whom this run, an update, takes the place of what was there before."""
        self._add("updated_customers", ((customer,) for customer in customers))

    def who(self, rows: Iterable[WhoRow]) -> None:
        self._add("who_for_products", ((*row[:6], self._wordings.packed(row[6])) for row in rows))

    def similar(self, rows: Iterable[SimilarRow]) -> None:
        self._add(
            "similar_products",
            ((*row[:6], None if row[6] is None else self._wordings.packed(row[6])) for row in rows),
        )

    def products(self, rows: Iterable[tuple[int, int]]) -> None:
        """The products that a fit knows, and how many people bought each."""
        self._add("fitted_products", rows)

    def due(self, rows: Iterable[DueRow]) -> None:
        self._add("due_purchases", rows)

    def kept(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        file = io.BytesIO()
        np.savez_compressed(file, allow_pickle=False, **arrays)
        self._add("kept_models", [(name, file.getvalue())])

    def save(
        self,
        *,
        method: str,
        settings: Mapping[str, Any],
        seed: int,
        data_version: int,
        quality: Mapping[str, Any],
        at: datetime,
        cause: str | None,
    ) -> Run:
        """Store the run with all that was gathered, or nothing; the run. Old runs lose their rows.

        Rows come step by step, so that others can write in between, and count from the moment when all are there.
        """
        db = self._db
        with transaction(db):
            run = runs.add(
                db,
                kind=UNDER_WAY,
                method=method,
                settings=settings,
                seed=seed,
                data_version=data_version,
                quality=quality,
                at=at,
                cause=cause,
            )
            self._wordings.save(db)
        try:
            for table in _COLUMNS:
                self._move(table, run.id)
        except BaseException:
            with transaction(db):
                db.conn.execute("DELETE FROM runs WHERE id = ?", [run.id])
            raise
        with transaction(db):
            db.conn.execute("UPDATE runs SET kind = ? WHERE id = ?", [KIND, run.id])
        _thin(db, at)
        return replace(run, kind=KIND)

    def _move(self, table: str, run_id: int) -> None:
        columns = _COLUMNS[table]
        (last,) = self._db.conn.execute(f"SELECT coalesce(max(rowid), 0) FROM temp.gathered_{table}").fetchone()
        for start in range(0, last, STEP):
            with transaction(self._db):
                self._db.conn.execute(
                    f"INSERT INTO {table} (run_id, {columns}) SELECT ?, {columns} FROM temp.gathered_{table} "
                    "WHERE rowid > ? AND rowid <= ? ORDER BY rowid",
                    [run_id, start, start + STEP],
                )

    def _add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        columns = _COLUMNS[table]
        marks = ", ".join("?" * (columns.count(",") + 1))
        with self._db.atomic():
            self._db.conn.executemany(f"INSERT INTO temp.gathered_{table} ({columns}) VALUES ({marks})", rows)


@contextmanager
def gathering(db: Database) -> Iterator[Gathered]:
    """Where to put what a run brings. It lies in a file of its own, so that the store itself stays unlocked."""
    for table, columns in _COLUMNS.items():
        db.conn.execute(f"CREATE TEMP TABLE gathered_{table} AS SELECT {columns} FROM main.{table} WHERE 0")
    try:
        yield Gathered(db)
    finally:
        for table in _COLUMNS:
            db.conn.execute(f"DROP TABLE temp.gathered_{table}")


def in_force(db: Database) -> InForce | None:
    """The newest run with what it updates; None before the first."""
    run = runs.latest(db, KIND)
    if run is None:
        return None
    fit = runs.by_id(db, run.quality[FIT]) if FIT in run.quality else run
    assert fit is not None, "a fit outlives its updates"
    ids = db.conn.execute(
        f"SELECT id FROM runs WHERE kind = ? AND id > ? AND json_extract(quality, '$.{FIT}') = ? ORDER BY id",
        [KIND, fit.id, fit.id],
    ).fetchall()
    return InForce(run, fit, (fit.id, *(id_ for (id_,) in ids)))


def of_customer(db: Database, lists: InForce, customer_id: int) -> list[Recommended]:
    """Both lists of one customer, that of what they buy again first; empty if no run knows the customer."""
    (newest,) = db.conn.execute(
        "SELECT coalesce(max(run_id), ?) FROM updated_customers WHERE customer_id = ? "
        "AND run_id IN (SELECT value FROM json_each(?))",
        [lists.fit.id, customer_id, lists.ids],
    ).fetchone()
    rows = db.conn.execute(
        f"SELECT r.again, r.rank, r.score, r.ranker, r.reason, {PRODUCT_COLUMNS} "
        "FROM recommendations r JOIN products p ON p.id = r.product_id "
        "WHERE r.run_id = ? AND r.customer_id = ? ORDER BY r.again DESC, r.rank",
        [newest, customer_id],
    ).fetchall()
    said = reasons(db, (row[4] for row in rows))
    return [
        Recommended(bool(again), rank, product_of(*product), score, ranker, reason)
        for (again, rank, score, ranker, _, *product), reason in zip(rows, said, strict=True)
    ]


def n_buyers(db: Database, lists: InForce, product_id: int) -> int | None:
    """How many people had bought a product when all was fitted; None for one that was not known then."""
    row = db.conn.execute(
        "SELECT n_buyers FROM fitted_products WHERE run_id = ? AND product_id = ?", [lists.fit.id, product_id]
    ).fetchone()
    return None if row is None else int(row[0])


def fitted_products(db: Database, lists: InForce) -> NDArray[np.int64]:
    """The products that the fit knows, in ascending order."""
    rows = db.conn.execute("SELECT product_id FROM fitted_products WHERE run_id = ? ORDER BY 1", [lists.fit.id])
    return np.array([id_ for (id_,) in rows], np.int64)


def of_people(db: Database, lists: InForce, people: Sequence[int]) -> pd.DataFrame:
    """The lists of these customers: customer, again, rank, product, score, ranker and reason (a text for `reasons`).

    By customer; what to buy again first; by rank.
    """
    frame = pd.read_sql_query(
        f"{NEWEST} SELECT r.customer_id AS {c.CUSTOMER}, r.again AS {c.AGAIN}, r.rank AS {c.RANK}, "
        f"r.product_id AS {c.PRODUCT}, r.score AS {c.SCORE}, r.ranker AS {c.RANKER}, r.reason AS {c.REASON} "
        "FROM (SELECT DISTINCT coalesce(u.merged_into, u.id) AS id FROM json_each(:people) j "
        "JOIN customers u ON u.id = j.value) who LEFT JOIN newest n ON n.customer_id = who.id "
        "JOIN recommendations r ON r.run_id = coalesce(n.run_id, :fit) AND r.customer_id = who.id "
        "ORDER BY r.customer_id, r.again DESC, r.rank",
        db.conn,
        params={"runs": lists.ids, "fit": lists.fit.id, "people": json.dumps(list(people))},
    )
    return frame.astype({c.AGAIN: bool})


# the newest run of each customer who was updated since the fit
NEWEST: Final = (
    "WITH newest AS (SELECT customer_id, max(run_id) AS run_id FROM updated_customers "
    "WHERE run_id IN (SELECT value FROM json_each(:runs)) GROUP BY customer_id)"
)


def _thin(db: Database, at: datetime) -> None:
    """Old runs keep their record and lose their rows; what was learned is kept of the last fit.

    What the newest run has seen is kept as well, which is all that an update keeps. Runs that somebody killed before
    they were whole go.
    """
    fits = f"SELECT id FROM runs WHERE kind = '{KIND}' AND json_extract(quality, '$.{FIT}') IS NULL"
    whole = f"{fits} OR kind = '{KIND}' AND json_extract(quality, '$.{EVERYONE}')"
    last, *before = _newest(db, fits)
    with transaction(db):
        db.conn.execute("DELETE FROM runs WHERE kind = ? AND at < ?", [UNDER_WAY, (at - GIVEN_UP).isoformat()])
        db.conn.execute(
            "DELETE FROM kept_models WHERE run_id NOT IN (?, (SELECT max(id) FROM runs WHERE kind = ?)) "
            "AND run_id IN (SELECT id FROM runs WHERE kind = ?)",
            [last, KIND, KIND],
        )
    for tables, oldest in ((_OF_FITS, before), (_OF_PEOPLE, _newest(db, whole)[1:])):
        for table in tables if oldest else ():
            _drop(db, table, oldest[0])


def _newest(db: Database, ids: str) -> list[int]:
    return [id_ for (id_,) in db.conn.execute(f"{ids} ORDER BY id DESC LIMIT {KEPT}")]


def _drop(db: Database, table: str, oldest: int) -> None:
    """The rows of runs before `oldest`, step by step."""
    key = _COLUMNS[table].split(",")[0]
    while True:
        with transaction(db):
            border = db.conn.execute(
                f"SELECT run_id, {key} FROM {table} WHERE run_id < ? ORDER BY run_id, {key} LIMIT 1 OFFSET ?",
                [oldest, STEP],
            ).fetchone()
            run_id, first = border or (oldest, -1)
            db.conn.execute(f"DELETE FROM {table} WHERE run_id < ?1 OR (run_id = ?1 AND {key} <= ?2)", [run_id, first])
        if border is None:
            return
