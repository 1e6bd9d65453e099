"""Upright bars over a scale, with as many labels below as fit."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

from bot.replies.pictures import DEEP, MARGIN, MUTED, RULE, SMALL, WIDTH, Canvas, text_width

HEIGHT = 260  # of the plot
BELOW = 44  # for its labels
SPACE = 14  # between a number of the scale and the plot
BETWEEN = 18  # two labels
MOST_MARKS = 4  # of the scale above 0
WIDEST = 64  # a bar, where there are few


def bars(
    canvas: Canvas, top: float, values: Sequence[float], labels: Sequence[str], colours: Sequence[str] | None = None
) -> float:
    """Draw the values from `top` downwards over the whole width; where the next may begin. A value of 0 is a gap."""
    highest = max([*values, 0.0]) or 1.0
    step = scale_step(highest, whole=all(float(value).is_integer() for value in values))
    marks = [at * step for at in range(floor(highest / step + 1e-9) + 1)]
    words = [f"{mark:,.10g}" for mark in marks]
    left = MARGIN + max(text_width(word, SMALL) for word in words) + SPACE
    bottom, per_value = top + HEIGHT, (HEIGHT - SMALL / 2) / highest
    for mark, word in zip(marks, words, strict=True):
        y = bottom - mark * per_value
        canvas.box(left, y - 1, WIDTH - MARGIN - left, 2, RULE)
        canvas.text(left - SPACE, y, word, SMALL, MUTED, "right")
    width = (WIDTH - MARGIN - left) / len(values)
    bar = min(WIDEST, width * 0.76)
    for at, value in enumerate(values):
        if value > 0:
            height = max(2.0, value * per_value)
            x = left + (at + 0.5) * width - bar / 2
            canvas.box(x, bottom - height, bar, height, DEEP if colours is None else colours[at])
    _label(canvas, bottom + BELOW / 2 + 4, left, width, labels)
    return bottom + BELOW


def scale_step(highest: float, *, whole: bool) -> float:
    """1, 2 or 5 times a power of ten, so that at most 4 steps reach up to `highest`."""
    power = 10.0 ** floor(log10(highest / MOST_MARKS))
    step = next(times * power for times in (1, 2, 5, 10, 20) if highest / (times * power) <= MOST_MARKS)
    return max(1.0, step) if whole else step


def _label(canvas: Canvas, y: float, left: float, width: float, labels: Sequence[str]) -> None:
    """Every so-many-th label; one at the right edge stands a little further left."""
    widest = max(text_width(label, SMALL) for label in labels)
    # half a label more, by which the last one may be moved
    every = max(1, ceil(((1.5 if len(labels) > 1 and widest > width else 1.0) * widest + BETWEEN) / width))
    for at in range(0, len(labels), every):
        half = text_width(labels[at], SMALL) / 2
        x = max(MARGIN + half, min(left + (at + 0.5) * width, WIDTH - MARGIN - half))
        canvas.text(x, y, labels[at], SMALL, MUTED, "center")
