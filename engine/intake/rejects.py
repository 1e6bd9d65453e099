"""The rows that were left out, as a file that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from engine import columns as c

# a spreadsheet takes a cell that starts like this for a formula
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[tuple[int, str, str]]) -> bytes:
    """CSV in UTF-8 with a byte order mark: the row's number in the file, the reason, and the row as it stood."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([c.ROW, c.REASON, c.TEXT])
    writer.writerows([number, harmless(reason), harmless(row)] for number, reason, row in rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell with an apostrophe in front if a spreadsheet would run it."""
    return f"'{cell}" if cell.startswith(_ACTIVE) else cell
