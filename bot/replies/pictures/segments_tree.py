"""The tree that groups were cut from: who is most alike meets first, further left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from bot.replies.pictures import (
    DEEP,
    LARGE,
    LIGHT,
    LINE,
    MARGIN,
    MUTED,
    SMALL,
    WARM,
    WIDTH,
    Canvas,
    text_width,
    wrapped,
)
from engine import Language, Phrase, counted

INNER = WIDTH - 2 * MARGIN
ROW = 38
GAP = 24
THIN = 3


def tree_picture(tree: Mapping[str, Any], k: int, language: Language) -> bytes:
    """A PNG of the upper end of a tree (`sizes` and `mergers` of a run's quality), cut where it has `k` branches."""
    sizes: Sequence[int] = tree["sizes"]
    mergers: Sequence[Sequence[float]] = tree["mergers"]
    title = wrapped(Phrase("The tree of your customers").say(language), INNER, LARGE)
    note = wrapped(_note(tree["customers"], k).say(language), INNER, SMALL)
    labels = [counted("{n} person", "{n} people", n=size).say(language) for size in sizes]
    head = MARGIN + len(title) * LARGE * LINE + len(note) * SMALL * LINE + GAP
    canvas = Canvas(head + len(sizes) * ROW + MARGIN)
    y = canvas.lines(MARGIN, title, LARGE)
    y = canvas.lines(y, note, SMALL, MUTED) + GAP
    left = MARGIN + max(text_width(label, SMALL) for label in labels) + 14
    longest = sqrt(mergers[-1][2]) if mergers and mergers[-1][2] > 0 else 1.0
    rows = {leaf: y + (row + 0.5) * ROW for row, leaf in enumerate(leaves(mergers, len(sizes)))}
    for leaf, at in rows.items():
        canvas.text(left - 14, at, labels[leaf], SMALL, align="right")
    ends = {leaf: (left, at) for leaf, at in rows.items()}
    for step, (one, other, height) in enumerate(mergers):
        # roots, or the last mergers would leave no room for the others
        x = left + (WIDTH - MARGIN - left - THIN) * sqrt(max(height, 0.0)) / longest
        first, second = ends.pop(int(one)), ends.pop(int(other))
        colour = DEEP if step < len(mergers) - (k - 1) else LIGHT
        for begin, row in (first, second):
            canvas.box(begin, row - THIN / 2, max(THIN, x - begin), THIN, colour)
        top, bottom = sorted((first[1], second[1]))
        canvas.box(x, top - THIN / 2, THIN, bottom - top + THIN, colour)
        ends[len(sizes) + step] = (x, (top + bottom) / 2)
    if 1 < k <= len(mergers):
        low = mergers[len(mergers) - k][2]
        high = mergers[len(mergers) - k + 1][2]
        cut = left + (WIDTH - MARGIN - left - THIN) * (sqrt(max(low, 0.0)) + sqrt(max(high, 0.0))) / 2 / longest
        canvas.box(cut, y, THIN, len(sizes) * ROW, WARM)
    return canvas.png()


def leaves(mergers: Sequence[Sequence[float]], n: int) -> list[int]:
    """The leaves 0 to n - 1 in an order in which no two branches cross."""
    parts = {leaf: [leaf] for leaf in range(n)}
    for step, (one, other, _) in enumerate(mergers):
        parts[n + step] = parts.pop(int(one)) + parts.pop(int(other))
    return [leaf for part in parts.values() for leaf in part]


def _note(customers: int, k: int) -> Phrase:
    return Phrase(
        "{customers}; who is alike meets early, further left. Where the line cuts, there are {k} groups.",
        customers=counted("{n} customer", "{n} customers", n=customers),
        k=k,
    )
