"""Which rows of a file are its header, and what its columns are called."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from engine.intake import words
from engine.intake.synonyms import CUSTOMERS, EVENTS, ORDERS, PRODUCTS, folded

HEADER_WITHIN = 20  # rows from the top
LONGEST = 200  # signs of a column's name that are kept
KNOWN = frozenset(
    word for kind in (ORDERS, CUSTOMERS, PRODUCTS, EVENTS) for said in kind.values() for word in said.split()
)


@dataclass(frozen=True)
class Header:
    """The columns' names, and the position of the last row that belongs to them."""

    at: int
    names: list[str]


def header(rows: Sequence[Sequence[str]]) -> Header:
    """The header among the first rows of a file, below titles, of one row or of two with groups above."""
    at = header_row(rows)
    if at >= len(rows):
        return Header(at, [])
    if at + 1 < len(rows) and _is_below(rows[at], rows[at + 1]):
        return Header(at + 1, tidy_headers(_joined(rows[at], rows[at + 1])))
    above = next((rows[i] for i in range(at - 1, -1, -1) if _says(rows[i])), [])
    if len(_says(above)) > 1 and _is_above(above, rows[at]):
        return Header(at, tidy_headers(_joined(above, rows[at])))
    return Header(at, tidy_headers(rows[at]))


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """The position of the first row with two known words; else of the first that is about as wide as the others.

    A row of data may have known words too: an earlier one that is no narrower and names no value goes before it.
    """
    speaking = [i for i, row in enumerate(rows) if _says(row)]
    if not speaking:
        return 0
    for i in speaking:
        if n_known(rows[i]) >= 2:
            earlier = (j for j in speaking if j < i and len(_says(rows[j])) >= len(_says(rows[i])))
            return next((j for j in earlier if not any(_is_value(rows[j][cell]) for cell in _says(rows[j]))), i)
    widest = max(len(_says(rows[i])) for i in speaking)
    return next((i for i in speaking if 2 * len(_says(rows[i])) >= widest and len(_says(rows[i])) > 1), speaking[0])


def n_known(cells: Sequence[str]) -> int:
    """How many words of the table of synonyms are among the cells; an answer “no” in many of them is one word."""
    return len({folded(words.unwrapped(cell)) for cell in cells} & KNOWN)


def tidy_headers(cells: Sequence[str]) -> list[str]:
    """The columns' names as the file has them, without surplus spaces; a repeated name gets its number."""
    seen: dict[str, int] = {}
    headers = []
    for cell in cells:
        header = words.unwrapped(cell)
        if len(header) > LONGEST:
            header = f"{header[:LONGEST]}…"
        seen[header] = seen.get(header, 0) + 1
        headers.append(f"{header} {seen[header]}" if header and seen[header] > 1 else header)
    return headers


def _says(cells: Sequence[str]) -> list[int]:
    """The positions of the cells that say something."""
    return [i for i, cell in enumerate(cells) if cell.strip()]


def _spans(upper: Sequence[str], width: int) -> list[int]:
    """Per column, the position of the cell of the upper row above it, or of the next to the left; -1 if none."""
    spans = []
    last = -1
    for i in range(width):
        if i < len(upper) and upper[i].strip():
            last = i
        spans.append(last)
    return spans


def _is_below(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether `lower` names the parts of groups in `upper`, and is no row of data.

    Below a cell that is no group there is nothing, and no part is a number.
    """
    below = _says(lower)
    width = max(len(upper), len(lower))
    spans = _spans(upper, width)
    groups = {spans[i] for i in below if spans[i] >= 0 and i != spans[i]}
    if not groups or any(_is_value(lower[i]) for i in below):
        return False
    single = [i for i in _says(upper) if i not in groups]
    if any(spans[i] not in groups for i in below):
        return False
    return bool(single) or n_known(lower) >= 2


def _is_above(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether `upper` groups the names in `lower`: it has gaps, and where the lower row is silent it speaks."""
    gaps = len(lower) > len(_says(upper))
    return gaps and not any(_is_value(upper[i]) for i in _says(upper))


def _is_value(cell: str) -> bool:
    """Whether this is a number, a date or an address rather than the name of a column."""
    tidy = unicodedata.normalize("NFKC", cell)
    digits = sum(sign.isdigit() for sign in tidy)
    return 2 * digits >= len(tidy.strip()) or "@" in tidy


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The lower row's names; the upper's where the lower is silent, and in front where names would be the same."""
    width = max(len(upper), len(lower))
    tops = [upper[i].strip() if i >= 0 else "" for i in _spans(upper, width)]
    names = [lower[i].strip() if i < len(lower) else "" for i in range(width)]
    own = [upper[i].strip() if i < len(upper) else "" for i in range(width)]
    result = []
    for name, top, mine in zip(names, tops, own, strict=True):
        if not name:
            result.append(mine)
        elif names.count(name) + own.count(name) > 1 and top and top != name:
            result.append(f"{top} {name}")
        else:
            result.append(name)
    return result
