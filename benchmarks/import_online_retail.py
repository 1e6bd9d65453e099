"""Importing the whole of Online Retail (541,909 rows, 47 MB as CSV) beside pandas reading the same file.

Each round measures all three once, so that a busy moment of the machine hits them alike; the medians are told.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks import Figures, process

SOURCE = Path(__file__).parents[2] / "shared" / "datasets" / "online_retail.parquet"
ROUNDS = 7
MOST_TIMES = 6.0
MOST_MB = 1024


def run(rounds: int = ROUNDS) -> Figures:
    """Medians over `rounds`, their ratios, and the import's peak memory."""
    title = "Import of Online Retail through the command line, beside pandas.read_csv"
    if not SOURCE.exists():
        return Figures(title, ("",), (), (f"the data set is not at {SOURCE}",))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "online_retail.csv"
        pd.read_parquet(SOURCE).to_csv(file, index=False)
        times: dict[str, list[float]] = {name: [] for name in ("read", "import", "start", "within")}
        peak = 0.0
        for number in range(rounds):
            database = Path(folder) / f"shop-{number}.db"
            times["read"].append(process(["-c", f"import pandas; pandas.read_csv({str(file)!r})"])[0])
            seconds, memory = process(["-m", "bot", "import", str(file), "--json", "--db", str(database)])
            times["import"].append(seconds)
            peak = max(peak, memory)
            times["start"].append(process(["-m", "bot", "--help"])[0])
            times["within"].append(_timed(lambda: pd.read_csv(file)))
    a, b, start, within = (statistics.median(values) for values in times.values())
    rows = [
        ("a  python -c 'import pandas; pandas.read_csv(FILE)'", f"{a:.2f} s", ""),
        ("b  zhike import FILE --json, a new database", f"{b:.2f} s", f"{b / a:.1f} × a (at most {MOST_TIMES:g})"),
        ("s  start of b: zhike --help", f"{start:.2f} s", ""),
        ("c  pandas.read_csv(FILE) in a warm process", f"{within:.2f} s", f"(b - s) / c = {(b - start) / within:.1f}"),
        ("   peak memory of b", f"{peak:.0f} MB", f"at most {MOST_MB} MB"),
    ]
    verdict = "within the limits" if b <= MOST_TIMES * a and peak < MOST_MB else "OVER THE LIMITS"
    return Figures(title, ("", f"median of {rounds}", ""), rows, (f"541,909 rows, 47 MB; {verdict}.",))


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
