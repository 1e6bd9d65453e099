"""From a file's bytes to its tables. What a file is, its content says; its name may be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from engine.errors import FileRefused
from engine.intake import delimited, parquets, workbooks
from engine.intake.contents import Content, beginning, whole
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


def read(content: Content, name: str) -> Iterator[Table]:
    """The tables in the file called `name`: one in CSV and Parquet, one per sheet in a workbook, those of each file
    in an archive.

    Raises FileRefused, with one sentence, if there is nothing that can be read as a table.
    """
    if not beginning(content, 1):
        raise empty(name)
    found = False
    for table in _tables(content, name):
        found = True
        yield table
    if not found:
        raise empty(name)


def _tables(content: Content, name: str) -> Iterator[Table]:
    if beginning(content, 2) == GZIP:
        content = gunzipped(whole(content), name)
        if content[:2] == GZIP:
            raise _nested(name)
        if not content:
            raise empty(name)
        if content[:4] == ZIP and not workbooks.is_workbook(Archive(content, name)):
            raise _nested(name)
    if beginning(content, 4) == ZIP:
        data = whole(content)
        archive = Archive(data, name)
        if not workbooks.is_workbook(archive):
            return iter(_of_archive(archive, name))
        return map(_tidied, workbooks.read(data, name, archive))
    return map(_tidied, _unpacked(content, name))


def _unpacked(content: Content, name: str) -> Iterator[Table]:
    start = beginning(content, 512)
    if start.startswith(_OLD_OFFICE):
        return workbooks.read(whole(content), name)
    if start.startswith(_PARQUET):
        return iter([parquets.read(whole(content), name)])
    if _WEB.match(start):
        raise FileRefused(
            Phrase(
                "{name} is a web page or XML, whatever it is called; open it in Excel, save it as XLSX and send that.",
                name=name,
            )
        )
    return iter([delimited.read(content, name)])


def _tidied(table: Table) -> Table:
    delimited.refuse_width(len(table.columns), table.name)
    table = without_footers(table.without_blank_rows())
    for column in table.columns:
        longest = column.longest
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
    return data[:2] == GZIP or (data[:4] == ZIP and not workbooks.is_workbook(Archive(data, name)))


def _named(tables: list[Table], short: str) -> list[Table]:
    """Sheets of a workbook that is in an archive carry the name of both."""
    return [table if table.name == short else replace(table, name=f"{short}: {table.name}") for table in tables]


def _nested(name: str) -> FileRefused:
    return FileRefused(
        Phrase("{name} holds another packed file; unpack it and send the export that is in it.", name=name)
    )
