"""Orders of a file that names neither orders nor buyers, such as a book of sales kept by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake import numbers
from engine.intake.identity import Cells
from engine.intake.synonyms import folded
from engine.intake.tables import Column
from engine.phrases import Phrase

EACH_ROW = Phrase(
    "No order number and no customer: each row counts as one order. A row that an earlier file has told in the same "
    "words is not counted again."
)
EACH_TIME = Phrase(
    "No order number and no customer: each row counts as one order, or the rows of one time of day. A row that an "
    "earlier file has told in the same words is not counted again."
)

_SAYS = (c.AT, c.PRODUCT_KEY, c.PRODUCT_NAME, c.PRODUCT_NAME_ZH, c.PRODUCT_NAME_EN)
_MONEY = (c.PRICE, c.REVENUE)
_OF_AN_ORDER = (f.ORDER_TOTAL, f.PAID, f.DISCOUNT, f.ORDER_REFUND)
_NUMBERS = (c.QUANTITY, *_MONEY, f.ORDER_TOTAL, f.PAID)


def keys(
    cells: Cells, product: Column | None, at: NDArray[np.datetime64], leads: NDArray[np.bool_]
) -> tuple[Column, tuple[Phrase, ...]]:
    """An order key per line, "" where it has no time, and what to say of them. `leads`: the first line of each row.

    It is what the row says, with a running number among rows that say the same, so a longer export of the same book
    brings the same keys and some more. It names the columns too: books of another make have keys of their own. Rows
    of one time of day are one order, unless the file tells amounts of whole orders, which would then be added up.
    """
    says, texts = _contents(cells, product, at, leads)
    row = np.cumsum(leads) - 1
    times = at[leads]
    number = pd.Series(says).groupby(says).cumcount().to_numpy() + 1
    together = np.zeros(len(says), dtype=np.bool_)
    if any(field in cells for field in _MONEY) and not any(field in cells for field in _OF_AN_ORDER):
        together = ~np.isnat(times) & (times != times.astype("datetime64[D]").astype(times.dtype))
        says = _first_of_time(says, texts, times, together)
        number[together] = 1
    mixed = np.where(np.isnat(times), -1, says.astype(np.int64) * (len(says) + 1) + number)
    found, codes = np.unique(mixed, return_inverse=True)
    book = _book(cells)
    told = [
        "" if one < 0 else f"{texts[one // (len(says) + 1)]} #{one % (len(says) + 1)} {book}" for one in found.tolist()
    ]
    column = Column("", codes.astype(np.int32)[row], told)
    return column, (EACH_TIME if together.any() else EACH_ROW,)


def _contents(
    cells: Cells, product: Column | None, at: NDArray[np.datetime64], leads: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], list[str]]:
    """Per row of the file the code of what it says: time, product, pieces, money; and the text of each code."""
    times, when = np.unique(at[leads], return_inverse=True)
    parts: list[tuple[NDArray[np.int64], Sequence[str]]] = [(when, times.astype("datetime64[s]").astype(str).tolist())]
    if product is not None:
        parts.append((product.codes[leads].astype(np.int64), product.texts))
    for field in _NUMBERS:
        if field in cells:
            values, codes = np.unique(numbers.read(cells[field].texts)[cells[field].codes[leads]], return_inverse=True)
            # however the same number is written
            parts.append((codes, [f"{value:.12g}" for value in values.tolist()]))
    says, texts = parts[0]
    told = list(texts)
    for codes, others in parts[1:]:
        pairs, says = np.unique(says * len(others) + codes, return_inverse=True)
        told = [f"{told[pair // len(others)]} {others[pair % len(others)]}" for pair in pairs.tolist()]
    return says, told


def _first_of_time(
    says: NDArray[np.int64], texts: Sequence[str], times: NDArray[np.datetime64], together: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The codes, where rows `together` of one time have that of the text that comes first among them."""
    rank = np.empty(len(texts), dtype=np.int64)
    by_text = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)
    rank[by_text] = np.arange(len(texts))
    moments, moment = np.unique(times[together], return_inverse=True)
    first = np.full(len(moments), len(texts), dtype=np.int64)
    np.minimum.at(first, moment, rank[says[together]])
    result = says.copy()
    result[together] = by_text[first[moment]]
    return result


def _book(cells: Cells) -> str:
    """A short sign of what the columns are called that tell what was sold."""
    names = "|".join(folded(cells[field].header) for field in (*_SAYS, *_NUMBERS) if field in cells)
    return hashlib.sha256(names.encode()).hexdigest()[:8]
