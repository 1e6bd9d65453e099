"""The picture of charts that the engine describes: lying bars below their labels, one chart under the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.replies.pictures import (
    DEEP,
    INK,
    LARGE,
    LIGHT,
    LINE,
    MARGIN,
    MUTED,
    RULE,
    SMALL,
    WARM,
    WIDTH,
    Canvas,
    text_width,
    wrapped,
)
from engine import Bar, Chart, Language, Row

INNER = WIDTH - 2 * MARGIN
BAR = 30
BETWEEN_BARS = 6
BETWEEN_ROWS = 20
BETWEEN_CHARTS = 46
BELOW_NOTE = 8
BESIDE = 14  # between a bar and what is said of it
WHISKER = 4
TALLEST = 2 * WIDTH  # of a picture that a phone shows as a whole
COLOURS = {"expected": LIGHT, "came": DEEP, "chosen": DEEP, "other": LIGHT}


def charts_pictures(charts: Sequence[Chart], language: Language) -> tuple[bytes, ...]:
    """The same in as many pictures as it takes that none is higher than TALLEST; a long chart goes on in the next."""
    pages: list[list[Chart]] = []
    room = 0.0
    for part in (part for chart in charts for part in _parts(chart, language)):
        height = _Drawn(part, language).height
        if not pages or height + BETWEEN_CHARTS > room:
            pages.append([])
            room = TALLEST - 2 * MARGIN + BETWEEN_CHARTS
        pages[-1].append(part)
        room -= height + BETWEEN_CHARTS
    return tuple(charts_picture(page, language) for page in pages)


def _parts(chart: Chart, language: Language) -> list[Chart]:
    """The chart with so many of its rows at a time as there is room for, all on one scale."""
    whole = _Drawn(chart, language)
    most = TALLEST - 2 * MARGIN - _Drawn(replace(chart, rows=()), language).height
    parts: list[list[Row]] = [[]]
    left = most
    for label, row in zip(whole.labels, chart.rows, strict=True):
        if _height(label, row) > left and parts[-1]:
            parts.append([])
            left = most
        parts[-1].append(row)
        left -= _height(label, row)
    return [replace(chart, rows=tuple(rows), full=whole.full) for rows in parts]


def charts_picture(charts: Sequence[Chart], language: Language) -> bytes:
    """A PNG, `WIDTH` pixels wide and as high as it takes."""
    drawn = [_Drawn(chart, language) for chart in charts]
    canvas = Canvas(2 * MARGIN + sum(one.height for one in drawn) + BETWEEN_CHARTS * (len(drawn) - 1))
    y: float = MARGIN
    for at, one in enumerate(drawn):
        if at:
            canvas.box(MARGIN, y + BETWEEN_CHARTS / 2, INNER, 2, RULE)
            y += BETWEEN_CHARTS
        one.draw(canvas, y)
        y += one.height
    return canvas.png()


class _Drawn:
    """A chart with its texts broken into lines, so that its height is known."""

    def __init__(self, chart: Chart, language: Language) -> None:
        self.chart = chart
        self.language = language
        self.title = wrapped(chart.title.say(language), INNER, LARGE)
        self.note = wrapped(chart.note.say(language), INNER, SMALL)
        self.labels = [wrapped(row.label.say(language), INNER, SMALL) for row in chart.rows]
        bars = [bar for row in chart.rows for bar in row.bars]
        said = max((text_width(bar.said.say(language), SMALL) for bar in bars), default=0)
        self.room = INNER - BESIDE - said
        self.full = chart.full or max((max(bar.value, bar.high or 0.0) for bar in bars), default=0.0) or 1.0

    @property
    def height(self) -> float:
        rows = sum(_height(label, row) for label, row in zip(self.labels, self.chart.rows, strict=True))
        return len(self.title) * LARGE * LINE + len(self.note) * SMALL * LINE + BELOW_NOTE + rows

    def draw(self, canvas: Canvas, y: float) -> None:
        y = canvas.lines(y, self.title, LARGE)
        y = canvas.lines(y, self.note, SMALL, MUTED) + BELOW_NOTE
        for label, row in zip(self.labels, self.chart.rows, strict=True):
            at = canvas.lines(y + BETWEEN_ROWS, label, SMALL)
            for bar in row.bars:
                at += BETWEEN_BARS
                self._bar(canvas, at, bar)
                at += BAR
            y += _height(label, row)

    def _bar(self, canvas: Canvas, y: float, bar: Bar) -> None:
        long = self._long(bar.value)
        canvas.box(MARGIN, y, max(2.0, long), BAR, COLOURS[bar.tone])
        if bar.low is not None and bar.high is not None:
            low, high = self._long(bar.low), self._long(bar.high)
            canvas.box(MARGIN + low, y + (BAR - WHISKER) / 2, max(2.0, high - low), WHISKER, INK)
            long = max(long, high)
        said = bar.said.say(self.language)
        if self.chart.mark is not None:
            mark = self._long(self.chart.mark)
            canvas.box(MARGIN + mark, y - BETWEEN_BARS / 2, 3, BAR + BETWEEN_BARS, WARM)
            # the words do not stand across the mark
            if long - BESIDE < mark < long + BESIDE + text_width(said, SMALL):
                long = max(long, mark)
        canvas.text(MARGIN + long + BESIDE, y + BAR / 2, said, SMALL)

    def _long(self, value: float) -> float:
        return min(1.0, value / self.full) * self.room


def _height(label: Sequence[str], row: Row) -> float:
    return BETWEEN_ROWS + len(label) * SMALL * LINE + len(row.bars) * (BETWEEN_BARS + BAR)
