"""Recommendations: for each customer of a run, the products, best first, with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.phrases import Name, Phrase, from_json, to_json
from engine.store import runs, transaction
from engine.store.orders import Product
from engine.store.runs import Run

KIND = "recommendations"

Row = tuple[int, int, int, float, str, Phrase]  # customer, rank, product, score, ranker, reason


@dataclass(frozen=True)
class Recommended:
    """One stored row of one customer."""

    rank: int
    product: Product
    score: float
    ranker: str
    reason: Phrase


def save(
    db: Database,
    rows: Iterable[Row],
    *,
    method: str,
    settings: Mapping[str, Any],
    seed: int,
    data_version: int,
    quality: Mapping[str, Any],
    at: datetime,
    cause: str | None,
) -> Run:
    """Store a run and its rows, or nothing; the run.

    `rows` may take their time: others can write to the store until the last of them is there.
    """
    with _gathered(db, rows), transaction(db):
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
        db.conn.execute(
            "INSERT INTO recommendations (run_id, customer_id, rank, product_id, score, ranker, reason) "
            "SELECT ?, customer_id, rank, product_id, score, ranker, reason FROM temp.gathered ORDER BY rowid",
            [run.id],
        )
    return run


def latest_run(db: Database) -> Run | None:
    return runs.latest(db, KIND)


def of_customer(db: Database, run_id: int, customer_id: int, n: int) -> list[Recommended]:
    """The first `n` of one customer, best first; empty if the run does not know the customer."""
    rows = db.conn.execute(
        "SELECT r.rank, r.score, r.ranker, r.reason, p.id, p.key, p.name, p.name_en, p.name_zh, p.category, p.price "
        "FROM recommendations r JOIN products p ON p.id = r.product_id "
        "WHERE r.run_id = ? AND r.customer_id = ? ORDER BY r.rank LIMIT ?",
        [run_id, customer_id, n],
    )
    return [
        Recommended(
            rank, Product(id_, key, Name(en or name, zh or name), category, price), score, ranker, from_json(reason)
        )
        for rank, score, ranker, reason, id_, key, name, en, zh, category, price in rows
    ]


def first_choices(db: Database, run_id: int) -> pd.DataFrame:
    """The first product of each customer that has one: customer, product; by customer."""
    return pd.read_sql_query(
        f"SELECT customer_id AS {c.CUSTOMER}, product_id AS {c.PRODUCT} FROM recommendations "
        "WHERE run_id = ? AND rank = 1 ORDER BY customer_id",
        db.conn,
        params=[run_id],
    )


@contextmanager
def _gathered(db: Database, rows: Iterable[Row]) -> Iterator[None]:
    """`rows` in the table temp.gathered. It lies in a file of its own, so that the store itself stays unlocked."""
    db.conn.execute(
        "CREATE TEMP TABLE gathered (customer_id INTEGER, rank INTEGER, product_id INTEGER, score REAL, "
        "ranker TEXT, reason TEXT)"
    )
    try:
        with db.atomic():
            db.conn.executemany(
                "INSERT INTO temp.gathered VALUES (?, ?, ?, ?, ?, ?)",
                ((*row[:5], to_json(row[5])) for row in rows),
            )
        yield
    finally:
        db.conn.execute("DROP TABLE temp.gathered")
