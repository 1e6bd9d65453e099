"""A file as rows and columns of text, before anybody knows what they mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import reasons
from engine.phrases import Phrase


@dataclass(frozen=True)
class Column:
    """Text per row, each different text kept once: row i says `texts[codes[i]]`. An empty cell says "".

    What a text means is worked out once per text, then looked up per row, which is why a file of half a million
    rows is read in a second.
    """

    header: str
    codes: NDArray[np.int32]
    texts: Sequence[str]

    def recoded(self, clean: Callable[[str], str]) -> Column:
        """The same rows with cleaned texts; texts that have become equal share a code."""
        seen: dict[str, int] = {}
        new = [seen.setdefault(clean(text), len(seen)) for text in self.texts]
        return Column(self.header, np.array(new, dtype=np.int32)[self.codes], list(seen))

    def says(self, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Per row, whether its text passes."""
        return np.array([test(text) for text in self.texts], dtype=np.bool_)[self.codes]

    @property
    def blank(self) -> NDArray[np.bool_]:
        return self.says(lambda text: not text)


@dataclass(frozen=True)
class BrokenRow:
    """A row that has not the shape of the others: its number in the file, why, and what it says."""

    row: int
    reason: Phrase
    text: str


@dataclass(frozen=True)
class Table:
    """What one file or sheet says. `rows` are the rows' numbers in the file, the header's being 1 in most.

    `widths` has per row the number of its cells where some rows have fewer than there are columns; the cells that
    they lack read as empty. None where all have their cells.
    """

    name: str
    columns: tuple[Column, ...]
    rows: NDArray[np.int64]
    broken: tuple[BrokenRow, ...] = ()
    notes: tuple[Phrase, ...] = ()
    widths: NDArray[np.int32] | None = None

    @property
    def n_rows(self) -> int:
        return len(self.rows) + len(self.broken)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)

    def without_blank_rows(self) -> Table:
        """Rows in which no cell says anything are no rows; they keep their numbers."""
        says = np.zeros(len(self.rows), dtype=bool)
        for column in self.columns:
            says |= ~column.says(lambda text: not text.strip())
            if says.all():
                return self
        return self.of_rows(says)

    def of_rows(self, keep: NDArray[np.bool_]) -> Table:
        """The table with these rows only, and all that are broken."""
        columns = tuple(Column(column.header, column.codes[keep], column.texts) for column in self.columns)
        widths = None if self.widths is None else self.widths[keep]
        return replace(self, columns=columns, rows=self.rows[keep], widths=widths)

    def having(self, used: Iterable[int]) -> Table:
        """The table where rows that lack one of the columns `used`, which are positions, are broken ones."""
        if self.widths is None:
            return self
        lacking = self.widths <= max(used, default=-1)
        if not lacking.any():
            return self
        rows = np.flatnonzero(lacking).tolist()
        broken = [BrokenRow(int(self.rows[row]), reasons.TOO_FEW_CELLS, self.line(row)) for row in rows]
        kept = self.of_rows(~lacking)
        broken_too = tuple(sorted((*self.broken, *broken), key=lambda one: one.row))
        return replace(kept, broken=broken_too)

    def line(self, row: int) -> str:
        """The row at this position as it stands in the file."""
        width = len(self.columns) if self.widths is None else int(self.widths[row])
        return as_line(column.texts[column.codes[row]] for column in self.columns[:width])

    def n_repeated(self) -> int:
        """How many rows say in every cell what an earlier row has said."""
        # a 64-bit hash of each row: two different rows share one with a chance below n_rows^2 / 2^65
        mixed = np.zeros(len(self.rows), dtype=np.uint64)
        for column in self.columns:
            mixed = (mixed ^ column.codes.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(29)
        mixed.sort()
        return int((mixed[1:] == mixed[:-1]).sum())

    def rejected(self, reason_of: NDArray[np.int8], phrases: Sequence[Phrase]) -> pd.DataFrame:
        """The rows left out (row, reason, text), by row: those with a `reason_of` above 0, and the broken ones."""
        out = np.flatnonzero(reason_of)
        if self.widths is None:
            cells = [[column.texts[code] for code in column.codes[out].tolist()] for column in self.columns]
            texts = [as_line(row) for row in zip(*cells, strict=True)]
        else:
            texts = [self.line(row) for row in out.tolist()]
        whys = [phrases[code - 1].message for code in reason_of[out].tolist()]
        found = list(zip(self.rows[out].tolist(), whys, texts, strict=True))
        found += [(broken.row, broken.reason.message, broken.text) for broken in self.broken]
        return pd.DataFrame(sorted(found), columns=[c.ROW, c.REASON, c.TEXT])


def as_line(cells: Iterable[str]) -> str:
    """One row as a line of CSV, without the line's end."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


class Coder:
    """Builds one column cell by cell."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._codes: list[int] = []

    def add(self, text: str) -> None:
        self._codes.append(self._seen.setdefault(text, len(self._seen)))

    def column(self, header: str) -> Column:
        return Column(header, np.array(self._codes, dtype=np.int32), list(self._seen))
