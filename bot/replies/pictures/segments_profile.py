"""How each segment differs from everybody else, feature by feature."""

from __future__ import annotations

from bot.replies.pictures import (
    DEEP,
    INK,
    LARGE,
    LINE,
    MARGIN,
    MIDDLE,
    MUTED,
    RULE,
    SMALL,
    WARM,
    WIDTH,
    Canvas,
    text_width,
    wrapped,
)
from engine import Language, Phrase, SegmentDrawing, SegmentReport

INNER = WIDTH - 2 * MARGIN
WORDS = 290  # for what the row is about
BAR = 26
ROW = 12  # between two rows
BETWEEN = 34  # two segments
MOST_ROWS = 6
FAR = 2.0  # standard deviations: farther bars end here
NUMBER = 78  # beside the longest bar
PLAIN = 0.05  # less is no difference


def profile_picture(report: SegmentReport, drawing: SegmentDrawing, language: Language) -> bytes:
    """A PNG: for each segment a bar per feature, to the right where its people have more of it than the others."""
    title = wrapped(Phrase("How your groups differ").say(language), INNER, LARGE)
    note = wrapped(
        Phrase(
            "Right: more than everybody else, left: less. The numbers are standard deviations; beyond 1 is a lot."
        ).say(language),
        INNER,
        SMALL,
    )
    rows = [(wrapped(what.say(language), WORDS, SMALL), apart) for what, apart in drawing.rows[:MOST_ROWS]]
    names = [wrapped(segment.name.say(language), INNER) for segment in report.segments]
    of_rows = sum(_height(words) for words, _ in rows)
    head = MARGIN + len(title) * LARGE * LINE + len(note) * SMALL * LINE
    body = sum(BETWEEN + len(name) * MIDDLE * LINE + ROW + of_rows for name in names)
    canvas = Canvas(head + body + MARGIN)
    y = canvas.lines(MARGIN, title, LARGE)
    y = canvas.lines(y, note, SMALL, MUTED)
    for number, name in enumerate(names):
        canvas.box(MARGIN, y + BETWEEN / 2, INNER, 2, RULE)
        y = canvas.lines(y + BETWEEN, name) + ROW
        for words, apart in rows:
            _row(canvas, y, words, apart[number] if number < len(apart) else 0.0)
            y += _height(words)
    return canvas.png()


def _height(words: list[str]) -> float:
    return max(BAR, len(words) * SMALL * LINE) + ROW


def _row(canvas: Canvas, y: float, words: list[str], apart: float) -> None:
    middle = y + (_height(words) - ROW) / 2
    at = middle - len(words) * SMALL * LINE / 2
    for line in words:
        canvas.text(MARGIN, at + SMALL * LINE / 2, line, SMALL)
        at += SMALL * LINE
    left, right = MARGIN + WORDS + 16, WIDTH - MARGIN
    zero, reach = (left + right) / 2, (right - left) / 2 - NUMBER
    length = min(abs(apart), FAR) / FAR * reach
    canvas.box(zero - 1, middle - BAR / 2 - ROW / 2, 2, BAR + ROW, RULE)
    if abs(apart) < PLAIN:
        canvas.text(zero + 10, middle, "0", SMALL, MUTED)
        return
    number = f"{apart:+.1f}".replace("-", "−")
    canvas.box(zero if apart > 0 else zero - length, middle - BAR / 2, max(length, 2), BAR, DEEP if apart > 0 else WARM)
    x = zero + length + 8 if apart > 0 else zero - length - 8 - text_width(number, SMALL)
    canvas.text(x, middle, number, SMALL, INK)
