"""Who a row is about: the key under which a customer, an order or a product is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import words
from engine.intake.tables import Column, Positions
from engine.phrases import Phrase

Cells = Mapping[str, Column]


def customers(cells: Cells) -> tuple[Column | None, tuple[Phrase, ...]]:
    """The customer's key per row, "" where the row names nobody, and what the user should know about it.

    A number goes before an e-mail, that before a phone; a name serves only where the file has none of them.
    """
    readers: tuple[tuple[str, Callable[[str], str], str | None], ...] = (
        (c.CUSTOMER_KEY, words.customer, words.PLAIN),
        (c.EMAIL, words.email, None),
        (c.PHONE, words.phone, None),
    )
    if any(field in cells for field, _, _ in readers):
        return first_said(cells[field].recoded(read, plain) for field, read, plain in readers if field in cells), ()
    if c.NAME in cells:
        note = Phrase(
            "Customers are told apart by their name only, since the file has no customer number, e-mail or phone: "
            "two people of one name count as one."
        )
        return cells[c.NAME].recoded(words.person), (note,)
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
    both = zip(keys.texts_at(pairs // n), column.texts_at(pairs % n), strict=True)
    texts = [f"{key} {text}" for key, text in both]
    new = keys.codes.copy()
    new[rows] = len(keys.texts) + codes
    return Column(keys.header, new, [*keys.texts, *texts]), int(shared.sum())


def _first_code(column: Column, owner: NDArray[np.int32], n_owners: int) -> NDArray[np.int32]:
    """Per owner, the code of the first row that says something; -1 if none does."""
    says = np.flatnonzero(~column.blank & (owner >= 0))[::-1]
    first = np.full(max(n_owners, 1), -1, dtype=np.int32)
    first[owner[says]] = column.codes[says]
    return first


def compacted(codes: NDArray[np.int32], n_codes: int) -> tuple[Positions, NDArray[np.int64]]:
    """The codes as positions among those that occur, and which codes these are; -1 stays -1."""
    # the last element, which -1 points at, is nobody
    present = np.zeros(n_codes + 1, dtype=bool)
    present[codes] = True
    present[-1] = False
    positions = np.cumsum(present, dtype=np.int32) - np.int32(1)
    positions[-1] = -1
    return positions[codes], np.flatnonzero(present)


def last_said(
    owner: Positions, column: Column, says: NDArray[np.bool_], n_owners: int, order: NDArray[np.int64] | None
) -> NDArray[np.int32]:
    """Per owner, the code of the last row whose text says something (`says`, per text); -1 if none does.

    `order` lists the rows from the first to the last; None means as in the file.
    """
    telling = says[column.codes] & (owner >= 0)
    rows = np.flatnonzero(telling) if order is None else order[telling[order]]
    result = np.full(n_owners, -1, dtype=np.int32)
    result[owner[rows]] = column.codes[rows]
    return result


def most_said(owner: Positions, column: Column, n_owners: int) -> list[str | None]:
    """Per owner, the text that most rows have, the earlier one if two are equally frequent; None if none has any."""
    n = len(column.texts)
    pairs, counts = _counted(owner.astype(np.int64) * n + column.codes)
    pairs, counts = pairs[pairs >= 0], counts[pairs >= 0]
    says = np.array([bool(text) for text in column.texts], dtype=bool)[pairs % n]
    pairs, counts = pairs[says], counts[says]
    by_count = np.lexsort((-(pairs % n), counts))
    best = np.full(n_owners, -1, dtype=np.int64)
    best[pairs[by_count] // n] = pairs[by_count] % n
    return [None if code < 0 else column.texts[code] for code in best.tolist()]


def _counted(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different values, and how often each stands there: by a hash, not by sorting."""
    import pyarrow as pa

    found = pa.array(values).value_counts()
    return found.field(0).to_numpy(), found.field(1).to_numpy()
