"""A map of the customers: who is alike lies close together."""

from __future__ import annotations

from bot.replies.pictures import LARGE, LINE, MARGIN, MUTED, RULE, SMALL, WIDTH, Canvas, wrapped
from bot.replies.pictures.segments_legend import colour, legend, legend_height, shape
from engine import Language, Phrase, SegmentDrawing, SegmentReport

INNER = WIDTH - 2 * MARGIN
PLOT = INNER * 0.86
DOT = 9
GAP = 20


def map_picture(report: SegmentReport, drawing: SegmentDrawing, language: Language) -> bytes:
    """A PNG: a dot for each of up to some 1,500 customers, what grows to the right and upwards, and the legend."""
    title = wrapped(Phrase("Your customers on a map").say(language), INNER, LARGE)
    note = wrapped(_note(report).say(language), INNER, SMALL)
    up = wrapped(Phrase("↑ {facts}", facts=drawing.up).say(language), INNER, SMALL) if drawing.up else []
    right = wrapped(Phrase("→ {facts}", facts=drawing.right).say(language), INNER, SMALL) if drawing.right else []
    notes = [None for _ in report.segments]
    lines = len(note) + len(up) + len(right)
    head = MARGIN + len(title) * LARGE * LINE + lines * SMALL * LINE + 4 * GAP + PLOT
    canvas = Canvas(head + legend_height(report.segments, notes, language) + MARGIN)
    y = canvas.lines(MARGIN, title, LARGE)
    y = canvas.lines(y, note, SMALL, MUTED) + GAP
    y = canvas.lines(y, up, SMALL)
    _dots(canvas, y + GAP / 2, report)
    y += PLOT + GAP
    for line in right:
        canvas.text(WIDTH - MARGIN, y + SMALL * LINE / 2, line, SMALL, align="right")
        y += SMALL * LINE
    legend(canvas, y + GAP, report.segments, notes, language, shapes=True)
    return canvas.png()


def _note(report: SegmentReport) -> Phrase:
    n_dots = sum(len(report.facts[segment.id].dots) for segment in report.segments if segment.id in report.facts)
    if n_dots < report.n_customers:
        return Phrase(
            "Who is alike lies close together; {dots} of {customers} customers are shown.",
            dots=n_dots,
            customers=report.n_customers,
        )
    return Phrase("Who is alike lies close together; each dot is a customer.")


def _dots(canvas: Canvas, top: float, report: SegmentReport) -> None:
    half, middle = PLOT / 2, top + PLOT / 2
    canvas.box(MARGIN, middle - 1, INNER, 2, RULE)
    canvas.box(WIDTH / 2 - 1, top, 2, PLOT, RULE)
    wide, high = INNER / 2 - DOT, half - DOT
    # the smallest last, so that nobody hides them
    by_size = sorted(enumerate(report.segments), key=lambda one: -one[1].size)
    for number, segment in by_size:
        facts = report.facts.get(segment.id)
        if facts is not None and facts.dots:
            at = [(WIDTH / 2 + x * wide, middle - y * high) for x, y in facts.dots]
            canvas.dots(at, DOT, colour(number), shape(number))
