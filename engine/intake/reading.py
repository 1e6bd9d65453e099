"""From a file's bytes to its tables. What a file is, its content says; its name may be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from engine.errors import FileRefused
from engine.intake import delimited, parquets, workbooks
from engine.intake.encodings import empty, not_a_table
from engine.intake.footers import without_footers
from engine.intake.tables import Table
from engine.intake.unpacking import GZIP, ZIP, Archive, gunzipped
from engine.phrases import Phrase

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARQUET = b"PAR1"
_WEB = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|head|meta|style|div)\b", re.IGNORECASE)
# what other programs put into an archive by themselves
_HIDDEN = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


def read(data: bytes, name: str) -> Iterator[Table]:
    """The tables in the file called `name`: one in CSV and Parquet, one per sheet in a workbook, those of each file
    in an archive.

    Raises FileRefused, with one sentence, if there is nothing that can be read as a table.
    """
    if not data or data.isspace():
        raise empty(name)
    found = False
    for table in _tables(data, name):
        found = True
        yield table
    if not found:
        raise empty(name)


def _tables(data: bytes, name: str) -> Iterator[Table]:
    if data[:2] == GZIP:
        data = gunzipped(data, name)
        if data[:2] == GZIP:
            raise _nested(name)
        if not data or data.isspace():
            raise empty(name)
        if data[:2] == ZIP and not workbooks.is_workbook(Archive(data, name)):
            raise _nested(name)
    if data[:2] == ZIP:
        archive = Archive(data, name)
        if not workbooks.is_workbook(archive):
            return iter(_of_archive(archive, name))
        return map(_tidied, workbooks.read(data, name, archive))
    return map(_tidied, _plain(data, name))


def _plain(data: bytes, name: str) -> Iterator[Table]:
    if data[:8] == _OLD_OFFICE:
        return workbooks.read(data, name)
    if data[:4] == _PARQUET:
        return iter([parquets.read(data, name)])
    if _WEB.match(data):
        raise FileRefused(
            Phrase(
                "{name} is a web page or XML, whatever it is called; open it in Excel, save it as XLSX and send that.",
                name=name,
            )
        )
    return iter([delimited.read(data, name)])


def _tidied(table: Table) -> Table:
    table = without_footers(table.without_blank_rows())
    for column in table.columns:
        longest = max(map(len, column.texts), default=0)
        if longest > delimited.MOST_IN_CELL:
            raise FileRefused(
                Phrase(
                    "A cell of the column “{column}” has {n} characters; shorten it and send the file again.",
                    column=column.header,
                    n=longest,
                )
            )
    return table


def _of_archive(archive: Archive, name: str) -> list[Table]:
    """The tables of all files in the archive, each with a note of the files that hold none."""
    tables: list[Table] = []
    strangers: list[str] = []
    refused: FileRefused | None = None
    for member in archive.names:
        called = archive.shown(member)
        if _HIDDEN.search(called):
            continue
        inner = archive.content(member)
        short = PurePosixPath(called.replace("\\", "/")).name
        if _is_packed(inner, short):
            raise _nested(name)
        try:
            tables += _named(list(read(inner, short)), short)
        except FileRefused as error:
            refused = refused or error
            strangers.append(short)
    if not tables:
        raise refused if refused is not None and len(strangers) == 1 else not_a_table(name)
    notes = tuple(
        Phrase("{file} in {name} was not read: it holds no table.", file=stranger, name=name) for stranger in strangers
    )
    return [replace(table, notes=table.notes + notes) for table in tables]


def _is_packed(data: bytes, name: str) -> bool:
    return data[:2] == GZIP or (data[:4] == b"PK\x03\x04" and not workbooks.is_workbook(Archive(data, name)))


def _named(tables: list[Table], short: str) -> list[Table]:
    """Sheets of a workbook that is in an archive carry the name of both."""
    return [table if table.name == short else replace(table, name=f"{short}: {table.name}") for table in tables]


def _nested(name: str) -> FileRefused:
    return FileRefused(
        Phrase("{name} holds another packed file; unpack it and send the export that is in it.", name=name)
    )
