"""A file as rows and columns of text, before anybody knows what they mean."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake.reasons import TOO_FEW_CELLS
from engine.phrases import Phrase

# from here on texts stay with pyarrow, where four million of them take 60 MB, and as Python's own a gigabyte
MANY = 100_000
Positions = NDArray[np.integer[Any]]
_AT_A_TIME = 1 << 16


class Texts(Sequence[str]):
    """Very many texts, held by pyarrow; Python sees some thousands of them at a time."""

    def __init__(self, strings: Any) -> None:
        self.strings = strings  # pyarrow.StringArray without nulls

    def __len__(self) -> int:
        return len(self.strings)

    @overload
    def __getitem__(self, position: int) -> str: ...
    @overload
    def __getitem__(self, position: slice) -> list[str]: ...
    def __getitem__(self, position: int | slice) -> str | list[str]:
        if isinstance(position, slice):
            part: list[str] = self.strings[position].to_pylist()
            return part
        text: str = self.strings[position].as_py()
        return text

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _AT_A_TIME):
            yield from self.strings.slice(start, _AT_A_TIME).to_pylist()

    def matching(self, pattern: str) -> NDArray[np.bool_]:
        """Per text, whether all of it matches."""
        import pyarrow.compute as pc

        found: NDArray[np.bool_] = pc.match_substring_regex(self.strings, rf"\A(?:{pattern})\z").to_numpy(False)
        return found


@dataclass(frozen=True)
class Column:
    """Text per row, each different text kept once: row i says `texts[codes[i]]`. An empty cell says "".

    What a text means is worked out once per text, then looked up per row, which is why a file of half a million
    rows is read in a second.
    """

    header: str
    codes: NDArray[np.int32]
    texts: Sequence[str]

    def recoded(self, clean: Callable[[str], str], plain: str | None = None) -> Column:
        """The same rows with cleaned texts; texts that have become equal share a code.

        `plain` is a regular expression of texts that `clean` leaves as they are.
        """
        if plain is not None and isinstance(self.texts, Texts) and self.texts.matching(plain).all():
            return self
        seen: dict[str, int] = {}
        new = [seen.setdefault(clean(text), len(seen)) for text in self.texts]
        return Column(self.header, np.array(new, dtype=np.int32)[self.codes], list(seen))

    def says(self, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Per row, whether its text passes."""
        return np.array([test(text) for text in self.texts], dtype=np.bool_)[self.codes]

    def matches(self, pattern: str) -> NDArray[np.bool_]:
        """Per row, whether all of its text matches the regular expression (in what Python's and RE2 have in common)."""
        if isinstance(self.texts, Texts):
            return self.texts.matching(pattern)[self.codes]
        compiled = re.compile(pattern)
        return self.says(lambda text: compiled.fullmatch(text) is not None)

    def texts_at(self, codes: Positions) -> list[str]:
        """The texts of these codes, in their order."""
        return list(self.series_at(codes)) if isinstance(self.texts, Texts) else [self.texts[i] for i in codes.tolist()]

    def series_at(self, codes: Positions) -> pd.Series[str]:
        """The same, as pandas and pyarrow keep it."""
        import pyarrow as pa

        strings = self.texts.strings if isinstance(self.texts, Texts) else pa.array(self.texts, pa.string())
        return pd.Series(strings.take(pa.array(codes)), dtype="str")

    @property
    def longest(self) -> int:
        """How long the longest text is, in bytes or in characters."""
        if isinstance(self.texts, Texts):
            import pyarrow.compute as pc

            return pc.max(pc.binary_length(self.texts.strings)).as_py() or 0
        return max(map(len, self.texts), default=0)

    @property
    def blank(self) -> NDArray[np.bool_]:
        return self.matches("") if isinstance(self.texts, Texts) else self.says(lambda text: not text)

    def taken(self, rows: Positions) -> Column:
        """These rows alone, in this order; where a row is -1 the cell is empty."""
        if not (rows < 0).any():
            return Column(self.header, self.codes[rows], self.texts)
        texts = [*self.texts, ""]
        codes = np.append(self.codes, np.int32(len(self.texts))).astype(np.int32)
        return Column(self.header, codes[rows], texts).recoded(str)


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

    Where one row of the file has become several lines, they follow each other and have its number; it stays one row
    in every count, and one of its lines stands for it.
    """

    name: str
    columns: tuple[Column, ...]
    rows: NDArray[np.int64]
    broken: tuple[BrokenRow, ...] = ()
    notes: tuple[Phrase, ...] = ()
    widths: NDArray[np.int32] | None = None

    @property
    def n_rows(self) -> int:
        return int(self.leads.sum()) + len(self.broken)

    @property
    def leads(self) -> NDArray[np.bool_]:
        """Which lines are the first of their row."""
        result = np.ones(len(self.rows), dtype=np.bool_)
        result[1:] = self.rows[1:] != self.rows[:-1]
        return result

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)

    def without_blank_rows(self) -> Table:
        """Rows in which no cell says anything are no rows; they keep their numbers."""
        says = np.zeros(len(self.rows), dtype=bool)
        for column in sorted(self.columns, key=lambda column: len(column.texts)):
            says |= ~column.matches(r"\s*")
            if says.all():
                return self
        return self.taken(np.flatnonzero(says))

    def without(self, why: Mapping[int, Phrase]) -> Table:
        """The table with these rows, by position, among the broken ones."""
        keep = np.ones(len(self.rows), dtype=bool)
        keep[list(why)] = False
        broken = [BrokenRow(int(self.rows[row]), reason, self.line(row)) for row, reason in why.items()]
        return replace(
            self.taken(np.flatnonzero(keep)), broken=tuple(sorted((*self.broken, *broken), key=lambda one: one.row))
        )

    def having(self, used: Iterable[int]) -> Table:
        """The table where rows that lack one of the columns `used`, which are positions, are broken ones."""
        if self.widths is None:
            return self
        lacking = np.flatnonzero(self.widths <= max(used, default=-1)).tolist()
        return self.without(dict.fromkeys(lacking, TOO_FEW_CELLS)) if lacking else self

    def line(self, row: int) -> str:
        """The row at this position as it stands in the file."""
        width = len(self.columns) if self.widths is None else int(self.widths[row])
        return as_line(column.texts[column.codes[row]] for column in self.columns[:width])

    @cached_property
    def n_repeated(self) -> int:
        """How many rows say in every cell what an earlier row has said."""
        # a 64-bit hash of each row: two different rows share one with a chance below n_rows^2 / 2^65
        mixed = np.zeros(len(self.rows), dtype=np.uint64)
        for column in self.columns:
            mixed ^= column.codes.astype(np.uint64)
            mixed *= np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(29)
        leads = self.leads
        if not leads.all():
            mixed = mixed[leads]
        mixed.sort()
        return int((mixed[1:] == mixed[:-1]).sum())

    def taken(self, lines: Positions) -> Table:
        """These lines alone, in this order; broken rows and notes stay."""
        columns = tuple(column.taken(lines) for column in self.columns)
        widths = None if self.widths is None else self.widths[lines]
        return replace(self, columns=columns, rows=self.rows[lines], widths=widths)

    def rejected(self, reason_of: NDArray[np.int8], reasons: Sequence[Phrase]) -> pd.DataFrame:
        """The rows left out (row, reason, text), by row: those with a `reason_of` above 0, and the broken ones.

        The first line of a row speaks for all that it has become.
        """
        out = np.flatnonzero(reason_of.astype(bool) & self.leads)
        if self.widths is None:
            cells = [column.texts_at(column.codes[out]) for column in self.columns]
            texts = [as_line(row) for row in zip(*cells, strict=True)]
        else:
            texts = [self.line(row) for row in out.tolist()]
        whys = [reasons[code - 1].message for code in reason_of[out].tolist()]
        found = list(zip(self.rows[out].tolist(), whys, texts, strict=True))
        found += [(broken.row, broken.reason.message, broken.text) for broken in self.broken]
        return pd.DataFrame(sorted(found), columns=[c.ROW, c.REASON, c.TEXT])


def as_line(cells: Iterable[str]) -> str:
    """One row as a line of CSV, without the line's end."""
    line = io.StringIO(newline="")
    # with another end of lines, a break within a cell would not be quoted
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n")


class Coder:
    """Builds one column cell by cell."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._codes = array("i")

    def add(self, text: str) -> None:
        self._codes.append(self._seen.setdefault(text, len(self._seen)))

    def column(self, header: str) -> Column:
        return Column(header, np.array(self._codes, dtype=np.int32), list(self._seen))
