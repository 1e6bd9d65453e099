"""Tables of one kind in one file, such as a ZIP of months: they are read as one, below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.intake.joining import last_row
from engine.intake.layouts import Reshaped
from engine.intake.tables import Column, Table
from engine.phrases import Phrase


def stacked(tables: Sequence[Reshaped]) -> Reshaped:
    """One table of all their lines and fields. Rows of the second are numbered after those of the first, and so on."""
    first = tables[0]
    if len(tables) == 1:
        return first
    headers = list(dict.fromkeys(header for part in tables for header in part.table.headers))
    starts = np.cumsum([0, *(last_row(part.table) for part in tables)])
    whole = Table(
        first.table.name,
        tuple(_below(header, [_called(part, header) for part in tables], tables) for header in headers),
        np.concatenate([part.table.rows + start for part, start in zip(tables, starts, strict=False)]),
        tuple(
            replace(broken, row=broken.row + int(start))
            for part, start in zip(tables, starts, strict=False)
            for broken in part.table.broken
        ),
        tuple(dict.fromkeys(note for part in tables for note in part.table.notes)),
    )
    fields = list(dict.fromkeys(field for part in tables for field in part.cells))
    cells = {}
    for field in fields:
        found = [part.cells.get(field) for part in tables]
        header = next(column.header for column in found if column is not None)
        cells[field] = _below(header, found, tables)
    return Reshaped(whole, cells, _told(tables, starts.tolist()))


def _called(part: Reshaped, header: str) -> Column | None:
    return next((column for column in part.table.columns if column.header == header), None)


def _below(header: str, columns: Sequence[Column | None], tables: Sequence[Reshaped]) -> Column:
    texts = [""]
    codes = []
    for column, part in zip(columns, tables, strict=True):
        if column is None:
            codes.append(np.zeros(len(part.table.rows), dtype=np.int32))
            continue
        codes.append(column.codes + np.int32(len(texts)))
        texts.extend(column.texts)
    return Column(header, np.concatenate(codes).astype(np.int32), texts).recoded(str)


def _told(tables: Sequence[Reshaped], starts: Sequence[int]) -> tuple[Phrase, ...]:
    parts = tuple(
        Phrase("“{sheet}” from row {row} on", sheet=part.table.name, row=start + 2)
        for part, start in zip(tables, starts, strict=False)
    )
    notes = dict.fromkeys(note for part in tables for note in part.notes)
    return (Phrase("Read together: {parts}.", parts=parts), *notes)
