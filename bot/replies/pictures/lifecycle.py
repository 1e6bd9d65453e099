"""The picture of all stages: how many people are in each, and how far all have come."""

from __future__ import annotations

from bot.replies.pictures import (
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
from engine import Language, LifecycleReport, Phrase, StageLine, counted

BAR = 30
THIN = 18
BELOW = 6  # a name, to its bar
AROUND = 16  # above and below a row
STEP = SMALL * LINE + BELOW + THIN + 12
INNER = WIDTH - 2 * MARGIN
COLOURS = {
    "awareness": "#e6dcb9",
    "interest": "#d3bd78",
    "evaluation": "#b0964a",
    "purchase": "#a9c4cf",
    "use": "#5f97a8",
    "loyalty": "#2b6777",
    "warned": WARM,
    "churn": "#98a2a8",
    "unknown": RULE,
}
FUNNEL = "#5f97a8"


def stages_picture(report: LifecycleReport, language: Language) -> bytes:
    """A PNG, `WIDTH` pixels wide and as high as it takes: a bar per stage, then the funnel."""
    title = wrapped(Phrase("Where your customers stand").say(language), INNER, LARGE)
    note = wrapped(_note(report).say(language), INNER, SMALL)
    funnel = wrapped(Phrase("How far they have come").say(language), INNER) if len(report.funnel) > 1 else []
    rows = sum(_height(stage) for stage in report.stages)
    head = MARGIN + len(title) * LARGE * LINE + len(note) * SMALL * LINE + AROUND
    tail = AROUND + len(funnel) * MIDDLE * LINE + len(report.funnel) * STEP if funnel else 0.0
    canvas = Canvas(head + rows + tail + MARGIN)
    y = canvas.lines(canvas.lines(MARGIN, title, LARGE), note, SMALL, MUTED) + AROUND
    most = max((stage.n for stage in report.stages), default=0) or 1
    for stage in report.stages:
        _stage(canvas, y, stage, most, language)
        y += _height(stage)
    if funnel:
        canvas.box(MARGIN, y, INNER, 2, RULE)
        y = canvas.lines(y + AROUND, funnel)
        _steps(canvas, y, report, language)
    return canvas.png()


def _height(stage: StageLine) -> float:
    if not stage.n:
        return 2 * AROUND + MIDDLE * LINE
    return 2 * AROUND + MIDDLE * LINE + BELOW + BAR + (SMALL * LINE if stage.n_warned else 0)


def _stage(canvas: Canvas, y: float, stage: StageLine, most: int, language: Language) -> None:
    canvas.box(MARGIN, y, INNER, 2, RULE)
    y += AROUND
    middle = y + MIDDLE * LINE / 2
    canvas.text(MARGIN, middle, stage.name.say(language))
    if not stage.observable:
        canvas.text(WIDTH - MARGIN, middle, Phrase("not observable").say(language), SMALL, MUTED, "right")
        return
    canvas.text(WIDTH - MARGIN, middle, _count(stage.n, stage.share).say(language), SMALL, MUTED, "right")
    if not stage.n:
        return
    y += MIDDLE * LINE + BELOW
    length = max(2.0, INNER * stage.n / most)
    marked = length * stage.n_warned / stage.n
    if stage.n > stage.n_warned:
        canvas.box(MARGIN, y, length - marked, BAR, COLOURS[stage.key])
    if marked:
        canvas.box(MARGIN + length - marked, y, marked, BAR, COLOURS["warned"])
        words = counted("{n} of them under churn warning", "{n} of them under churn warning", n=stage.n_warned).say(
            language
        )
        x = min(MARGIN + length - marked, WIDTH - MARGIN - text_width(words, SMALL))
        canvas.text(max(MARGIN, x), y + BAR + SMALL * LINE / 2, words, SMALL, WARM)


def _steps(canvas: Canvas, y: float, report: LifecycleReport, language: Language) -> None:
    first = report.funnel[0][1] or 1
    for name, n in report.funnel:
        middle = y + SMALL * LINE / 2
        canvas.text(MARGIN, middle, name.say(language), SMALL)
        canvas.text(WIDTH - MARGIN, middle, _count(n, n / first).say(language), SMALL, MUTED, "right")
        if n:
            canvas.box(MARGIN, y + SMALL * LINE + BELOW, max(2.0, INNER * n / first), THIN, FUNNEL)
        y += STEP


def _count(n: int, part: float) -> Phrase:
    number = counted("{n} person", "{n} people", n=n)
    if 0 < part < 0.005:
        return Phrase("{number} (under 1%)", number=number)
    return Phrase("{number} ({share:.0%})", number=number, share=part)


def _note(report: LifecycleReport) -> Phrase:
    return Phrase(
        "{customers}, as of {as_of}",
        customers=counted("{n} customer", "{n} customers", n=report.n_customers),
        as_of=report.as_of,
    )
