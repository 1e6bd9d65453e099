"""Which currency a file's money is in, as its own column, its signs or its headers say."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake import words
from engine.intake.identity import Cells
from engine.intake.numbers import currency_in

_CODE = re.compile(r"[A-Za-z]{3}")
_MONEY = (c.PRICE, c.REVENUE, f.ORDER_TOTAL)


def of_file(cells: Cells, n_rows: int) -> tuple[str | None, NDArray[np.bool_]]:
    """The currency (ISO 4217) of most rows, None if the file does not say; and which rows name another one."""
    if c.CURRENCY in cells:
        column = cells[c.CURRENCY].recoded(_code)
        counts = np.bincount(column.codes, minlength=len(column.texts))
        named = [(int(count), text) for count, text in zip(counts, column.texts, strict=True) if text]
        if named:
            # of two equally frequent ones the first in the alphabet
            most = min(named, key=lambda pair: (-pair[0], pair[1]))[1]
            return most, column.says(lambda text: text not in ("", most))
    said = (currency for field in _MONEY if field in cells for currency in _signs(cells, field))
    return next(said, None), np.zeros(n_rows, dtype=bool)


def _code(cell: str) -> str:
    word = words.text(cell)
    return word.upper() if _CODE.fullmatch(word) and word.upper() != "RMB" else currency_in(word) or ""


def _signs(cells: Cells, field: str) -> list[str]:
    """What the header and the first amounts of a column say about its currency."""
    column = cells[field]
    found = (currency_in(text) for text in (column.header, *column.texts[:200]))
    return [currency for currency in found if currency is not None]
