"""Who a row is about: the key under which a customer, an order or a product is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import words
from engine.intake.tables import Column
from engine.phrases import Phrase

Cells = Mapping[str, Column]

NAMES_ONLY = Phrase(
    "Customers are told apart by their name only, since the file has no customer number, e-mail or phone: "
    "two people of one name count as one."
)


def customers(cells: Cells) -> tuple[Column | None, tuple[Phrase, ...]]:
    """The customer's key per row, "" where the row names nobody, and what the user should know about it.

    A number goes before an e-mail, that before a phone; a name serves only where the file has none of them.
    """
    readers: tuple[tuple[str, Callable[[str], str]], ...] = (
        (c.CUSTOMER_KEY, words.customer),
        (c.EMAIL, words.email),
        (c.PHONE, words.phone),
    )
    if any(field in cells for field, _ in readers):
        return first_said(cells[field].recoded(read) for field, read in readers if field in cells), ()
    if c.NAME in cells:
        return cells[c.NAME].recoded(words.person), (NAMES_ONLY,)
    return None, ()


def products(cells: Cells) -> Column | None:
    """The product's key per row, which is its name where it has no number; None if the file has neither."""
    names = (c.PRODUCT_NAME, c.PRODUCT_NAME_EN, c.PRODUCT_NAME_ZH)
    readers = ((c.PRODUCT_KEY, words.identifier), *((field, words.name) for field in names))
    if not any(field in cells for field, _ in readers):
        return None
    return first_said(cells[field].recoded(read) for field, read in readers if field in cells)


def first_said(columns: Iterable[Column]) -> Column:
    """One column of the first text that each row has among `columns`, of which there is at least one."""
    given = iter(columns)
    result = next(given)
    blank = result.blank
    while blank.any():
        column = next(given, None)
        if column is None:
            break
        seen = {text: code for code, text in enumerate(result.texts)}
        new = np.array([seen.setdefault(text, len(seen)) for text in column.texts], dtype=np.int32)
        result = Column(result.header, np.where(blank, new[column.codes], result.codes), list(seen))
        blank = result.blank
    return result


def filled(column: Column, owner: NDArray[np.int32], n_owners: int) -> Column:
    """Empty cells say what the first row of the same owner says that says something; an owner of -1 is nobody.

    Some exports write what belongs to the whole order on its first row only.
    """
    blank = column.blank & (owner >= 0)
    if not blank.any():
        return column
    first = _first_code(column, owner, n_owners)[np.where(blank, owner, 0)]
    return Column(column.header, np.where(blank & (first >= 0), first, column.codes), column.texts)


def apart(keys: Column, owner: NDArray[np.int32], column: Column) -> tuple[Column, int]:
    """The owners' `keys`, where one that several texts of `column` share becomes one per text; how many were shared."""
    first = _first_code(column, owner, len(keys.texts))
    odd = (owner >= 0) & ~column.blank & (column.codes != first[owner])
    if not odd.any():
        return keys, 0
    shared = np.zeros(len(keys.texts), dtype=bool)
    shared[owner[odd]] = True
    rows = np.flatnonzero((owner >= 0) & shared[owner])
    n = len(column.texts)
    pairs, codes = np.unique(owner[rows].astype(np.int64) * n + column.codes[rows], return_inverse=True)
    texts = [f"{keys.texts[pair // n]} {column.texts[pair % n]}" for pair in pairs.tolist()]
    new = keys.codes.copy()
    new[rows] = len(keys.texts) + codes
    return Column(keys.header, new, [*keys.texts, *texts]), int(shared.sum())


def _first_code(column: Column, owner: NDArray[np.int32], n_owners: int) -> NDArray[np.int32]:
    """Per owner, the code of the first row that says something; -1 if none does."""
    says = np.flatnonzero(~column.blank & (owner >= 0))[::-1]
    first = np.full(max(n_owners, 1), -1, dtype=np.int32)
    first[owner[says]] = column.codes[says]
    return first


def compacted(codes: NDArray[np.int32], n_codes: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The codes as positions among those that occur, and which codes these are; -1 stays -1."""
    present = np.zeros(n_codes, dtype=bool)
    present[codes[codes >= 0]] = True
    positions = np.where(codes >= 0, (np.cumsum(present) - 1)[codes], -1)
    return positions, np.flatnonzero(present)


def last_said(
    owner: NDArray[np.int64], column: Column, says: NDArray[np.bool_], n_owners: int, order: NDArray[np.int64] | None
) -> NDArray[np.int32]:
    """Per owner, the code of the last row whose text says something (`says`, per text); -1 if none does.

    `order` lists the rows from the first to the last; None means as in the file.
    """
    telling = says[column.codes] & (owner >= 0)
    rows = np.flatnonzero(telling) if order is None else order[telling[order]]
    result = np.full(n_owners, -1, dtype=np.int32)
    result[owner[rows]] = column.codes[rows]
    return result


def most_said(owner: NDArray[np.int64], column: Column, n_owners: int) -> list[str | None]:
    """Per owner, the text that most rows have, the earlier one if two are equally frequent; None if none has any."""
    n = len(column.texts)
    pairs, counts = np.unique(owner * n + column.codes, return_counts=True)
    pairs, counts = pairs[pairs >= 0], counts[pairs >= 0]
    says = np.array([bool(text) for text in column.texts], dtype=bool)[pairs % n]
    pairs, counts = pairs[says], counts[says]
    by_count = np.lexsort((-(pairs % n), counts))
    best = np.full(n_owners, -1, dtype=np.int64)
    best[pairs[by_count] // n] = pairs[by_count] % n
    return [None if code < 0 else column.texts[code] for code in best.tolist()]
