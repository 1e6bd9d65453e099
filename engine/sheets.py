"""Tables that Zhike writes for the founder: CSV that a spreadsheet opens with its Chinese, and without harm."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from engine.phrases import Phrase

# How a face says a header or a reason; English without one.
Say = Callable[[Phrase], str]

_ROWS_PER_PART = 10_000
# What a spreadsheet would take for the start of a formula (Chinese and Japanese Excel: full-width signs too);
# the apostrophe makes it text.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# and what it may skip before that
_SKIPPED = " \u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"


def csv_sheet(header: Sequence[Phrase], rows: Iterable[Sequence[str | None]], say: Say = str) -> bytes:
    """A CSV file in UTF-8 with the mark by which Excel knows it."""
    return b"".join(csv_parts(header, rows, say))


def csv_parts(header: Sequence[Phrase], rows: Iterable[Sequence[str | None]], say: Say = str) -> Iterator[bytes]:
    """The same, some thousand rows at a time."""
    waiting = iter(rows)
    text = _lines([[safe(say(column)) for column in header]])
    mark = codecs.BOM_UTF8
    while text:
        yield mark + text.encode()
        text, mark = _lines([safe(cell or "") for cell in row] for row in islice(waiting, _ROWS_PER_PART)), b""


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


class Bare(str):
    """A cell that a program has to find as it is, and in which no formula can be, such as a phone number."""

    __slots__ = ()


def safe(cell: str) -> str:
    """The cell, which no spreadsheet will run as a formula."""
    if isinstance(cell, Bare):
        return cell
    return f"'{cell}" if cell.lstrip(_SKIPPED).startswith(_FORMULA) else cell
