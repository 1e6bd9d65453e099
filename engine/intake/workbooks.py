"""Sheets of a spreadsheet file (XLSX, and the old XLS), read without running anything in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import chain, islice
from math import isnan
from typing import Any

import numpy as np

from engine.errors import FileRefused
from engine.intake.encodings import not_a_table
from engine.intake.headers import HEADER_WITHIN, header_row, tidy_headers
from engine.intake.tables import Coder, Table
from engine.phrases import Phrase

MOST_UNPACKED = 400 * 2**20
HIGHEST_RATIO = 200


def read(data: bytes, name: str) -> Iterator[Table]:
    """Each visible sheet that holds a table, in their order. Raises FileRefused if it cannot be opened safely."""
    if data[:2] == b"PK":
        _check_size(data, name)
    for sheet, rows in _sheets(data, name):
        table = _table(rows, sheet)
        if table is not None:
            yield table


def _check_size(data: bytes, name: str) -> None:
    """A small file can declare to unpack to more than memory holds: refuse it before unpacking anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise _unreadable(name) from error
    if not any(entry.filename.startswith("xl/") for entry in entries):
        raise not_a_table(name)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or unpacked > HIGHEST_RATIO * len(data):
        raise FileRefused(
            Phrase(
                "{name} would unpack to {size} MB, which is not safe to open; save it as CSV and send that.",
                name=name,
                size=unpacked // 2**20,
            )
        )


def _sheets(data: bytes, name: str) -> Iterator[tuple[str, Iterator[list[Any]]]]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == calamine.SheetVisibleEnum.Visible]
        for title in shown:
            sheet = book.get_sheet_by_name(title)
            if sheet.height:
                yield title, sheet.iter_rows()
    except calamine.PasswordError as error:
        raise FileRefused(
            Phrase("{name} is locked with a password; save it without one and send it again.", name=name)
        ) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable(name) from error
    except BaseException as error:
        # a fault of calamine's own, met in a damaged XLS: Rust's panics are no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(name) from error


def _table(rows: Iterator[list[Any]], sheet: str) -> Table | None:
    head = [[as_text(cell) for cell in row] for row in islice(rows, HEADER_WITHIN)]
    at = header_row(head)
    if len(head) <= at:
        return None
    headers = tidy_headers(_trimmed(head[at]))
    coders = [Coder() for _ in headers]
    numbers = []
    for number, row in enumerate(chain(head[at + 1 :], rows), at + 2):
        numbers.append(number)
        for coder, cell in zip(coders, row, strict=False):
            coder.add(cell if isinstance(cell, str) else as_text(cell))
    columns = tuple(coder.column(header) for coder, header in zip(coders, headers, strict=True))
    return Table(sheet, columns, np.array(numbers, dtype=np.int64))


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    """Without the empty cells at the end, which sheets have for the sake of a border or a colour."""
    width = max((i for i, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return cells[:width]


def as_text(cell: Any) -> str:
    """A cell as a person would type it: 17850.0 is 17850, midnight is left off a date."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if isnan(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        # spreadsheets keep a moment as a fraction of days, which may come out a microsecond early
        return (cell if cell.year == MAXYEAR else cell + timedelta(milliseconds=500)).isoformat(" ", "seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _unreadable(name: str) -> FileRefused:
    return FileRefused(
        Phrase("{name} is a damaged spreadsheet; open it, save it again as XLSX or CSV, and send that.", name=name)
    )
