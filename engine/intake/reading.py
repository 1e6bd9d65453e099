"""From a file's bytes to its tables. What a file is, its content says; its name may be wrong."""

from __future__ import annotations

from collections.abc import Iterator

from engine.intake import delimited, parquets, workbooks
from engine.intake.encodings import empty
from engine.intake.tables import Table

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(data: bytes, name: str) -> Iterator[Table]:
    """The tables in the file called `name`: one in CSV and Parquet, one per sheet in a workbook.

    Raises FileRefused, with one sentence, if there is nothing that can be read as a table.
    """
    if not data or data.isspace():
        raise empty(name)
    if data[:2] == b"PK" or data[:8] == _OLD_OFFICE:
        tables = workbooks.read(data, name)
    elif data[:4] == b"PAR1":
        tables = iter([parquets.read(data, name)])
    else:
        tables = iter([delimited.read(data, name)])
    found = False
    for table in tables:
        found = True
        yield table.without_blank_rows()
    if not found:
        raise empty(name)
