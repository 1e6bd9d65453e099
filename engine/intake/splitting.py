"""One row of a file that names several products becomes one line for each of them.

What a cell holds is worked out once per different text, so that a file of many rows is split in no time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import numbers
from engine.intake.layouts import Reshaped
from engine.intake.tables import Column, Table
from engine.phrases import counted

Parts = Sequence[tuple[str, str]]  # the name of each product and its pieces, "" where they are not told
Ints = NDArray[np.int64]

_COUNTED_BEFORE = re.compile(r"(\d+)\s*[x×]\s+(.+)", re.IGNORECASE | re.DOTALL)
_NEXT_COUNT = re.compile(r",\s*(?=\d+\s*[x×]\s)", re.IGNORECASE)
_COUNTED_AFTER = re.compile(r"(.+?)\s*[(（]\s*(\d+)\s*[件个份]?\s*[)）]", re.DOTALL)
_SEMICOLONS = re.compile(r"[;；]")


def counted_before(cell: str) -> Parts:
    """“1x Blue Mug, 2x Tea”; a comma within a name is no new product."""
    found = []
    for part in _NEXT_COUNT.split(cell.strip()):
        match = _COUNTED_BEFORE.fullmatch(part.strip())
        found.append((match[2].strip(), match[1]) if match else (part.strip(), ""))
    return found


def counted_after(cell: str) -> Parts:
    """“草莓蛋糕(1件);红茶(2件)”."""
    found = []
    for part in between_semicolons(cell):
        match = _COUNTED_AFTER.fullmatch(part)
        found.append((match[1], match[2]) if match else (part, ""))
    return found


def between_commas(cell: str) -> Parts:
    """“锅，铲”, as Taobao joins titles: with the full-width comma alone."""
    return [(part.strip(), "") for part in cell.split("，")]


def between_semicolons(cell: str) -> list[str]:
    """The parts of a cell; one at the end that is empty is none."""
    parts = [part.strip() for part in _SEMICOLONS.split(cell)]
    while len(parts) > 1 and not parts[-1]:
        del parts[-1]
    return parts


def by_names(
    table: Table,
    cells: Mapping[str, Column],
    field: str,
    read: Callable[[str], Parts],
    n_products: NDArray[np.float64] | None = None,
) -> Reshaped:
    """One line per product that a cell of `field` names, with its pieces where they are told, else one.

    A row stays one line where another column tells that it has another number of products (`n_products` per row).
    """
    column = cells[field]
    found = [list(read(text)) for text in column.texts]
    n_texts = len(found)
    codes = column.codes.astype(np.int64)
    if n_products is not None:
        sizes = np.array([len(parts) for parts in found])
        codes = np.where(sizes[codes] == n_products, codes, codes + n_texts)
        found += [[(text, "")] for text in column.texts]
    owner, flat = _lines(codes, [len(parts) for parts in found])
    names = _column(column.header, [name for parts in found for name, _ in parts], flat)
    new = {other: rest.taken(owner) for other, rest in cells.items()} | {field: names}
    if any(pieces for parts in found for _, pieces in parts):
        new[c.QUANTITY] = _column(column.header, [pieces or "1" for parts in found for _, pieces in parts], flat)
    elif c.QUANTITY in cells:
        new[c.QUANTITY] = _evenly(cells[c.QUANTITY], owner)
    return Reshaped(table.taken(owner), new)


def in_parallel(table: Table, cells: Mapping[str, Column], lead: str, fields: Sequence[str]) -> Reshaped:
    """Cells of `fields` hold one part per product that `lead` names, or one for all of them.

    A row whose cells hold different numbers of parts stays one line, which is told.
    """
    packed = [field for field in dict.fromkeys((lead, *fields)) if field in cells]
    # of the cells beside it an empty last part may be that of the last product
    parts = {field: [_SEMICOLONS.split(text) for text in cells[field].texts] for field in packed}
    parts[lead] = [between_semicolons(text) for text in cells[lead].texts]
    ends = {field: np.array([len(some) - (not some[-1].strip()) for some in parts[field]]) for field in packed}
    sizes = {field: np.array([len(some) for some in parts[field]], dtype=np.int64) for field in packed}
    n = sizes[lead][cells[lead].codes]
    fit = np.ones(len(n), dtype=bool)
    for field in packed:
        of_row = sizes[field][cells[field].codes]
        fit &= (of_row == n) | (of_row == 1) | ((of_row == n + 1) & (ends[field][cells[field].codes] == n))
    n_odd = int((~fit).sum())
    n = np.where(fit, n, 1)
    owner = np.repeat(np.arange(len(n)), n)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    new = {other: rest.taken(owner) for other, rest in cells.items()}
    for field in packed:
        new[field] = _parts(cells[field], parts[field], owner, within, fit[owner])
    if c.QUANTITY in packed:
        one = (sizes[c.QUANTITY][cells[c.QUANTITY].codes] == 1)[owner]
        spread = _evenly(cells[c.QUANTITY], owner)
        new[c.QUANTITY] = _either(spread, new[c.QUANTITY], one)
    notes = (
        counted(
            "{n} row names several products in a way that does not tell them apart: they count as one product.",
            "{n} rows name several products in a way that does not tell them apart: each counts as one product.",
            n=n_odd,
        ),
    )
    return Reshaped(table.taken(owner), new, notes if n_odd else ())


def _lines(codes: Ints, sizes: Sequence[int]) -> tuple[Ints, Ints]:
    """Per line the position of its row, and of its part among the parts of all texts; `codes` is each row's text."""
    size = np.array(sizes, dtype=np.int64)
    first = np.cumsum(size) - size
    n = size[codes]
    owner = np.repeat(np.arange(len(n)), n)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    return owner, first[codes[owner]] + within


def _column(header: str, texts: Sequence[str], codes: Ints) -> Column:
    return Column(header, codes.astype(np.int32), list(texts)).recoded(str)


def _parts(column: Column, parts: Sequence[Sequence[str]], owner: Ints, within: Ints, fit: NDArray[np.bool_]) -> Column:
    """Per line its part of the row's cell, or the only one; the whole cell where the row did not fit."""
    sizes = [len(some) for some in parts]
    first = np.array([0, *accumulate(sizes)][:-1], dtype=np.int64)
    texts = [*(part for some in parts for part in some), *column.texts]
    code = column.codes[owner]
    part = first[code] + np.where(np.array(sizes, dtype=np.int64)[code] > 1, within, 0)
    return _column(column.header, texts, np.where(fit, part, sum(sizes) + code))


def _evenly(quantity: Column, owner: Ints) -> Column:
    """The pieces of a row on its lines."""
    n = np.bincount(owner)[owner]
    pairs, codes = np.unique(np.stack([quantity.codes[owner], n]), axis=1, return_inverse=True)
    values = numbers.read(quantity.texts)
    texts = [
        quantity.texts[code] if many == 1 or np.isnan(values[code]) else f"{values[code] / many:.12g}"
        for code, many in pairs.T.tolist()
    ]
    return _column(quantity.header, texts, codes.reshape(-1))


def _either(a: Column, b: Column, first: NDArray[np.bool_]) -> Column:
    codes = np.where(first, a.codes, b.codes + len(a.texts))
    return _column(a.header, [*a.texts, *b.texts], codes)
