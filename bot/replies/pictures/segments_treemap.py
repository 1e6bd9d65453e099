"""Whose money it is: a field for each segment, as large as its share."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies.pictures import LARGE, LINE, MARGIN, MIDDLE, MUTED, PAPER, SMALL, WIDTH, Canvas, text_width, wrapped
from bot.replies.pictures.segments_legend import colour, legend, legend_height
from engine import Language, Phrase, SegmentReport, in_percent

INNER = WIDTH - 2 * MARGIN
FIELD = 620  # height of all fields
GAP = 24
SEAM = 4
PADDING = 14
NOTHING = 1e-9  # of all: no field can be so small

Rectangle = tuple[float, float, float, float]  # left, top, width, height


def treemap_picture(report: SegmentReport, language: Language) -> bytes:
    """A PNG: fields by share of the money, or of the customers where no money is known, and what each field is."""
    has_money = report.has_money
    title = Phrase("Whose money it is") if has_money else Phrase("How many customers each group has")
    titles = wrapped(title.say(language), INNER, LARGE)
    shares = [s.share_of_revenue if has_money else s.share_of_customers for s in report.segments]
    notes = [
        Phrase("{money} of the money, {people} of customers", money=in_percent(money), people=in_percent(people))
        if has_money
        else Phrase("{people} of customers", people=in_percent(people))
        for money, people in ((s.share_of_revenue, s.share_of_customers) for s in report.segments)
    ]
    note = wrapped(Phrase("The larger the field, the larger the share.").say(language), INNER, SMALL)
    head = MARGIN + len(titles) * LARGE * LINE + len(note) * SMALL * LINE + GAP
    canvas = Canvas(head + FIELD + GAP + legend_height(report.segments, notes, language) + MARGIN)
    y = canvas.lines(MARGIN, titles, LARGE)
    y = canvas.lines(y, note, SMALL, MUTED) + GAP
    for number, field in fields(shares, (MARGIN, y, INNER, FIELD)):
        _field(
            canvas, field, number, report.segments[number].name.say(language), in_percent(shares[number]).say(language)
        )
    legend(canvas, y + FIELD + GAP, report.segments, notes, language, shapes=False)
    return canvas.png()


def fields(shares: Sequence[float], whole: Rectangle) -> list[tuple[int, Rectangle]]:
    """The numbers of the shares that are more than nothing, the largest first, each with its part of `whole`.

    Each is about as wide as high.

    Source: Bruls, Huizing & van Wijk (2000), "Squarified Treemaps", section 3.
    """
    least = NOTHING * sum(shares)
    waiting = sorted((number for number, share in enumerate(shares) if share > least), key=lambda one: -shares[one])
    total = sum(shares[number] for number in waiting)
    left, top, width, height = whole
    result: list[tuple[int, Rectangle]] = []
    while waiting:
        side = min(width, height)
        area = width * height
        taken = 1
        while taken < len(waiting) and _worst(_areas(shares, waiting[: taken + 1], area, total), side) <= _worst(
            _areas(shares, waiting[:taken], area, total), side
        ):
            taken += 1
        row, waiting = waiting[:taken], waiting[taken:]
        areas = _areas(shares, row, area, total)
        thick = sum(areas) / side
        at = 0.0
        for number, one in zip(row, areas, strict=True):
            long = one / thick
            if width >= height:
                result.append((number, (left, top + at, thick, long)))
            else:
                result.append((number, (left + at, top, long, thick)))
            at += long
        total -= sum(shares[number] for number in row)
        if width >= height:
            left, width = left + thick, width - thick
        else:
            top, height = top + thick, height - thick
    return result


def _areas(shares: Sequence[float], row: Sequence[int], area: float, total: float) -> list[float]:
    return [shares[number] / total * area for number in row]


def _worst(areas: Sequence[float], side: float) -> float:
    """The largest ratio of long to short side in a row along `side`."""
    thick = sum(areas) / side
    return max(max(one / thick**2, thick**2 / one) for one in areas)


def _field(canvas: Canvas, field: Rectangle, number: int, name: str, share: str) -> None:
    left, top, width, height = field
    width, height = max(width - SEAM, 1.0), max(height - SEAM, 1.0)
    canvas.box(left, top, width, height, colour(number))
    room, at = width - 2 * PADDING, top + PADDING
    if text_width(share, MIDDLE) > room or height < MIDDLE * LINE + 2 * PADDING:
        return
    canvas.text(left + PADDING, at + MIDDLE * LINE / 2, share, MIDDLE, PAPER)
    at += MIDDLE * LINE
    lines = wrapped(name, room, SMALL) if room > 4 * SMALL else []
    if lines and at + len(lines) * SMALL * LINE <= top + height - PADDING:
        for line in lines:
            canvas.text(left + PADDING, at + SMALL * LINE / 2, line, SMALL, PAPER)
            at += SMALL * LINE
