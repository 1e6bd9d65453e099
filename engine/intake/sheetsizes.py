"""How large the sheets of a workbook are, found out before a table of that size is made in memory.

One cell at the far corner makes a sheet of seventeen thousand million cells, each of which takes its room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from engine.errors import FileRefused
from engine.intake.unpacking import Archive
from engine.phrases import Phrase

MOST_CELLS = 12_000_000  # of a sheet between its first and last row and column; 32 bytes each
_ROOMY = 3_000_000  # cells of a sheet that may all but be empty
_FULL = 20  # in a larger one at least one cell in so many must say something
_AT = re.compile(rb'[^>]*?\br="([A-Za-z]{1,3})(\d{1,7})"')
_ROW_AT = re.compile(rb'^[^>]*?\br="(\d{1,7})"')
_X = rb"(?:\w+:)?"
_NO_RESULT = re.compile(
    rb"(?:</%(x)sf>|<%(x)sf\b[^>]*/>)\s*(?:<%(x)sv>\s*</%(x)sv>|<%(x)sv\s*/>)?\s*</%(x)sc>" % {b"x": _X}
)
_ODS_ROWS = re.compile(rb'^[^>]*number-rows-repeated="(\d{1,9})"')
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)>")
_ODS_COLUMNS = re.compile(rb'number-columns-repeated="(\d{1,9})"')


@dataclass(frozen=True)
class _Extent:
    """Between the first and the last row and column that say something; and the formulas that have no result."""

    cells: int = 0
    filled: int = 0
    no_result: int = 0


def check(archive: Archive, name: str) -> int:
    """How many formulas of the workbook have no result. Raises FileRefused if a sheet is too large to be read."""
    no_result = 0
    for member in archive.names:
        lower = member.lower()
        if lower.startswith("xl/worksheets/") and lower.endswith(".xml"):
            extent = _of_xlsx(archive.steps(member))
        elif lower == "content.xml":
            extent = _of_ods(archive.steps(member))
        else:
            # to the end, since it may be longer than it says
            for _ in archive.steps(member):
                pass
            continue
        no_result += extent.no_result
        if extent.cells > MOST_CELLS or (extent.cells > _ROOMY and extent.filled * _FULL < extent.cells):
            raise FileRefused(
                Phrase(
                    "A sheet of {name} reaches over {n} cells, most of them empty or too many to read; save the part "
                    "with your data as CSV and send that.",
                    name=name,
                    n=extent.cells,
                )
            )
    return no_result


def _of_xlsx(steps: Iterator[bytes]) -> _Extent:
    steps, prefix = _with_prefix(steps)
    begin, end, formula = (tag % prefix for tag in (b"<%sc", b"</%sc>", b"<%sf"))
    first = last = row = right = filled = no_result = since = 0
    for piece in _whole(steps, b"<%srow" % prefix):
        since += 1
        count = piece.count(end)
        if not count:
            continue
        at = _ROW_AT.match(piece)
        row, since = int(at[1]) if at else row + since, 0
        if formula in piece:
            no_result += len(_NO_RESULT.findall(piece))
        cell = piece.rfind(begin, 0, piece.rfind(end))
        place = _AT.match(piece, cell + len(begin))
        column = _number(place[1]) if place else piece.count(begin)
        row = int(place[2]) if place else row
        first, last, right, filled = first or row, max(last, row), max(right, column), filled + count
    return _Extent((last - first + 1) * right if filled else 0, filled, no_result)


def _with_prefix(steps: Iterator[bytes]) -> tuple[Iterator[bytes], bytes]:
    """The same steps, and the prefix, as “x:”, that the sheet's tags have."""
    head = next(steps, b"")
    named = re.search(rb"<(\w+:)worksheet\b", head)
    return chain([head], steps), named[1] if named else b""


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _of_ods(steps: Iterator[bytes]) -> _Extent:
    largest = _Extent()
    rows = width = filled = pending = 0
    for piece in _whole(steps, b"<table:table-row"):
        repeated = _ODS_ROWS.match(piece)
        times = int(repeated[1]) if repeated else 1
        column = said = 0
        for cell in _ODS_CELL.finditer(piece):
            many = _ODS_COLUMNS.search(cell[1])
            column += int(many[1]) if many else 1
            if b"value-type" in cell[1]:
                width, said = max(width, column), said + (int(many[1]) if many else 1)
        pending += times
        if said:
            rows, filled, pending = rows + pending, filled + said * times, 0
        if b"</table:table>" in piece:
            largest = max(largest, _Extent(rows * width, filled), key=lambda extent: extent.cells)
            rows = width = filled = pending = 0
    return largest


def _whole(steps: Iterator[bytes], mark: bytes) -> Iterator[bytes]:
    """What follows each mark up to the next."""
    parts: list[bytes] = []
    tail = b""
    begun = False
    for step in steps:
        *done, rest = (tail + step).split(mark)
        if done:
            done[0] = b"".join((*parts, done[0]))
            parts = []
            yield from done if begun else done[1:]
            begun = True
        # the mark may lie across the end of a step
        cut = max(0, len(rest) - len(mark) + 1)
        parts.append(rest[:cut])
        tail = rest[cut:]
    if begun:
        yield b"".join((*parts, tail))
