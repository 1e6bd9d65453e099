"""Sheets of a spreadsheet file (XLSX, ODS, and the old XLS), read without running anything in it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import chain, islice
from math import isnan
from typing import Any

import numpy as np

from engine.errors import FileRefused
from engine.intake import sheetsizes
from engine.intake.headers import HEADER_WITHIN, header
from engine.intake.tables import Coder, Table
from engine.intake.unpacking import Archive, damaged_workbook
from engine.phrases import Phrase, counted


def read(data: bytes, name: str, archive: Archive | None = None) -> Iterator[Table]:
    """Each visible sheet that holds a table, in their order. Raises FileRefused if it cannot be opened safely.

    `archive` is the file's own, which all but the old XLS are.
    """
    no_result = 0 if archive is None else sheetsizes.check(archive, name)
    notes = (_told_of_formulas(no_result),) if no_result else ()
    for sheet, rows in _sheets(data, name):
        table = _table(rows, sheet)
        if table is not None:
            yield replace(table, notes=notes)


def is_workbook(archive: Archive) -> bool:
    """Whether these are the members of a workbook: XLSX or ODS."""
    return any(member.startswith("xl/") for member in archive.names) or {"mimetype", "content.xml"} <= set(
        archive.names
    )


def _told_of_formulas(n: int) -> Phrase:
    return counted(
        "{n} cell of the file holds a formula without its result and counts as empty; open the file, save it and send "
        "it again to have it read.",
        "{n} cells of the file hold formulas without their results and count as empty; open the file, save it and send "
        "it again to have them read.",
        n=n,
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
        raise damaged_workbook(name) from error
    except BaseException as error:
        # a fault of calamine's own, met in a damaged XLS: Rust's panics are no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise damaged_workbook(name) from error


def _table(rows: Iterator[list[Any]], sheet: str) -> Table | None:
    head = [[as_text(cell) for cell in row] for row in islice(rows, HEADER_WITHIN)]
    top = header([_trimmed(row) for row in head])
    if len(head) <= top.at or not top.names:
        return None
    # below an empty header cell there may be data all the same
    width = max(len(top.names), *(len(_trimmed(row)) for row in head))
    headers = [*top.names, *[""] * (width - len(top.names))]
    coders = [Coder() for _ in headers]
    numbers = []
    for number, row in enumerate(chain(head[top.at + 1 :], rows), top.at + 2):
        numbers.append(number)
        for coder, cell in zip(coders, row, strict=False):
            coder.add(cell if isinstance(cell, str) else as_text(cell))
    columns = tuple(coder.column(called) for coder, called in zip(coders, headers, strict=True))
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
