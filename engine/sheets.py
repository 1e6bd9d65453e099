"""Tables that Zhike writes for the founder: CSV that a spreadsheet opens with its Chinese, and without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from engine.phrases import Phrase

# How a face says a header or a reason; English without one.
Say = Callable[[Phrase], str]

# What a spreadsheet would take for the start of a formula (Chinese and Japanese Excel: full-width signs too);
# the apostrophe makes it text.
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def csv_sheet(header: Sequence[Phrase], rows: Iterable[Sequence[str | None]], say: Say = str) -> bytes:
    """A CSV file in UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([say(column) for column in header])
    writer.writerows([safe(cell or "") for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def safe(cell: str) -> str:
    """The cell, which no spreadsheet will run as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
