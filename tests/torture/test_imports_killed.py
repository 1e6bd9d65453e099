"""kill -9 while a process imports: the file is in whole or not at all, and the next try brings it in."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from engine.services.imports import import_file
from engine.shop import Shop
from tests.torture.report import Record, Row, tell
from tests.torture.scale import scaled

KILLS = scaled(2, 30)
N_ORDERS = 12_000
LINES_PER_ORDER = 4
CHILD = """
import sys
from pathlib import Path
import pyarrow.csv
from engine.services.imports import import_file
from engine.shop import Shop
print("ready", flush=True)
sys.stdin.readline()
import_file(Shop(Path(sys.argv[1])), Path(sys.argv[2]))
print("done", flush=True)
"""


def write_orders(path: Path) -> None:
    lines = ["order id,customer id,date,sku,product,quantity,price"]
    for order in range(N_ORDERS):
        for line in range(LINES_PER_ORDER):
            lines.append(f"O{order},K{order % 900},2025-05-{1 + order % 28:02d},S{(order + line) % 300},Tea,1,2.5")
    lines += [f"R{n},K{n},2025-05-30,S1,Tea,-1,2.5" for n in range(200)]
    path.write_text("\n".join(lines))


def held(path: Path) -> dict[str, int]:
    """How many rows each table holds, in a database that is sound."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = ("imports", "orders", "lines", "customers", "products", "events", "rejected_rows", "trail")
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    finally:
        connection.close()


def test_killed_at_random_moments(tmp_path: Path, record_property: Record) -> None:
    file = tmp_path / "orders.csv"
    write_orders(file)
    timing = Shop(tmp_path / "timing" / "shop.db")
    began = time.perf_counter()
    import_file(timing, file)
    seconds = time.perf_counter() - began
    whole = held(timing.path)
    assert whole["lines"] == N_ORDERS * LINES_PER_ORDER
    nothing = dict.fromkeys(whole, 0)
    rng = np.random.default_rng(20_261_123)
    middle = seconds
    for kill in range(KILLS):
        shop = Shop(tmp_path / str(kill) / "shop.db")
        with shop.open():
            pass
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(shop.path), str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        with child:
            assert child.stdin is not None
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            child.stdin.write(b"go\n")
            child.stdin.flush()
            time.sleep(rng.uniform(0.5, 1.2) * middle)
            child.send_signal(signal.SIGKILL)
        after = held(shop.path)
        assert after in (nothing, whole)
        again = import_file(shop, file)
        assert again.already is (after == whole)
        assert held(shop.path) == whole
        # the kills close in on the moments before and after the commit, however fast the machine is just now
        middle *= 0.95 if again.already else 1.05
    tell(record_property, Row("kill -9: import of a large file", KILLS))
