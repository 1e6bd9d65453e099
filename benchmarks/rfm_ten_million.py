"""Recency, frequency and money of every customer of a shop with ten million order lines (made up), beside SQLite's own.

The peer is a bare `SELECT customer_id, max(at), min(at), count(*), sum(revenue) … GROUP BY customer_id` on the same
table, its rows fetched. Each round asks both once, in processes of their own, so that neither finds the other's pages.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from benchmarks import Figures, printed, process
from benchmarks.import_ten_million import LINES, make

ROUNDS = 5
MOST_TIMES = 1.5

_TIMED = "import time; begin = time.perf_counter(); {deed}; print(time.perf_counter() - begin)"
_BARE = "import sqlite3; db = sqlite3.connect({file!r}); " + _TIMED.format(
    deed="rows = db.execute('SELECT customer_id, max(at), min(at), count(*), sum(revenue), sum(quantity) "
    "FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id').fetchall()"
)
_OURS = (
    "import pandas; from pathlib import Path; from engine import Shop; "
    "from engine.services.behaviour import rfm_of_all; shop = Shop(Path({file!r}))\n"
    "with shop.open() as db:\n    " + _TIMED.format(deed="frame = rfm_of_all(shop, db)")
)


def run(rounds: int = ROUNDS, lines: int = LINES) -> Figures:
    """Medians over `rounds`, and the ratio."""
    times: dict[str, list[float]] = {"bare": [], "ours": []}
    with tempfile.TemporaryDirectory() as folder:
        file, database = Path(folder) / "orders.csv", Path(folder) / "shop.db"
        make(file, lines)
        process(["-m", "bot", "import", str(file), "--json", "--db", str(database)])
        for _ in range(rounds):
            for name, code in (("bare", _BARE), ("ours", _OURS)):
                times[name].append(float(printed(["-c", code.format(file=str(database))])))
    bare, ours = (statistics.median(times[name]) for name in ("bare", "ours"))
    rows = [
        ("a  SELECT … GROUP BY customer_id, rows fetched", f"{bare:.2f} s", ""),
        ("b  engine.services.behaviour.rfm_of_all", f"{ours:.2f} s", f"{ours / bare:.2f} × a"),
    ]
    verdict = "within the limit" if ours <= MOST_TIMES * bare else "OVER THE LIMIT"
    title = f"Recency, frequency and money from {lines:,} stored order lines"
    return Figures(title, ("", f"median of {rounds}", ""), rows, (f"At most {MOST_TIMES:g} ×: {verdict}.",))
