"""Which currency a file's money is in, as its own column, its signs or its headers say."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.errors import FileRefused
from engine.intake import fields as f
from engine.intake import words
from engine.intake.identity import Cells, first_said
from engine.intake.numbers import currency_in, is_plain
from engine.intake.tables import Column
from engine.phrases import Phrase

_CODE = re.compile(r"[A-Za-z]{3}")
_MONEY = (c.PRICE, c.REVENUE, f.ORDER_TOTAL, f.PAID)


def of_file(cells: Cells, n_rows: int) -> tuple[str | None, NDArray[np.bool_]]:
    """The currency (ISO 4217) of most rows, None if the file does not say; and which rows name another one.

    Raises FileRefused if no currency is that of most rows.
    """
    money = [_signs(cells[field]) for field in _MONEY if field in cells]
    ways = [cells[c.CURRENCY].recoded(_code)] if c.CURRENCY in cells else []
    if money:
        ways.append(first_said(money))
    for column in ways:
        counts = np.bincount(column.codes, minlength=len(column.texts))
        named = [(int(count), text) for count, text in zip(counts, column.texts, strict=True) if text]
        if named:
            (most, currency), *others = sorted(named, key=lambda pair: (-pair[0], pair[1]))
            if others and others[0][0] == most:
                raise _torn(most, currency, others[0][1])
            return currency, _names_another(column, currency)
    return None, np.zeros(n_rows, dtype=bool)


def _torn(n: int, one: str, other: str) -> FileRefused:
    return FileRefused(
        Phrase(
            "As many rows are in {one} as in {other} ({n} each), and sums of two currencies say nothing: convert one "
            "of them in a spreadsheet, or send the rows of each as a file of its own, into a database of its own with "
            "--db.",
            one=one,
            other=other,
            n=n,
        )
    )


def _names_another(column: Column, currency: str) -> NDArray[np.bool_]:
    return column.says(lambda text: text not in ("", currency))


def _code(cell: str) -> str:
    word = words.text(cell)
    return word.upper() if _CODE.fullmatch(word) and word.upper() != "RMB" else currency_in(word) or ""


def _signs(column: Column) -> Column:
    """The currency of each amount by its own sign, else by the header's; "" if neither names one."""
    header = currency_in(column.header) or ""
    return column.recoded(lambda text: header if not text or is_plain(text) else currency_in(text) or header)
