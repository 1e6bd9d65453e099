"""Which row of a file is its header, and what its columns are called."""

from __future__ import annotations

from collections.abc import Sequence

from engine.intake.synonyms import CUSTOMERS, EVENTS, ORDERS, PRODUCTS, folded

HEADER_WITHIN = 20  # rows from the top
KNOWN = frozenset(
    word for kind in (ORDERS, CUSTOMERS, PRODUCTS, EVENTS) for words in kind.values() for word in words.split()
)


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """The position of the header: the first row that says something, unless a title stands above known words."""
    speaking = [i for i, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not speaking:
        return 0
    for i in speaking:
        if n_known(rows[i]) >= 2:
            return i
    return speaking[0]


def n_known(cells: Sequence[str]) -> int:
    """How many words of the table of synonyms are among the cells; an answer “no” in many of them is one word."""
    return len({folded(cell) for cell in cells} & KNOWN)


def tidy_headers(cells: Sequence[str]) -> list[str]:
    """The columns' names as the file has them, without surplus spaces; a repeated name gets its number."""
    seen: dict[str, int] = {}
    headers = []
    for cell in cells:
        header = " ".join(cell.split())
        seen[header] = seen.get(header, 0) + 1
        headers.append(f"{header} {seen[header]}" if header and seen[header] > 1 else header)
    return headers
