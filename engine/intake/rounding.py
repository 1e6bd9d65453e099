"""Order numbers that a spreadsheet has rounded, so that different orders have become equal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.intake import words
from engine.intake.tables import Column
from engine.phrases import Phrase, counted

Bools = NDArray[np.bool_]
DIGITS = 15  # that a spreadsheet keeps
_NEARLY_ALL = 0.95
_ENOUGH_ZEROS = 3  # by chance once in a thousand columns


def rounded(keys: Column) -> Bools:
    """Per row, whether its number was rounded: 3.515E+17, or 16 and more digits with nothing but zeros at the end.

    Such zeros prove it where nearly all long numbers of the column have them.
    """
    sure = keys.matches(words.ROUNDED)
    ending = keys.matches(rf"[0-9]{{{DIGITS}}}0+")
    if not ending.any():
        return sure
    n_zeros = sum(len(key) - DIGITS for key in keys.texts_at(np.unique(keys.codes[ending])))
    n_long = keys.matches(rf"[0-9]{{{DIGITS + 1},}}").sum()
    proven = n_zeros >= _ENOUGH_ZEROS and ending.sum() >= _NEARLY_ALL * n_long
    return sure | ending if proven else sure


def told_apart(keys: Column, which: Bools, buyer: Column, at: NDArray[np.datetime64]) -> tuple[Column, Bools]:
    """The keys, where each rounded one gets its customer and time beside it; and which rows nothing tells apart.

    That is a row without a time, or with the bare day only and no customer.
    """
    day = at.astype("datetime64[D]").astype(at.dtype) == at
    lost = which & (np.isnat(at) | (buyer.blank & day))
    rows = np.flatnonzero(which & ~lost)
    if not len(rows):
        return keys, lost
    times, time_codes = np.unique(at[rows], return_inverse=True)
    n_buyers, n_times = len(buyer.texts), len(times)
    mixed = (keys.codes[rows].astype(np.int64) * n_buyers + buyer.codes[rows]) * n_times + time_codes
    found, codes = np.unique(mixed, return_inverse=True)
    texts = []
    for one in found.tolist():
        key, who, time = one // n_times // n_buyers, one // n_times % n_buyers, times[one % n_times]
        texts.append(" ".join(part for part in (keys.texts[key], buyer.texts[who], str(time)) if part))
    new = keys.codes.copy()
    new[rows] = len(keys.texts) + codes
    return Column(keys.header, new, [*keys.texts, *texts]), lost


def told(n: int) -> tuple[Phrase, ...]:
    """What to say of `n` rows with a rounded order number."""
    if not n:
        return ()
    note = counted(
        "A spreadsheet has rounded the order number of {n} row, so its orders are told apart by customer and time too. "
        "For exact numbers export again and open the file with that column as text, or send it as it comes.",
        "A spreadsheet has rounded the order numbers of {n} rows, so orders are told apart by customer and time too. "
        "For exact numbers export again and open the file with that column as text, or send it as it comes.",
        n=n,
    )
    return (note,)
