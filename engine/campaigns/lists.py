"""The list to send: one row per person, for a spreadsheet or another program to send from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

HEADER = ("customer", "name", "email", "phone", "variant", "text")

# What a spreadsheet would take for the start of a formula (Chinese and Japanese Excel: full-width signs too);
# the apostrophe makes it text.
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def csv_list(rows: Iterable[Sequence[str | None]], header: Sequence[str] = HEADER) -> bytes:
    """A CSV file with the columns of `header`, in UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([safe(cell or "") for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def safe(cell: str) -> str:
    """The cell, which no spreadsheet will run as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
