"""Colours and shapes of segments, and the list that says whose they are."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies.pictures import LINE, MARGIN, MUTED, SMALL, WIDTH, Canvas, wrapped
from engine import Language, Phrase, StoredSegment

# apart for eyes that see no red or no green, too; shapes help where there are more
COLOURS = ("#2b6777", "#d98032", "#7b5ea7", "#5b9e48", "#c94f5d", "#8c8c3a", "#4d8fd1", "#a0624a")
SHAPES = ("o", "s", "^", "D", "v", "P", "X")

SQUARE = 24
SPACE = 14
BETWEEN = 14
INNER = WIDTH - 2 * MARGIN - SQUARE - SPACE


def colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def shape(number: int) -> str:
    return SHAPES[(number + number // len(COLOURS)) % len(SHAPES)]


def legend_height(segments: Sequence[StoredSegment], notes: Sequence[Phrase | None], language: Language) -> float:
    return sum(_height(lines, note) for lines, note in _entries(segments, notes, language))


def legend(
    canvas: Canvas,
    y: float,
    segments: Sequence[StoredSegment],
    notes: Sequence[Phrase | None],
    language: Language,
    *,
    shapes: bool,
) -> float:
    """Each segment with its colour, or its shape in its colour, and a note; where the next may begin."""
    for number, (lines, note) in enumerate(_entries(segments, notes, language)):
        middle = y + SMALL * LINE / 2
        if shapes:
            canvas.dots([(MARGIN + SQUARE / 2, middle)], SQUARE * 0.8, colour(number), shape(number))
        else:
            canvas.box(MARGIN, middle - SQUARE / 2, SQUARE, SQUARE, colour(number))
        at = y
        for line in lines:
            canvas.text(MARGIN + SQUARE + SPACE, at + SMALL * LINE / 2, line, SMALL)
            at += SMALL * LINE
        for line in note:
            canvas.text(MARGIN + SQUARE + SPACE, at + SMALL * LINE / 2, line, SMALL, MUTED)
            at += SMALL * LINE
        y += _height(lines, note)
    return y


def _entries(
    segments: Sequence[StoredSegment], notes: Sequence[Phrase | None], language: Language
) -> list[tuple[list[str], list[str]]]:
    return [
        (
            wrapped(segment.name.say(language), INNER, SMALL),
            [] if note is None else wrapped(note.say(language), INNER, SMALL),
        )
        for segment, note in zip(segments, notes, strict=True)
    ]


def _height(lines: Sequence[str], note: Sequence[str]) -> float:
    return (len(lines) + len(note)) * SMALL * LINE + BETWEEN
