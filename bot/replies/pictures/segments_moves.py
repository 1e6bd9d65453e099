"""Where everybody went: the groups of last time on the left, those of now on the right, bands between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.replies.pictures import (
    LARGE,
    LINE,
    MARGIN,
    MUTED,
    PAPER,
    RULE,
    SMALL,
    WIDTH,
    Canvas,
    text_width,
    wrapped,
)
from bot.replies.pictures.segments_legend import colour
from engine import Language, Phrase, SegmentMoves, SegmentReport

BAR = 56  # width
TALL = 620  # all bars of one side, without what is between them
LEAST = SMALL * LINE + 4  # of a bar: its letter has room
BETWEEN = 14
GAP = 26
ENTRY_GAP = 12
CHIP = 34
ROOM = WIDTH - 2 * MARGIN - CHIP - 14
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
GREY = "#b7bdc1"

NEW, LEFT = "+", "–"


@dataclass(frozen=True)
class _Bar:
    """One group on one side: its letter, colour, name and size."""

    id: int | None
    letter: str
    colour: str
    name: Phrase
    n: int


def moves_picture(report: SegmentReport, moves: SegmentMoves, language: Language) -> bytes:
    """A PNG. A group has one letter and colour on both sides; those of last time that ended are grey."""
    now, before = _now(report, moves), _before(report, moves)
    heights = [_heights(side) for side in (before, now)]
    drawn = max(sum(some) + BETWEEN * (len(some) - 1) for some in heights)
    titles = wrapped(Phrase("Who moved where").say(language), WIDTH - 2 * MARGIN, LARGE)
    entries = _entries(before, now, language)
    head = MARGIN + len(titles) * LARGE * LINE + SMALL * LINE + GAP / 2
    below = sum(len(lines) * SMALL * LINE + ENTRY_GAP for _, lines in entries)
    canvas = Canvas(head + drawn + GAP + below + MARGIN)
    y = canvas.lines(MARGIN, titles, LARGE)
    _sides(canvas, y, moves, language)
    y += SMALL * LINE + GAP / 2
    lefts, rights = (_tops(y, side, some) for side, some in zip((before, now), heights, strict=True))
    _bands(canvas, moves, before, now, lefts, rights)
    for side, places, x in ((before, lefts, MARGIN), (now, rights, WIDTH - MARGIN - BAR)):
        for bar in side:
            top, height = places[bar.id]
            canvas.box(x, top, BAR, height, bar.colour)
            canvas.text(x + BAR / 2, top + height / 2, bar.letter, SMALL, PAPER, "center")
    _legend(canvas, y + drawn + GAP, entries)
    return canvas.png()


def _sides(canvas: Canvas, y: float, moves: SegmentMoves, language: Language) -> None:
    middle = y + SMALL * LINE / 2
    before = Phrase("{day:%Y-%m-%d}", day=moves.since).say(language)
    now = Phrase("now").say(language)
    canvas.text(MARGIN, middle, before, SMALL, MUTED)
    canvas.text(WIDTH - MARGIN - text_width(now, SMALL), middle, now, SMALL, MUTED)


def _now(report: SegmentReport, moves: SegmentMoves) -> list[_Bar]:
    sizes = _sizes([(move.now.id if move.now else None, move.n) for move in moves.moves])
    bars = [
        _Bar(segment.id, LETTERS[at % 26], colour(at), segment.name, sizes.get(segment.id, 0))
        for at, segment in enumerate(report.segments)
    ]
    if None in sizes:
        bars.append(_Bar(None, LEFT, GREY, Phrase("in no group any more"), sizes[None]))
    return bars


def _before(report: SegmentReport, moves: SegmentMoves) -> list[_Bar]:
    sizes = _sizes([(move.before.id if move.before else None, move.n) for move in moves.moves])
    goes_on = {moves.continues[one.id]: at for at, one in enumerate(report.segments) if one.id in moves.continues}
    letters = iter(LETTERS[len(report.segments) :] + LETTERS)
    bars = []
    for old in sorted(moves.groups_before, key=lambda one: goes_on.get(one.id, len(report.segments))):
        at = goes_on.get(old.id)
        letter, shade = (next(letters), GREY) if at is None else (LETTERS[at % 26], colour(at))
        bars.append(_Bar(old.id, letter, shade, old.name, sizes.get(old.id, 0)))
    if None in sizes:
        bars.append(_Bar(None, NEW, GREY, Phrase("new since then"), sizes[None]))
    return bars


def _sizes(counts: Sequence[tuple[int | None, int]]) -> dict[int | None, int]:
    sizes: dict[int | None, int] = {}
    for id_, n in counts:
        sizes[id_] = sizes.get(id_, 0) + n
    return sizes


def _heights(bars: Sequence[_Bar]) -> list[float]:
    total = sum(bar.n for bar in bars) or 1
    return [max(LEAST, TALL * bar.n / total) for bar in bars]


def _tops(y: float, bars: Sequence[_Bar], heights: Sequence[float]) -> dict[int | None, tuple[float, float]]:
    places = {}
    for bar, height in zip(bars, heights, strict=True):
        places[bar.id] = (y, height)
        y += height + BETWEEN
    return places


Places = Mapping[int | None, tuple[float, float]]


def _bands(
    canvas: Canvas, moves: SegmentMoves, before: Sequence[_Bar], now: Sequence[_Bar], lefts: Places, rights: Places
) -> None:
    """A band per way, as high on both sides as its share of the bar there allows; the colour is that of last time."""
    order_left = {bar.id: at for at, bar in enumerate(before)}
    order_right = {bar.id: at for at, bar in enumerate(now)}
    ways = [
        (move.before.id if move.before else None, move.now.id if move.now else None, move.n) for move in moves.moves
    ]
    ways.sort(key=lambda way: (order_left[way[0]], order_right[way[1]]))
    left_used: dict[int | None, float] = {}
    right_at = _right_places(ways, order_left, now, rights)
    shades = {bar.id: bar.colour for bar in before}
    for old, new, n in ways:
        top, height = lefts[old]
        size = next(bar.n for bar in before if bar.id == old)
        thick_left = height * n / size
        start = top + left_used.get(old, 0.0)
        left_used[old] = left_used.get(old, 0.0) + thick_left
        end, thick_right = right_at[(old, new)]
        thick = max(1.5, min(thick_left, thick_right))
        canvas.band(
            (MARGIN + BAR, start + (thick_left - thick) / 2),
            (WIDTH - MARGIN - BAR, end + (thick_right - thick) / 2),
            thick,
            shades[old],
        )


def _right_places(
    ways: Sequence[tuple[int | None, int | None, int]],
    order_left: Mapping[int | None, int],
    now: Sequence[_Bar],
    rights: Places,
) -> dict[tuple[int | None, int | None], tuple[float, float]]:
    """Where each band ends, and how high its part of the bar is."""
    places = {}
    for bar in now:
        top, height = rights[bar.id]
        for old, new, n in sorted((way for way in ways if way[1] == bar.id), key=lambda way: order_left[way[0]]):
            thick = height * n / bar.n
            places[(old, new)] = (top, thick)
            top += thick
    return places


def _entries(before: Sequence[_Bar], now: Sequence[_Bar], language: Language) -> list[tuple[_Bar, list[str]]]:
    """What each letter is, with its people then and now."""
    then = {bar.letter: bar for bar in before}
    entries = []
    for bar in now:
        old = then.pop(bar.letter, None)
        if bar.id is None:
            said = Phrase("{name}: {n}", name=bar.name, n=bar.n)
        elif old is None:
            said = Phrase("{name}: a new group of {n}", name=bar.name, n=bar.n)
        else:
            said = Phrase("{name}: {before} then, {now} now", name=bar.name, before=old.n, now=bar.n)
        entries.append((bar, wrapped(said.say(language), ROOM, SMALL)))
    for old in then.values():
        if old.id is None:
            said = Phrase("{name}: {n}", name=old.name, n=old.n)
        else:
            said = Phrase("{name}: {n} then, no such group now", name=old.name, n=old.n)
        entries.append((old, wrapped(said.say(language), ROOM, SMALL)))
    return entries


def _legend(canvas: Canvas, y: float, entries: Sequence[tuple[_Bar, list[str]]]) -> None:
    canvas.box(MARGIN, y - GAP / 2, WIDTH - 2 * MARGIN, 2, RULE)
    for bar, lines in entries:
        canvas.box(MARGIN, y + 1, CHIP, CHIP - 2, bar.colour)
        canvas.text(MARGIN + CHIP / 2, y + SMALL * LINE / 2, bar.letter, SMALL, PAPER, "center")
        for line in lines:
            canvas.text(MARGIN + CHIP + 14, y + SMALL * LINE / 2, line, SMALL)
            y += SMALL * LINE
        y += ENTRY_GAP
