"""Ratings as people write them, and the scale that a file's ratings are on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.intake import numbers, words

TOPS: Final = (5.0, 10.0, 100.0)  # of the scales in use: stars, ten points, per cent
BEYOND = 0.1  # of ratings above 5: with more, the scale goes to 10
WITHIN = 0.5  # of ratings above 10: with more, it goes to 100

_FULL, _EMPTY = "★⭐🌟", "☆✩"
_STARS = re.compile(rf"([{_FULL}])(?:\ufe0f?\1)*\ufe0f?[{_EMPTY}]*|[{_EMPTY}]+")
_POINTS = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:/\s*\d+|out of \d+|of \d+|stars?|points?|星|颗星|分|分满分\d+分?)", re.IGNORECASE
)
_CHINESE = {f"{digit}{star}": float(n) for n, digit in enumerate("零一二三四五") for star in ("星", "颗星", "星好评")}


def read(texts: Sequence[str]) -> NDArray[np.float64]:
    """The rating that each text says: 4, 4.5 stars, 4/5, ★★★★☆, 五星; NaN where it says none."""
    values = numbers.read(list(texts))
    for nth in np.flatnonzero(np.isnan(values)).tolist():
        values[nth] = _read(words.text(texts[nth]))
    return values


def _read(text: str) -> float:
    if text in _CHINESE:
        return _CHINESE[text]
    if points := _POINTS.fullmatch(text):
        return float(points[1])
    if _STARS.fullmatch(text):
        return float(sum(text.count(star) for star in _FULL))
    return float("nan")


def top_of(values: NDArray[np.float64], *, ten: bool = False) -> float:
    """Where the scale of these ratings ends: 5, 10 or 100; NaN count for nothing.

    A single 11 among ratings of 1 to 5 is a slip, not a scale to 100: it takes a share of the ratings to move the
    end. With `ten` the scale goes to 10 at least, as one of “would you recommend us” does whatever was answered.
    """
    told = values[values >= 0]
    if (told > TOPS[1]).sum() > WITHIN * told.size:
        return TOPS[2]
    here = told[told <= TOPS[1]]
    return TOPS[1] if ten or (here > TOPS[0]).sum() > BEYOND * here.size else TOPS[0]


def outside(values: NDArray[np.float64], top: float) -> NDArray[np.bool_]:
    """Which ratings cannot be on a scale from 0 to `top`."""
    return (values < 0) | (values > top)
