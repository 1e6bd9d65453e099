"""Which columns customers can be grouped by, and why the others cannot."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from engine.features.told import Told
from engine.phrases import Phrase, counted

MOST_MISSING = 0.5  # of a column's cells: with more, a group would be those who answered
FEWEST_PER_CHOICE = 3  # customers per different answer: with fewer, nobody shares it
FEW = 20  # customers, among whom all different numbers are no sign
MOST_NAMED = 8

NONE_UNREAD: Final[Mapping[str, int]] = {}
REASONS: Final[Mapping[str, Phrase]] = {
    "missing": Phrase("Not used, since nobody's is known: {columns}."),
    "constant": Phrase("Not used, since everybody's is the same: {columns}."),
    "words": Phrase("Not used, since it is free text: {columns}."),
    "number": Phrase("Not used, since it numbers the customers: {columns}."),
    "unshared": Phrase("Not used, since hardly two people share an answer: {columns}."),
    "gaps": Phrase("Not used, since it is missing for more than half: {columns}."),
}


@dataclass(frozen=True)
class Usable:
    """`told` can be grouped by; `statements` say which of the others were left out and why."""

    told: tuple[Told, ...]
    statements: tuple[Phrase, ...]


def usable(
    told: Sequence[Told],
    cells: pd.DataFrame,
    treatments: Collection[str] = (),
    unread: Mapping[str, int] = NONE_UNREAD,
) -> Usable:
    """Of what is `told`, a column of `cells` each, what customers can be grouped by.

    Many gaps are no hindrance to a column whose key is in `treatments`: its gaps are filled as was chosen. `unread`
    has the number of answers that are no number where one is asked, by key.
    """
    kept: list[Told] = []
    dropped: dict[str, list[Phrase]] = {}
    for one in told:
        why = why_not(one, cells[one.key], one.key in treatments)
        if why is None:
            kept.append(one)
        else:
            dropped.setdefault(why, []).append(one.words)
    left_out = (
        Phrase(reason.message, columns=shortened(dropped[why])) for why, reason in REASONS.items() if why in dropped
    )
    return Usable(tuple(kept), (*left_out, *_unread(told, unread)))


def why_not(one: Told, cells: pd.Series, is_treated: bool = False) -> str | None:
    """Why customers cannot be grouped by these cells, a key of `REASONS`; None if they can."""
    known = cells.dropna()
    n_different = known.nunique()
    if n_different == 0:
        return "missing"
    if one.kind == "text":
        return "words"
    if n_different == 1:
        return "constant"
    if one.kind == "number" and n_different == len(known) > FEW and _is_numbering(one, known):
        return "number"
    # of tags and places the rare ones are put together
    if one.kind == "choice" and not one.field and n_different * FEWEST_PER_CHOICE > len(known) > FEW:
        return "unshared"
    if one.kind != "tags" and cells.isna().mean() > MOST_MISSING and not is_treated:
        return "gaps"
    return None


def shortened(names: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """The first of the names, and how many there are besides."""
    if len(names) <= MOST_NAMED:
        return tuple(names)
    return (*names[:MOST_NAMED], Phrase("and {n} more", n=len(names) - MOST_NAMED))


def _is_numbering(one: Told, known: pd.Series) -> bool:
    """Whether numbers that all differ run on like 1001, 1002, … or are called so."""
    if (known % 1 != 0).any():
        return False
    steps = np.diff(np.sort(known.to_numpy(dtype=np.float64)))
    return bool(np.median(steps) <= 1) or one.key.endswith(("id", "no", "number", "编号", "号码"))


def _unread(told: Sequence[Told], unread: Mapping[str, int]) -> Iterator[Phrase]:
    for one in told:
        if unread.get(one.key):
            yield counted(
                "{column}: {n} answer is no number that can be reckoned with, and counts as missing.",
                "{column}: {n} answers are no numbers that can be reckoned with, and count as missing.",
                n=unread[one.key],
                column=one.words,
            )
