"""What Zhike costs and how good it is, beside what a user would pick instead.

`python -m benchmarks` runs all of this folder, `python -m benchmarks NAME …` some. A benchmark is one file with a
function `run` that returns `Figures`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """One table to print: its title, its header, its rows, and what to read it with."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()

    def __str__(self) -> str:
        cells = [tuple(map(str, self.header)), *(tuple(map(str, row)) for row in self.rows)]
        widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)) for row in cells]
        rule = "  ".join("-" * width for width in widths)
        return "\n".join([self.title, "", lines[0].rstrip(), rule, *map(str.rstrip, lines[1:]), "", *self.notes])


def _width(cell: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in cell)


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def process(arguments: list[str]) -> tuple[float, float]:
    """Seconds, and peak memory in MB, of a fresh Python process."""
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments)
    return seconds, usage.ru_maxrss / 1024


def printed(arguments: list[str]) -> str:
    """What a fresh Python process prints."""
    return subprocess.check_output([sys.executable, *arguments], text=True)
