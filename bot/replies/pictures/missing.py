"""The picture of what is missing: for each field a bar as long as the share of its gaps."""

from __future__ import annotations

from bot.replies.pictures import DEEP, LARGE, LINE, MARGIN, MIDDLE, MUTED, RULE, SMALL, WIDTH, Canvas, wrapped
from engine import Language, MissingField, MissingReport, Phrase, counted, in_percent

BAR = 30
BETWEEN = 22  # fields
BELOW_NAME = 6
INNER = WIDTH - 2 * MARGIN
FULL = INNER - 150  # a share of 100 %, with room for its label
SHOWN = 18


def missing_picture(report: MissingReport, language: Language) -> bytes:
    """A PNG, `WIDTH` pixels wide and as high as it takes; the most incomplete field first."""
    fields = sorted(report.fields, key=lambda one: -one.gaps.share)
    shown, more = fields[:SHOWN], len(fields) - SHOWN
    title = wrapped(Phrase("What is missing").say(language), INNER, LARGE)
    note = wrapped(_note(report).say(language), INNER, SMALL)
    names = [wrapped(one.gaps.field.words.say(language), INNER) for one in shown]
    rest = wrapped(_rest(more).say(language), INNER, SMALL) if more > 0 else []
    head = MARGIN + len(title) * LARGE * LINE + len(note) * SMALL * LINE
    foot = BETWEEN + len(rest) * SMALL * LINE if rest else 0
    canvas = Canvas(head + sum(_height(name) for name in names) + foot + MARGIN)
    y = canvas.lines(MARGIN, title, LARGE)
    y = canvas.lines(y, note, SMALL, MUTED)
    for one, name in zip(shown, names, strict=True):
        _field(canvas, y + BETWEEN, one, name, language)
        y += _height(name)
    canvas.lines(y + BETWEEN, rest, SMALL, MUTED)
    return canvas.png()


def _height(name: list[str]) -> float:
    return BETWEEN + len(name) * MIDDLE * LINE + BELOW_NAME + BAR


def _field(canvas: Canvas, y: float, one: MissingField, name: list[str], language: Language) -> None:
    y = canvas.lines(y, name) + BELOW_NAME
    long = one.gaps.share * FULL
    canvas.box(MARGIN, y, FULL, BAR, RULE)
    if long:
        canvas.box(MARGIN, y, max(2.0, long), BAR, DEEP)
    canvas.text(MARGIN + FULL + 14, y + BAR / 2, in_percent(one.gaps.share).say(language), SMALL)


def _note(report: MissingReport) -> Phrase:
    if not report.n_customers:
        return Phrase("Share of what is not known, of orders and products")
    return counted(
        "Share of what is not known, of {n} customer and of orders and products",
        "Share of what is not known, of {n} customers and of orders and products",
        n=report.n_customers,
    )


def _rest(n: int) -> Phrase:
    return counted("and {n} more field", "and {n} more fields", n=n)
