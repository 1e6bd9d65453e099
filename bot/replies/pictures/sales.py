"""The picture of how business goes: orders over time, by day of the week, by hour."""

from __future__ import annotations

from bot.replies.pictures import LARGE, LINE, MARGIN, MIDDLE, MUTED, SMALL, WIDTH, Canvas, wrapped
from bot.replies.pictures.bars import BELOW, HEIGHT, bars
from bot.replies.pictures.imports import TITLES, draw_timeline, timeline_notes
from bot.replies.sales import FEWEST_ORDERS
from engine import Language, Phrase, SalesReport

GAP = 30
INNER = WIDTH - 2 * MARGIN

WEEKDAYS = (
    Phrase("Mon"),
    Phrase("Tue"),
    Phrase("Wed"),
    Phrase("Thu"),
    Phrase("Fri"),
    Phrase("Sat"),
    Phrase("Sun"),
)


def sales_picture(report: SalesReport, language: Language) -> bytes:
    """A PNG, `WIDTH` pixels wide; hours only where the data have times of day."""
    title = wrapped(TITLES[report.timeline.unit].say(language), INNER, LARGE)
    notes = [line for note in timeline_notes(report.timeline) for line in wrapped(note.say(language), INNER, SMALL)]
    charts = _charts(report, language)
    head = MARGIN + len(title) * LARGE * LINE + len(notes) * SMALL * LINE + GAP
    one = HEIGHT + BELOW
    heights = [GAP + len(words) * MIDDLE * LINE + GAP + one for words, _, _ in charts]
    canvas = Canvas(head + one + sum(heights) + MARGIN)
    canvas.lines(canvas.lines(MARGIN, title, LARGE), notes, SMALL, MUTED)
    y = draw_timeline(canvas, head, report.timeline)
    for words, values, labels in charts:
        y = canvas.lines(y + GAP, words)
        y = bars(canvas, y + GAP, values, labels)
    return canvas.png()


def _charts(report: SalesReport, language: Language) -> list[tuple[list[str], list[float], list[str]]]:
    """Title, values and labels of the smaller charts; none of so few orders that they would say nothing."""
    if report.n_orders < FEWEST_ORDERS:
        return []
    charts = [
        (
            wrapped(Phrase("Orders on an average day of the week").say(language), INNER),
            [round(value, 2) for value in report.weekdays],
            [day.say(language) for day in WEEKDAYS],
        )
    ]
    if report.hours:
        words = wrapped(Phrase("Orders by hour of the day").say(language), INNER)
        charts.append((words, [float(n) for n in report.hours], [f"{hour}:00" for hour in range(24)]))
    return charts
