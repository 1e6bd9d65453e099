"""Files that would take all memory: refused or read by a fresh program, in bounds, with one sentence.

Each runs by itself, since the most memory that a process has taken is known of whole processes only.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.intake.files import csv
from tests.engine.intake.packed import text_cell, xlsx_of, zipped

MOST_MEMORY = 512 * 2**20
LONGEST = 30  # seconds, on a machine that does other things too
HEADER = "order id,customer id,date,sku,price"
# Linux tells the most memory of this program; what rusage tells may be of the one that started it
_MEASURED = """
import re, resource, sys
from pathlib import Path
from bot.__main__ import run
status = run()
told = Path("/proc/self/status")
if told.exists():
    most = int(re.search(r"VmHWM:\\s+(\\d+)", told.read_text())[1]) * 1024
else:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"most memory: {most}")
sys.exit(status)
"""


def empty_rows() -> bytes:
    head = "".join(text_cell(f"{letter}1", name) for letter, name in zip("ABCDE", HEADER.split(","), strict=True))
    said = zip("ABCDE", (1, 2, 45000, 7, 5), strict=True)
    cells = "".join(f'<c r="{letter}2"><v>{value}</v></c>' for letter, value in said)
    return xlsx_of(
        f'<row r="1">{head}</row><row r="2">{cells}</row>'
        + "".join(f'<row r="{i}" ht="{i % 97}"><c r="A{i}" s="{i % 13}"/></row>' for i in range(3, 1_048_577))
    )


def wide(n: int) -> bytes:
    more = ",".join(f"column {i}" for i in range(n))
    return csv(f"{HEADER},{more}", *(f"{i},ann,2025-05-01,T,5," + "," * (n - 1) for i in range(20)))


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty_rows.xlsx": (empty_rows, "1 row|not safe to open"),
    "corner.xlsx": (
        lambda: xlsx_of(
            f'<row r="1">{text_cell("A1", "a")}</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "reaches over",
    ),
    "wide.csv": (lambda: wide(200), "20 rows: 20 in"),
    "widest.csv": (lambda: wide(16_379), "20 rows: 20 in"),
    "cell.csv": (lambda: csv(HEADER, "1,ann,2025-05-01," + "x" * 10_000_000 + ",5"), "more than a million characters"),
    "bomb.zip": (lambda: zipped({"orders.csv": b"1,2\n" * 40_000_000}), "not safe to open"),
    "bomb.csv.gz": (lambda: gzip.compress(b"1,2\n" * 40_000_000), "not safe to open"),
    "renamed.csv": (lambda: zipped({"orders.csv": csv(HEADER, "1,ann,2025-05-01,T,5")}), "1 row: 1 in"),
}


@pytest.mark.parametrize("name", FILES)
def test_memory_and_time_are_bounded(name: str, tmp_path: Path) -> None:
    make, sentence = FILES[name]
    path = tmp_path / name
    path.write_bytes(make())
    began = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-c", _MEASURED, "import", str(path), "--db", str(tmp_path / "shop.db")],
        capture_output=True,
        text=True,
        env={**os.environ, "ZHIKE_LANGUAGE": "en"},
        timeout=4 * LONGEST,
        check=False,
    )
    took = time.monotonic() - began
    said = run.stdout + run.stderr
    assert re.search(sentence, said), said
    assert "Traceback" not in said
    assert took < LONGEST
    measured = re.search(r"most memory: (\d+)", run.stdout)
    assert measured is not None, said
    assert int(measured[1]) < MOST_MEMORY
