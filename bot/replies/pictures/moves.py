"""Pictures of how stages change: who moved from where to where, and the months before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.replies.pictures import (
    INK,
    LARGE,
    LIGHT,
    LINE,
    MARGIN,
    MUTED,
    SMALL,
    WARM,
    WIDTH,
    Align,
    Canvas,
    text_width,
    wrapped,
)
from bot.replies.pictures.lifecycle import COLOURS, INNER
from engine import Language, LifecycleReport, Move, Phrase, StageMonth, counted

ORDER = ("unknown", "awareness", "interest", "evaluation", "purchase", "use", "loyalty", "warned", "churn")
WORSE = ("warned", "churn")
FULL = 330  # pixels of all who moved together
SLOT = 2 * SMALL * LINE + 10  # of a stage, with its name and number
BLOCK = 16  # width
LEFT, RIGHT = 250, WIDTH - 250  # inner edges of the blocks
GAP = 24
LEFTWARD: Align = "left"
RIGHTWARD: Align = "right"


@dataclass(frozen=True)
class Side:
    """The stages of one side: of each how many people, and where its block begins."""

    n: Mapping[str, int]
    tops: Mapping[str, float]
    scale: float
    height: float

    @classmethod
    def of(cls, n: Mapping[str, int], scale: float) -> Side:
        tops, y = {}, 0.0
        for key in ORDER:
            if key in n:
                slot = max(SLOT, n[key] * scale + 10)
                tops[key] = y + (slot - n[key] * scale) / 2
                y += slot
        return cls(n, tops, scale, y)


def moves_picture(report: LifecycleReport, language: Language) -> bytes | None:
    """A PNG, `WIDTH` pixels wide: bands as thick as the number who moved; None if nobody has."""
    if report.since is None or not report.moves:
        return None
    title = wrapped(Phrase("Who has moved since {since}", since=report.since).say(language), INNER, LARGE)
    note = wrapped(_note(report).say(language), INNER, SMALL)
    scale = FULL / sum(move.n for move in report.moves)
    before, now = (Side.of(_sums(report.moves, side), scale) for side in ("before", "now"))
    top = MARGIN + len(title) * LARGE * LINE + len(note) * SMALL * LINE + GAP
    canvas = Canvas(top + max(before.height, now.height) + MARGIN)
    canvas.lines(canvas.lines(MARGIN, title, LARGE), note, SMALL, MUTED)
    _bands(canvas, top, report.moves, before, now)
    names = {
        **{stage.key: stage.name for stage in report.stages},
        "warned": report.warned.name,
        "unknown": Phrase("New"),
    }
    _labels(canvas, top, before, names, language, left=True)
    _labels(canvas, top, now, names, language, left=False)
    return canvas.png()


def _sums(moves: Sequence[Move], side: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for move in moves:
        key = move.before if side == "before" else move.now
        sums[key] = sums.get(key, 0) + move.n
    return sums


def _bands(canvas: Canvas, top: float, moves: Sequence[Move], before: Side, now: Side) -> None:
    from_y = {key: top + y for key, y in before.tops.items()}
    to_y = {key: top + y for key, y in now.tops.items()}
    for move in sorted(moves, key=lambda move: (ORDER.index(move.before), ORDER.index(move.now))):
        thick = move.n * before.scale
        colour = WARM if move.now in WORSE and move.before != "churn" else LIGHT
        canvas.band((LEFT, from_y[move.before]), (RIGHT, to_y[move.now]), thick, colour)
        from_y[move.before] += thick
        to_y[move.now] += thick


def _labels(
    canvas: Canvas, top: float, side: Side, names: Mapping[str, Phrase], language: Language, *, left: bool
) -> None:
    x, align = (LEFT - BLOCK - 12, RIGHTWARD) if left else (RIGHT + BLOCK + 12, LEFTWARD)
    for key, y in side.tops.items():
        height = max(2.0, side.n[key] * side.scale)
        canvas.box(LEFT - BLOCK if left else RIGHT, top + y, BLOCK, height, COLOURS[key] if key != "unknown" else MUTED)
        middle = top + y + height / 2
        number = counted("{n} person", "{n} people", n=side.n[key]).say(language)
        canvas.text(x, middle - SMALL * LINE / 2, names[key].say(language), SMALL, INK, align)
        canvas.text(x, middle + SMALL * LINE / 2, number, SMALL, MUTED, align)


def _note(report: LifecycleReport) -> Phrase:
    return counted(
        "{n} customer stayed where they were",
        "{n} customers stayed where they were",
        n=report.n_stayed,
    )


ROW = 40
DAY = 96  # width of a row's label
BESIDE = 14  # between these and its bar


def months_picture(report: LifecycleReport, language: Language) -> bytes | None:
    """A PNG, `WIDTH` pixels wide: of each month what share of the customers was in which stage; None of one month."""
    months = [month for month in report.months if _known(month.counts)]
    if len(months) < 2:
        return None
    title = wrapped(Phrase("Month by month").say(language), INNER, LARGE)
    note = wrapped(
        Phrase("Share of those known by then in each stage; on the right, how many they were").say(language),
        INNER,
        SMALL,
    )
    shown = [key for key in ORDER[1:] if any(_parts(month)[key] for month in months)]
    names = {**{stage.key: stage.name for stage in report.stages}, "warned": report.warned.name}
    legend = _legend([(COLOURS[key], names[key].say(language)) for key in shown])
    head = MARGIN + len(title) * LARGE * LINE + len(note) * SMALL * LINE
    top = head + GAP / 2 + len(legend) * SMALL * 1.5 + GAP
    canvas = Canvas(top + len(months) * (ROW + 10) + MARGIN)
    y = canvas.lines(canvas.lines(MARGIN, title, LARGE), note, SMALL, MUTED) + GAP / 2
    for row in legend:
        for x, colour, words in row:
            canvas.box(x, y + SMALL * 0.25, SMALL, SMALL, colour)
            canvas.text(x + SMALL + 8, y + SMALL * 0.75, words, SMALL)
        y += SMALL * 1.5
    parts = [{key: n for key, n in _parts(month).items() if key in shown} for month in months]
    numbers = [counted("{n} person", "{n} people", n=sum(part.values())).say(language) for part in parts]
    room = MARGIN + DAY + max(text_width(number, SMALL) for number in numbers) + 2 * BESIDE
    for at, (month, part, number) in enumerate(zip(months, parts, numbers, strict=True)):
        y = top + at * (ROW + 10)
        canvas.text(MARGIN, y + ROW / 2, f"{month.day:%Y-%m}", SMALL, MUTED)
        canvas.text(WIDTH - MARGIN, y + ROW / 2, number, SMALL, MUTED, "right")
        _shares(canvas, y, WIDTH - MARGIN - room, [(key, part[key]) for key in shown])
    return canvas.png()


def _known(counts: Mapping[str, int]) -> int:
    return sum(n for key, n in counts.items() if key != "unknown")


def _parts(month: StageMonth) -> dict[str, int]:
    """Those warned of apart from their stage."""
    calm = {key: n - month.warned.get(key, 0) for key, n in month.counts.items()}
    return {**dict.fromkeys(ORDER, 0), **calm, "warned": month.n_warned}


def _legend(entries: Sequence[tuple[str, str]]) -> list[list[tuple[float, str, str]]]:
    """Rows of (x, colour, words), as many in a row as fit."""
    rows: list[list[tuple[float, str, str]]] = [[]]
    x = float(MARGIN)
    for colour, words in entries:
        width = SMALL + 8 + text_width(words, SMALL) + 26
        if rows[-1] and x + width - 26 > WIDTH - MARGIN:
            rows.append([])
            x = float(MARGIN)
        rows[-1].append((x, colour, words))
        x += width
    return rows


def _shares(canvas: Canvas, y: float, width: float, parts: Sequence[tuple[str, int]]) -> None:
    x, per_person = float(MARGIN + DAY + BESIDE), width / sum(n for _, n in parts)
    for key, n in parts:
        if n:
            canvas.box(x, y, n * per_person, ROW, COLOURS[key])
        x += n * per_person
