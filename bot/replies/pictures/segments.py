"""The picture of all segments: for each, its share of the customers beside its share of the money."""

from __future__ import annotations

from bot.replies.pictures import (
    DEEP,
    LARGE,
    LIGHT,
    LINE,
    MARGIN,
    MIDDLE,
    MUTED,
    RULE,
    SMALL,
    WIDTH,
    Canvas,
    wrapped,
)
from engine import Language, Phrase, SegmentReport, StoredSegment

BAR = 36
BETWEEN_BARS = 8
BETWEEN_SEGMENTS = 40
FULL = 420  # a share of 100 %
INNER = WIDTH - 2 * MARGIN


def segments_picture(report: SegmentReport, language: Language) -> bytes:
    """A PNG, `WIDTH` pixels wide and as high as it takes."""
    title = wrapped(Phrase("Who your customers are").say(language), INNER, LARGE)
    note = wrapped(_note(report).say(language), INNER, SMALL)
    names = [wrapped(segment.name.say(language), INNER) for segment in report.segments]
    head = MARGIN + len(title) * LARGE * LINE + len(note) * SMALL * LINE
    canvas = Canvas(head + sum(_height(name, report.has_money) for name in names) + MARGIN)
    y = canvas.lines(MARGIN, title, LARGE)
    y = canvas.lines(y, note, SMALL, MUTED)
    for segment, name in zip(report.segments, names, strict=True):
        _segment(canvas, y + BETWEEN_SEGMENTS, segment, name, language, has_money=report.has_money)
        y += _height(name, report.has_money)
    return canvas.png()


def _height(name: list[str], has_money: bool) -> float:
    return BETWEEN_SEGMENTS + len(name) * MIDDLE * LINE + (2 if has_money else 1) * (BETWEEN_BARS + BAR)


def _segment(
    canvas: Canvas, y: float, segment: StoredSegment, name: list[str], language: Language, *, has_money: bool
) -> None:
    canvas.box(MARGIN, y - BETWEEN_SEGMENTS / 2, INNER, 2, RULE)
    y = canvas.lines(y, name)
    people, money = segment.share_of_customers, segment.share_of_revenue
    bars = ((people, LIGHT, _of_customers(people)), (money, DEEP, _of_money(money)))
    for share, colour, label in bars if has_money else bars[:1]:
        y += BETWEEN_BARS
        canvas.box(MARGIN, y, max(2.0, share * FULL), BAR, colour)
        canvas.text(MARGIN + share * FULL + 14, y + BAR / 2, label.say(language), SMALL)
        y += BAR


def _note(report: SegmentReport) -> Phrase:
    if not report.has_money:
        return Phrase("Share of customers, as of {as_of}", as_of=report.as_of)
    return Phrase("Share of customers and share of money, as of {as_of}", as_of=report.as_of)


def _of_customers(share: float) -> Phrase:
    if 0 < share < 0.005:
        return Phrase("under 1% of customers")
    return Phrase("{share:.0%} of customers", share=share)


def _of_money(share: float) -> Phrase:
    if 0 < share < 0.005:
        return Phrase("under 1% of the money")
    return Phrase("{share:.0%} of the money", share=share)
