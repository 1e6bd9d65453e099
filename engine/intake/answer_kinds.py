"""What kind of answers a column holds: numbers, a scale, choices, yes or no, dates, several at once, words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from engine.intake import dates

AttributeKind = Literal["number", "scale", "choice", "yes_no", "date", "tags", "text"]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEARLY_ALL = 0.95
_MOST_CHOICES = 60
_LONG = 40  # letters of a text on average: that is prose
_SCALES: Final = frozenset([(1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 10), (0, 10)])
_YES: Final = frozenset(["yes", "y", "true", "t", "1", "是", "有", "对", "√"])
_NO: Final = frozenset(["no", "n", "false", "f", "0", "否", "没有", "不", "不是", "×"])
_PARTS: Final = re.compile(r"[;；,，、|]+")


def sentinel(values: Floats, n_of: Ints) -> float | None:
    """The number that says that there is none: -1 among numbers from 0 on, 999 far above all others."""
    below = np.unique(values[values < 0])
    others = np.unique(values[values >= 0])
    if below.size == 1 and below[0] in (-1, -9, -99, -999) and others.size >= 3:
        return float(below[0])
    top = float(values.max(initial=0))
    rest = others[others < top]
    often = n_of[values == top].sum() >= 0.05 * n_of.sum()
    if not below.size and top in (999, 9999, 99999, 999999) and rest.size >= 3 and rest[-1] < top / 10 and often:
        return top
    return None


def kind_of_numbers(values: Floats, rated: bool) -> AttributeKind:
    """`rated`: the header says that people give marks, so that not every step of the scale has to occur."""
    different = np.unique(values)
    if different.tolist() == [0.0, 1.0]:
        return "yes_no"
    if not different.size or (different % 1).any():
        return "number"
    least, most = int(different[0]), int(different[-1])
    if rated and least >= 0 and most <= 10:
        return "scale"
    nearly_every_step = different.size >= 0.8 * (most - least + 1)
    return "scale" if (least, most) in _SCALES and nearly_every_step else "number"


def kind_of_texts(texts: Sequence[str], n_of: Ints) -> AttributeKind | None:
    """None for prose, which differs from one to the next."""
    lower = {text.lower() for text in texts}
    if lower <= _YES | _NO:
        return "yes_no"
    days = ~np.isnat(dates.read(texts).values)
    if n_of[days].sum() >= NEARLY_ALL * n_of.sum():
        return "date"
    parts = [_parts(text) for text in texts]
    several = np.array([len(part) > 1 for part in parts], dtype=bool)
    mentions = sum(len(part) * n for part, n in zip(parts, n_of.tolist(), strict=True))
    different = {part for some in parts for part in some}
    short = all(len(part) <= 30 for part in different)
    if n_of[several].sum() >= 0.2 * n_of.sum() and short and len(different) <= 0.8 * mentions:
        return "tags"
    if len(texts) <= min(_MOST_CHOICES, max(12, int(n_of.sum()) // 2)):
        return "choice"
    letters = sum(len(text) * n for text, n in zip(texts, n_of.tolist(), strict=True)) / int(n_of.sum())
    return None if letters > _LONG else "text"


def rewritten(kind: AttributeKind, texts: Sequence[str], values: Floats) -> tuple[list[str], Floats]:
    if kind in ("number", "scale"):
        return list(texts), values
    if kind == "yes_no":
        said = [1.0 if text.lower() in _YES else 0.0 if text.lower() in _NO else np.nan for text in texts]
        return list(texts), np.where(np.isnan(values), said, values)
    none = np.full(len(texts), np.nan)
    if kind == "date":
        found = dates.read(texts).values
        days = np.datetime_as_string(found.astype("datetime64[D]")).tolist()
        return [text if np.isnat(at) else day for text, at, day in zip(texts, found, days, strict=True)], none
    if kind == "tags":
        return [";".join(_parts(text)) or text for text in texts], none
    return list(texts), none


def _parts(text: str) -> list[str]:
    return list(dict.fromkeys(part for piece in _PARTS.split(text) if (part := piece.strip(" \"'"))))
