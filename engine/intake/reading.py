"""From a file's bytes to its tables. What a file is, its content says; its name may be wrong."""

from __future__ import annotations

from collections.abc import Iterator

from engine.intake import delimited, parquets, workbooks
from engine.intake.contents import Content, beginning, whole
from engine.intake.encodings import empty
from engine.intake.tables import Table

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(content: Content, name: str) -> Iterator[Table]:
    """The tables in the file called `name`: one in CSV and Parquet, one per sheet in a workbook.

    Raises FileRefused, with one sentence, if there is nothing that can be read as a table.
    """
    start = beginning(content, len(_OLD_OFFICE))
    if not start:
        raise empty(name)
    if start[:2] == b"PK" or start == _OLD_OFFICE:
        tables = workbooks.read(whole(content), name)
    elif start[:4] == b"PAR1":
        tables = iter([parquets.read(whole(content), name)])
    else:
        tables = iter([delimited.read(content, name)])
    found = False
    for table in tables:
        found = True
        yield table.without_blank_rows()
    if not found:
        raise empty(name)
