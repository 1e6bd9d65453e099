"""Finding the table in a file and the meaning of its columns, or saying in one sentence why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import FileRefused
from engine.intake import layouts, reading
from engine.intake.layouts import Kind
from engine.intake.layouts.by_name import assigned, missing_for_orders
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

MOST_HEADERS_TOLD = 12


@dataclass(frozen=True)
class Understood:
    """A table of one kind, and its column per field."""

    name: str
    kind: Kind
    table: Table
    cells: Mapping[str, Column]
    notes: tuple[Phrase, ...]


def understand(data: bytes, name: str) -> Understood:
    """The first table in the file that some layout recognises. Raises FileRefused if there is none."""
    tables: list[Table] = []
    for table in reading.read(data, name):
        tables.append(table)
        found = layouts.matched(table.headers)
        if found is None or not table.n_rows:
            continue
        cells = {field: table.columns[position] for field, position in found.columns.items()}
        return Understood(name, found.kind, table, cells, (*table.notes, *found.notes, *_about(table, name)))
    raise _refused(tables[0], name)


def _about(table: Table, name: str) -> tuple[Phrase, ...]:
    return () if table.name == name else (Phrase("Read from the sheet “{sheet}”.", sheet=table.name),)


def _refused(table: Table, name: str) -> FileRefused:
    if not table.n_rows:
        return FileRefused(Phrase("{name} has a header but no rows.", name=name))
    if len(table.columns) < 2:
        return FileRefused(
            Phrase(
                "{name} has only one column, “{column}”; an export needs a column for each of date, customer, "
                "product, quantity and price.",
                name=name,
                column=table.headers[0] if table.headers else "",
            )
        )
    headers = [header for header in table.headers if header]
    shown: tuple[str | Phrase, ...] = tuple(headers[:MOST_HEADERS_TOLD])
    if len(headers) > MOST_HEADERS_TOLD:
        shown += (Phrase("and {n} more", n=len(headers) - MOST_HEADERS_TOLD),)
    return FileRefused(
        Phrase(
            "{name} has no column for {missing}; its columns are: {headers}.",
            name=name,
            missing=missing_for_orders(assigned(table.headers, "orders")[0]) or Phrase("the product"),
            headers=shown,
        )
    )
