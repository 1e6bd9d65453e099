"""Tables in plain text: commas, semicolons, tabs or bars between the cells.

Regular files go through pyarrow, which is fast and changes no value, because every column is read as text. As soon
as one row has not the shape of the others the whole file is read again row by row, to say which rows and why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import FileRefused
from engine.intake import reasons
from engine.intake.contents import Content
from engine.intake.encodings import Text, as_utf8, empty
from engine.intake.headers import HEADER_WITHIN, header, header_row, n_known
from engine.intake.tables import MANY, BrokenRow, Coder, Column, Table, Texts, as_line
from engine.phrases import Phrase

DELIMITERS = (",", ";", "\t", "|")
_HEAD = 1 << 17
_BLOCK = 1 << 22
MOST_IN_CELL = 1_000_000  # characters; a spreadsheet takes 32,767
MOST_COLUMNS = 16_384  # of a spreadsheet
_END = "\x1f"  # ASCII's unit separator


def read(content: Content, name: str) -> Table:
    """The one table of a text file. Raises FileRefused if it is no text, or has one column only."""
    text = as_utf8(content, name)
    start = text.beginning(_HEAD)
    if not start or start.isspace():
        raise empty(name)
    delimiter = _delimiter(start, name)
    head = list(islice(_records(start, delimiter), HEADER_WITHIN))
    top = header(head)
    refuse_width(len(top.names), name)
    table = _fast(text, name, delimiter, top.names) if top.at == 0 else None
    if table is None:
        table = _careful(text, name, delimiter, top.at, top.names)
    return replace(table, notes=text.notes + table.notes)


def refuse_width(n_columns: int, name: str) -> None:
    """Raises FileRefused for a table with more columns than anything that a shop exports."""
    if n_columns > MOST_COLUMNS:
        raise FileRefused(
            Phrase(
                "{name} has more than {n} columns, and no export has so many; send only those that matter.",
                name=name,
                n=MOST_COLUMNS,
            )
        )


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _head(text: str, delimiter: str) -> list[str]:
    rows = list(islice(_records(text, delimiter), HEADER_WITHIN))
    return rows[header_row(rows)]


def _delimiter(text: str, name: str) -> str:
    """The one that gives the header with the most known words, then the one that gives the most columns."""
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


def _fast(text: Text, name: str, delimiter: str, headers: list[str]) -> Table | None:
    """None if the file is not regular throughout."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    # one too many: a cell was opened and not closed, which pyarrow would not say
    if text.n_quotes % 2:
        return None
    names = [str(i) for i in range(len(headers))]
    coded = pa.dictionary(pa.int32(), pa.string())
    try:
        with _stream(text) as stream:
            found = arrow_csv.read_csv(
                stream,
                read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, coded), strings_can_be_null=False
                ),
            )
    except pa.ArrowException:
        return None
    n_rows = found.num_rows
    chunked = found.columns[::-1]
    del found
    # a column of a large file is let go as soon as it has been taken over
    columns = tuple(_column(called, chunked.pop()) for called in headers)
    pa.default_memory_pool().release_unused()
    return Table(name, columns, np.arange(2, n_rows + 1))


def _stream(text: Text) -> Any:
    import pyarrow as pa

    if isinstance(text.content, Path):
        stream = pa.OSFile(str(text.content))
        stream.seek(text.skip)
        return stream
    return pa.BufferReader(memoryview(text.content)[text.skip :])


def _column(header: str, chunks: Any) -> Column:
    """The column without its first row, which is the header."""
    whole = chunks.unify_dictionaries().combine_chunks()
    codes, strings = whole.indices.to_numpy(), whole.dictionary
    if len(strings) < MANY:
        return Column(header, codes[1:], strings.to_pylist())
    # the header is the first text, and in a column of very many no row's
    if (codes[1:] > 0).all():
        return Column(header, codes[1:] - np.int32(1), Texts(strings[1:]))
    return Column(header, codes[1:], Texts(strings))


def _careful(text: Text, name: str, delimiter: str, header_at: int, headers: list[str]) -> Table:
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
        for coder, cell in zip(coders, chain(cells, repeat("")), strict=False):
            coder.add(cell)
    columns = tuple(coder.column(called) for coder, called in zip(coders, headers, strict=True))
    short = np.array(widths, dtype=np.int32) if min(widths, default=width) < width else None
    return Table(name, columns, np.array(rows, dtype=np.int64), tuple(broken), widths=short)


def _numbered(text: Text, name: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records with their numbers. Raises FileRefused at one whose quotation mark is never closed."""
    number = 0
    # the csv module's own limit, which is the whole process's, is an eighth of this
    csv.field_size_limit(MOST_IN_CELL)
    with io.TextIOWrapper(text.open(), encoding="utf-8", newline="") as lines:
        try:
            for number, cells in enumerate(csv.reader(_with_end(lines), delimiter=delimiter), 1):
                if cells == [_END]:
                    return
                if cells and cells[-1].endswith(("\n" + _END, "\r" + _END)):
                    raise _unclosed(name, number)
                yield number, cells
        except csv.Error as error:
            raise FileRefused(
                Phrase(
                    "Row {row} of {name} has a cell of more than a million characters, or opens a quotation mark that "
                    "is never closed; mend it and send the file again.",
                    row=number + 1,
                    name=name,
                )
            ) from error


def _with_end(lines: Iterable[str]) -> Iterator[str]:
    """The lines, and one more that only the end of the file can be."""
    line = "\n"
    for line in lines:
        yield line.replace(_END, " ") if _END in line else line
    yield from chain([] if line.endswith(("\n", "\r")) else ["\n"], [_END])


def _unclosed(name: str, row: int) -> FileRefused:
    return FileRefused(
        Phrase(
            "Row {row} of {name} opens a quotation mark that is never closed; mend it and send the file again.",
            row=row,
            name=name,
        )
    )
