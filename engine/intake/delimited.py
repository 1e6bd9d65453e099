"""Tables in plain text: commas, semicolons, tabs or bars between the cells.

Regular files go through pyarrow, which is fast and changes no value, because every column is read as text. As soon
as one row has not the shape of the others the whole file is read again row by row, to say which rows and why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from engine.errors import FileRefused
from engine.intake import reasons
from engine.intake.encodings import as_utf8, empty
from engine.intake.headers import HEADER_WITHIN, header, header_row, n_known
from engine.intake.tables import BrokenRow, Coder, Column, Table, as_line
from engine.phrases import Phrase

DELIMITERS = (",", ";", "\t", "|")
_HEAD = 1 << 17
MOST_IN_CELL = 1_000_000  # characters; what a spreadsheet takes is 32,767
_END = "\x1f"  # ASCII's unit separator


def read(data: bytes, name: str) -> Table:
    """The one table of a text file. Raises FileRefused if it is no text, or has one column only."""
    data, notes = as_utf8(data, name)
    if not data or data.isspace():
        raise empty(name)
    delimiter = _delimiter(data, name)
    head = list(islice(_records(data[:_HEAD].decode(errors="ignore"), delimiter), HEADER_WITHIN))
    top = header(head)
    table = _fast(data, name, delimiter, top.names) if top.at == 0 else None
    if table is None:
        table = _careful(data.decode(), name, delimiter, top.at, top.names)
    return replace(table, notes=notes + table.notes)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    # the csv module's own limit, for the whole process, is a tenth of this
    csv.field_size_limit(MOST_IN_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _head(text: str, delimiter: str) -> list[str]:
    rows = list(islice(_records(text, delimiter), HEADER_WITHIN))
    return rows[header_row(rows)]


def _delimiter(data: bytes, name: str) -> str:
    """The one that gives the header with the most known words, then the one that gives the most columns."""
    text = data[:_HEAD].decode(errors="ignore")
    heads = {delimiter: _head(text, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: (n_known(heads[delimiter]), len(heads[delimiter])))
    if len(heads[best]) < 2:
        raise FileRefused(
            Phrase(
                "{name} has only one column, “{column}”; an export needs a column for each of date, customer, "
                "product, quantity and price.",
                name=name,
                column=next(iter(text.split("\n")), "").strip()[:60],
            )
        )
    return best


def _fast(data: bytes, name: str, delimiter: str, headers: list[str]) -> Table | None:
    """None if the file is not regular throughout."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    # one too many: a cell was opened and not closed, which pyarrow would not say
    if data.count(b'"') % 2:
        return None
    names = [str(i) for i in range(len(headers))]
    text = pa.dictionary(pa.int32(), pa.string())
    try:
        found = arrow_csv.read_csv(
            pa.BufferReader(data),
            # one thread keeps the texts in the order of the file, and is no slower where a cell may hold line breaks
            read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=1 << 22),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, text), strings_can_be_null=False
            ),
        )
    except pa.ArrowException:
        return None
    columns = []
    for called, chunks in zip(headers, found.columns, strict=True):
        whole = chunks.unify_dictionaries().combine_chunks()
        columns.append(Column(called, whole.indices.to_numpy()[1:], whole.dictionary.to_pylist()))
    return Table(name, tuple(columns), np.arange(2, found.num_rows + 1))


def _careful(text: str, name: str, delimiter: str, header_at: int, headers: list[str]) -> Table:
    width = len(headers)
    coders = [Coder() for _ in headers]
    rows: list[int] = []
    widths: list[int] = []
    broken: list[BrokenRow] = []
    for number, cells in _numbered(text, name, delimiter):
        if number <= header_at + 1 or not any(cells):
            continue
        # some exports end each row, but not the header, with one more comma
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            cells = cells[:width]
        if len(cells) > width:
            broken.append(BrokenRow(number, reasons.TOO_MANY_CELLS, as_line(cells)))
            continue
        rows.append(number)
        widths.append(len(cells))
        for coder, cell in zip(coders, cells, strict=False):
            coder.add(cell)
        for coder in coders[len(cells) :]:
            coder.add("")
    columns = tuple(coder.column(called) for coder, called in zip(coders, headers, strict=True))
    short = np.array(widths, dtype=np.int32) if min(widths, default=width) < width else None
    return Table(name, columns, np.array(rows, dtype=np.int64), tuple(broken), widths=short)


def _numbered(text: str, name: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records with their numbers. Raises FileRefused at one whose quotation mark is never closed."""
    number = 0
    try:
        for number, cells in enumerate(_records(f"{text.replace(_END, ' ')}\n{_END}", delimiter), 1):
            if cells == [_END]:
                return
            if cells and cells[-1].endswith(f"\n{_END}"):
                raise _unclosed(name, number)
            yield number, cells
    except csv.Error as error:
        raise FileRefused(
            Phrase(
                "Row {row} of {name} has a cell of more than a million characters, or opens a quotation mark that is "
                "never closed; mend it and send the file again.",
                row=number + 1,
                name=name,
            )
        ) from error


def _unclosed(name: str, row: int) -> FileRefused:
    return FileRefused(
        Phrase(
            "Row {row} of {name} opens a quotation mark that is never closed; mend it and send the file again.",
            row=row,
            name=name,
        )
    )
