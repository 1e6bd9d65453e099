"""The picture of an import: its orders over time."""

from __future__ import annotations

from datetime import date

from bot.replies.pictures import DEEP, LARGE, LIGHT, LINE, MARGIN, MUTED, SMALL, WIDTH, Canvas, wrapped
from bot.replies.pictures.bars import BELOW, HEIGHT, bars
from engine import Language, Phrase, Timeline, counted

GAP = 30
INNER = WIDTH - 2 * MARGIN

TITLES = {
    "day": Phrase("Orders per day"),
    "week": Phrase("Orders per week"),
    "month": Phrase("Orders per month"),
    "year": Phrase("Orders per year"),
}
LABELS = {"day": "%m-%d", "week": "%m-%d", "month": "%Y-%m", "year": "%Y"}


def timeline_picture(timeline: Timeline, language: Language) -> bytes:
    """A PNG, `WIDTH` pixels wide: one bar per period; one that the file covers in part only is lighter."""
    title = wrapped(TITLES[timeline.unit].say(language), INNER, LARGE)
    notes = [line for note in timeline_notes(timeline) for line in wrapped(note.say(language), INNER, SMALL)]
    top = MARGIN + len(title) * LARGE * LINE + len(notes) * SMALL * LINE + GAP
    canvas = Canvas(top + HEIGHT + BELOW + MARGIN)
    canvas.lines(canvas.lines(MARGIN, title, LARGE), notes, SMALL, MUTED)
    draw_timeline(canvas, top, timeline)
    return canvas.png()


def draw_timeline(canvas: Canvas, top: float, timeline: Timeline) -> float:
    """The bars from `top` downwards; where the next may begin."""
    colours = [DEEP] * len(timeline.starts)
    if timeline.is_first_partial:
        colours[0] = LIGHT
    if timeline.is_last_partial:
        colours[-1] = LIGHT
    return bars(canvas, top, timeline.orders, [label(timeline, start) for start in timeline.starts], colours)


def label(timeline: Timeline, start: date) -> str:
    return start.strftime(LABELS[timeline.unit])


def timeline_notes(timeline: Timeline) -> list[Phrase]:
    """What the picture needs said: the best period, what is lighter, what is not shown."""
    notes = []
    if len(timeline.starts) > 1:
        best = max(range(len(timeline.starts)), key=timeline.orders.__getitem__)
        notes.append(
            counted(
                "Most: {period}, {n} order",
                "Most: {period}, {n} orders",
                n=timeline.orders[best],
                period=label(timeline, timeline.starts[best]),
            )
        )
    if timeline.is_first_partial or timeline.is_last_partial:
        notes.append(Phrase("Lighter: not all of it is in the data"))
    if timeline.n_outside:
        notes.append(
            counted(
                "{n} order lies far away in time and is not shown",
                "{n} orders lie far away in time and are not shown",
                n=timeline.n_outside,
            )
        )
    return notes
