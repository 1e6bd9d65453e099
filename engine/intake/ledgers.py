"""Whether a table that names people tells of their purchases: they come again, on other days, with money."""

from __future__ import annotations

from typing import Final

import numpy as np

from engine.intake import numbers
from engine.intake.looks import MOST, Contents, sampled
from engine.intake.tables import Column

AGAIN: Final = 1.05  # days per person: a list of people has one day of joining for each of them, but for slips
LEAST: Final = 10.0  # amounts are above it: what lies below counts pieces, or rates something


def come_again(who: Column, when: Column) -> bool:
    """Whether people stand in several rows that have different days."""
    rows = ~who.blank & ~when.blank
    people = who.codes[rows].astype(np.int64)
    n_people = len(np.unique(people))
    pairs = np.unique(people * len(when.texts) + when.codes[rows])
    return n_people > 0 and len(pairs) >= AGAIN * n_people


def amount(column: Column, look: Contents) -> float:
    """How large the middle amount of the column is; 0 if the column hardly holds amounts."""
    if look.numbers < MOST or max(look.dates, look.mobiles) >= MOST or look.masked > 0:
        return 0.0
    if look.whole == 1.0 and look.different > LEAST and look.repeated == 1.0:
        # a number for each row is its number
        return 0.0
    values = numbers.read(sampled(column))
    middle = float(np.median(np.abs(values[~np.isnan(values)])))
    return middle if middle > LEAST or look.signs + look.decimals >= 0.5 else 0.0
