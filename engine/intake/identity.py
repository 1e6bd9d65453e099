"""Who a row is about: the key under which a customer, an order or a product is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import words
from engine.intake.same_person import EMAIL, ID, NAME, PHONE, UNKNOWN
from engine.intake.synonyms import folded
from engine.intake.tables import Column, Positions
from engine.phrases import Phrase

Cells = Mapping[str, Column]
_READERS: tuple[tuple[str, str, Callable[[str], str], str | None], ...] = (
    (ID, c.CUSTOMER_KEY, words.customer, words.PLAIN),
    (EMAIL, c.EMAIL, words.email, None),
    (PHONE, c.PHONE, words.phone, None),
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_KINDS = (ID, EMAIL, PHONE, NAME)

NAMES_ONLY = Phrase(
    "Customers are told apart by their name only, since the file has no customer number, e-mail or phone: "
    "two people of one name count as one."
)


@dataclass(frozen=True)
class Keys:
    """What may name the customer of a row, the strongest kind first; "" where it does not."""

    columns: tuple[tuple[str, Column], ...]

    def column(self) -> Column:
        """The strongest key of each row."""
        return first_said(column for _, column in self.columns)

    def within(self, order: NDArray[np.int32], n_orders: int) -> Keys:
        """The rows of one order complete each other, since an order has one customer, unless they contradict.

        They do by two numbers or two e-mails, and where there is neither, by two phones.
        """
        if len(self.columns) == 1:
            return self
        named = np.zeros(n_orders, dtype=bool)
        torn = np.zeros(n_orders, dtype=bool)
        odd_in = []
        for kind, column in self.columns:
            says = (order >= 0) & ~column.blank
            odd = np.zeros(n_orders, dtype=bool)
            odd[order[says & (column.codes != _first_code(column, order, n_orders)[order])]] = True
            odd_in.append(odd)
            torn |= odd & ~named if kind == PHONE else odd
            if kind != PHONE:
                named[order[says]] = True
        return Keys(
            tuple(
                (kind, filled(column, np.where((torn | odd)[order], -1, order).astype(np.int32), n_orders))
                for (kind, column), odd in zip(self.columns, odd_in, strict=True)
            )
        )

    def told_of(self, owner: Positions, values: Sequence[str]) -> tuple[list[str], list[tuple[tuple[str, str], ...]]]:
        """Of each owner, whose key is among `values`: the kind of that key, and all keys told with it."""
        strongest = np.full(len(values), _KINDS.index(NAME))
        told: list[list[tuple[str, str]]] = [[] for _ in values] if len(self.columns) > 1 else []
        for kind, column in self.columns[::-1]:
            # a stronger kind comes later and stays
            strongest[owner[(owner >= 0) & ~column.blank]] = _KINDS.index(kind)
        for kind, column in self.columns:
            if kind != ID and len(self.columns) > 1:
                _add_pairs(told, kind, column, owner)
        kinds = [_KINDS[rank] for rank in strongest.tolist()]
        own = [
            ((kind, value), *_read_from(value)) if kind == ID else ((kind, value),)
            for kind, value in zip(kinds, values, strict=True)
        ]
        if not told:
            return kinds, own
        return kinds, [(*keys, *(key for key in more if key not in keys)) for keys, more in zip(own, told, strict=True)]


def _add_pairs(told: list[list[tuple[str, str]]], kind: str, column: Column, owner: Positions) -> None:
    rows = (owner >= 0) & ~column.blank
    n = len(column.texts)
    for pair in np.unique(owner[rows].astype(np.int64) * n + column.codes[rows]).tolist():
        told[pair // n].append((kind, column.texts[pair % n]))


def _read_from(number: str) -> tuple[tuple[str, str], ...]:
    """An account that is an e-mail or a mobile number is that as well."""
    if "@" in number:
        address = words.email(number)
        return ((EMAIL, address),) if address else ()
    return ((PHONE, number),) if _MOBILE.fullmatch(number) else ()


def scope_of(cells: Cells, platform: str) -> str:
    """Whose the customer numbers of a file are: the platform's, or if no layout knows it, those of their column."""
    column = cells.get(c.CUSTOMER_KEY)
    if column is None:
        return ""
    return platform or UNKNOWN + folded(column.header)


def customers(cells: Cells) -> tuple[Keys | None, tuple[Phrase, ...]]:
    """The customer's keys per row, and what the user should know about them; None if the file names nobody.

    A name serves only where the file has no number, e-mail or phone.
    """
    columns = [(kind, cells[field].recoded(read, plain)) for kind, field, read, plain in _READERS if field in cells]
    if columns:
        return Keys(tuple(columns)), ()
    if c.NAME in cells:
        return Keys(((NAME, cells[c.NAME].recoded(words.person)),)), (NAMES_ONLY,)
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
