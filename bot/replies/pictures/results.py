"""The picture of a campaign's results: each variant's rate, and where it likely lies."""

from __future__ import annotations

from math import ceil

from bot.replies.pictures import (
    DEEP,
    INK,
    LARGE,
    LIGHT,
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
from engine import Language, Phrase, Results, VariantResult

INNER = WIDTH - 2 * MARGIN
ROW = 72
BAR = 26
POINT = 10  # the width of the mark at the rate
GAP = 28
LEFT = MARGIN + 60  # where a rate of 0 is
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25)  # per cent, between two marks of the scale
MOST_MARKS = 5


def results_picture(results: Results, language: Language) -> bytes:
    """A PNG, `WIDTH` pixels wide: one row per variant in their order."""
    title = wrapped(Phrase("How many bought").say(language), INNER, LARGE)
    note = wrapped(
        Phrase(
            "Mark: how many bought. Pale bar: where that would end up with many more messages, however often you look."
        ).say(language),
        INNER,
        SMALL,
    )
    top = MARGIN + len(title) * LARGE * LINE + len(note) * SMALL * LINE + GAP
    bottom = top + len(results.variants) * ROW
    canvas = Canvas(bottom + SMALL * LINE + MARGIN)
    canvas.lines(canvas.lines(MARGIN, title, LARGE), note, SMALL, MUTED)
    counts = [_counts(variant).say(language) for variant in results.variants]
    right = WIDTH - MARGIN - GAP - max(text_width(words, SMALL) for words in counts)
    highest = max((variant.interval.high for variant in results.variants if variant.interval), default=0.1)
    step, n_steps = _marks(100 * highest)
    per_share = (right - LEFT) / (n_steps * step / 100)
    _scale(canvas, top, bottom, step, n_steps, per_share / 100)
    for place, (variant, words) in enumerate(zip(results.variants, counts, strict=True)):
        y = top + (place + 0.5) * ROW
        is_best = place == results.verdict.best
        canvas.text(MARGIN, y, variant.label, MIDDLE, WARM if is_best else INK)
        _bar(canvas, y, variant, per_share, WARM if is_best else DEEP)
        canvas.text(right + GAP, y, words, SMALL, MUTED if variant.interval is None else INK)
    return canvas.png()


def _counts(variant: VariantResult) -> Phrase:
    if variant.rate is None:
        return Phrase("nothing reported yet")
    return Phrase(
        "{conversions} of {reported} ({rate:.1%})",
        conversions=variant.conversions,
        reported=variant.reported,
        rate=variant.rate,
    )


def _bar(canvas: Canvas, y: float, variant: VariantResult, per_share: float, colour: str) -> None:
    if variant.rate is None or variant.interval is None:
        return
    low, high = variant.interval
    canvas.box(LEFT + low * per_share, y - BAR / 2, (high - low) * per_share, BAR, LIGHT)
    canvas.box(LEFT + variant.rate * per_share - POINT / 2, y - BAR / 2 - 6, POINT, BAR + 12, colour)


def _marks(highest: float) -> tuple[float, int]:
    """The per cent between two marks of the scale, and how many times: the last mark is at `highest` or beyond it."""
    step = next((step for step in STEPS if highest / step < MOST_MARKS), 25)
    return step, ceil(round(highest / step, 9))


def _scale(canvas: Canvas, top: float, bottom: float, step: float, n_steps: int, per_cent: float) -> None:
    """Upright lines with their rates below, from 0."""
    for i in range(n_steps + 1):
        x = LEFT + i * step * per_cent
        canvas.box(x - 1, top, 2, bottom - top, RULE)
        canvas.text(x, bottom + SMALL * LINE / 2, f"{i * step:g}%", SMALL, MUTED, "center")
