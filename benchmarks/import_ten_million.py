"""Importing ten million order lines (made up, 700 MB as CSV) beside the least that reading and writing them costs.

The least is what DuckDB needs to read, cast and group the file, plus what a bare `executemany` in one transaction
needs to write the same rows to SQLite: into tables without keys or indexes, from tuples made ready beforehand. Each
round measures all three once. The machine needs 4 GB of free disk.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks import Figures, process

LINES = 10_000_000
ROUNDS = 3
MOST_TIMES = 3.0
MOST_MIB = 2048
_AT_A_TIME = 100_000

_GROUP = """
import duckdb
duckdb.execute("SET threads = 2")
duckdb.execute('''
    SELECT "Customer ID", count(*), sum(q * p), min(moment), max(moment)
    FROM (
        SELECT "Customer ID", CAST("Order Date" AS TIMESTAMP) AS moment,
               CAST("Quantity" AS DOUBLE) AS q, CAST("Unit Price" AS DOUBLE) AS p
        FROM read_csv({file!r}, all_varchar = true)
    ) GROUP BY 1
''').fetchall()
"""


def run(rounds: int = ROUNDS, lines: int = LINES) -> Figures:
    """Medians over `rounds`, the ratio, and the import's peak memory."""
    title = f"Import of {lines:,} order lines, beside DuckDB's reading and SQLite's bare writing"
    times: dict[str, list[float]] = {name: [] for name in ("read", "write", "import")}
    peak = 0.0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.csv"
        make(file, lines)
        size = file.stat().st_size // 10**6
        for number in range(rounds):
            database = Path(folder) / f"shop-{number}.db"
            times["read"].append(process(["-c", _GROUP.format(file=str(file))])[0])
            seconds, memory = process(["-m", "bot", "import", str(file), "--json", "--db", str(database)])
            times["import"].append(seconds)
            peak = max(peak, memory)
            times["write"].append(_write_barely(database, Path(folder) / "bare.db"))
            database.unlink()
    read, write, whole = (statistics.median(times[name]) for name in ("read", "write", "import"))
    times_least = whole / (read + write)
    rows = [
        ("r  DuckDB reads, casts and groups the file", f"{read:.1f} s", ""),
        ("w  executemany writes the same rows to bare tables", f"{write:.1f} s", ""),
        ("b  zhike import FILE --json, a new database", f"{whole:.1f} s", f"{times_least:.1f} × (r + w)"),
        ("   peak memory of b", f"{peak:.0f} MiB", f"at most {MOST_MIB} MiB"),
    ]
    within = times_least <= MOST_TIMES and peak <= MOST_MIB
    verdict = "within the limits" if within else "OVER THE LIMITS"
    return Figures(title, ("", f"median of {rounds}", ""), rows, (f"{size} MB; at most {MOST_TIMES:g} ×: {verdict}.",))


def make(file: Path, lines: int) -> None:
    """Write the orders of three years: about 2.5 lines each, few customers who buy much and many who buy little."""
    import pyarrow as pa
    from pyarrow import csv

    rng = np.random.default_rng(20_260_101)
    n_orders = lines // 2
    order = np.repeat(np.arange(n_orders), rng.integers(1, 5, n_orders))[:lines]
    customer = (rng.pareto(1.2, n_orders) * 20_000).astype(np.int64) % 400_000
    seconds = np.sort(rng.integers(0, 3 * 365 * 86_400, n_orders)).astype("timedelta64[s]")
    at = np.char.replace(np.datetime_as_string(np.datetime64("2023-01-01T00:00:00") + seconds), "T", " ")
    product = (rng.pareto(1.1, len(order)) * 200).astype(np.int64) % 5_000
    price = np.round(rng.lognormal(3, 0.8, 5_000), 2)
    table = pa.table(
        {
            "Order ID": pa.array(order + 1_000_001),
            "Order Date": pa.array(at).take(pa.array(order)),
            "Customer ID": pa.array(customer[order] + 10_001),
            "SKU": pa.array([f"SKU-{i:04d}" for i in range(5_000)]).take(pa.array(product)),
            "Product": pa.array([f"Product number {i}" for i in range(5_000)]).take(pa.array(product)),
            "Quantity": pa.array(rng.integers(1, 6, len(order))),
            "Unit Price": pa.array(price[product]),
        }
    )
    csv.write_csv(table, file, csv.WriteOptions(quoting_style="none"))


def _write_barely(source: Path, target: Path) -> float:
    """Seconds that `executemany` takes for the rows that the import has stored; reading them is not counted."""
    seconds = 0.0
    with closing(sqlite3.connect(source)) as stored, closing(sqlite3.connect(target, isolation_level=None)) as bare:
        bare.execute("BEGIN")
        for table in ("customers", "products", "orders", "lines"):
            columns = [row[1] for row in stored.execute(f"PRAGMA table_info({table})")]
            bare.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"
            for rows in _parts(stored.execute(f"SELECT * FROM {table}")):
                begin = time.perf_counter()
                bare.executemany(statement, rows)
                seconds += time.perf_counter() - begin
        begin = time.perf_counter()
        bare.execute("COMMIT")
        seconds += time.perf_counter() - begin
    target.unlink()
    return seconds


def _parts(rows: sqlite3.Cursor) -> Iterator[list[tuple[object, ...]]]:
    while part := list(islice(rows, _AT_A_TIME)):
        yield part
