"""Pictures of stages, moves and months: nothing overlaps, nothing leaves the picture, and numbers have a unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.language import language
from bot.replies import pictures
from bot.replies.pictures import INK, MARGIN, WIDTH, Align, Canvas, text_width
from bot.replies.pictures.lifecycle import COLOURS, stages_picture
from bot.replies.pictures.moves import months_picture, moves_picture
from engine import GroupLine, LifecycleReport, Move, Phrase, StageLine, StageMonth
from engine.lifecycle.groups import MEANINGS
from engine.lifecycle.stages import EVERY, NAMES, WARNING, Rules

Thing = tuple[float, float, float, float, str]


def stage(key: str, n: int, total: int, *, warned: int = 0, observable: bool = True) -> StageLine:
    return StageLine(key, NAMES[key], MEANINGS[key], n, n / total, n / total, warned, observable)


def report_of(counts: dict[str, int], *, warned: int = 0, moves: tuple[Move, ...] = ()) -> LifecycleReport:
    total = sum(counts.values()) or 1
    months = tuple(
        StageMonth(date(2026, month, 28), {key: n * month // 12 for key, n in counts.items()}, {"use": warned // 12})
        for month in range(1, 13)
    )
    return LifecycleReport(
        run=1,
        as_of=date(2026, 12, 29),
        rules=Rules(90, 40),
        how=Phrase("so"),
        n_customers=total,
        stages=tuple(
            stage(key, counts.get(key, 0), total, warned=warned if key == "use" else 0, observable=key in counts)
            for key in EVERY
        ),
        warned=GroupLine("warned", WARNING, MEANINGS["warned"], warned),
        funnel=tuple((Phrase(step), total // at) for at, step in enumerate(("seen", "bought", "bought again"), 1)),
        since=date(2026, 11, 30),
        moves=moves,
        n_stayed=total - sum(move.n for move in moves),
        entries=(),
        months=months,
        record=None,
        caveats=(),
        unobservable=None,
        currency="CNY",
        computed_at=datetime(2026, 12, 29, tzinfo=UTC),
        is_fresh=True,
    )


SHOPS = {
    "orders only": report_of({"purchase": 10, "use": 130, "loyalty": 80, "churn": 80}, warned=100),
    "everything": report_of(dict.fromkeys(EVERY, 50_000), warned=12),
    "one": report_of({"purchase": 1}),
    "skewed": report_of({"use": 399_999, "loyalty": 1}, warned=1),
}
MOVES = {
    "few": (Move("use", "warned", 1),),
    "all": tuple(Move(was, now, 1 + 7 * i) for i, (was, now) in enumerate(
        (was, now) for was in (*EVERY, "warned") for now in (*EVERY, "warned") if was != now and now != "unknown"
    )),
    "skewed": (Move("unknown", "purchase", 300_000), Move("warned", "churn", 1), Move("churn", "use", 2)),
}  # fmt: skip


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Thing]:
    """The texts and bars of each picture drawn: left, top, right, bottom, what it is."""
    things: list[Thing] = []
    text, box = Canvas.text, Canvas.box

    def note_text(
        self: Canvas, x: float, y: float, words: str, size: float = pictures.MIDDLE, colour: str = INK,
        align: Align = "left",
    ) -> None:  # fmt: skip
        width = text_width(words, size)
        left = {"left": x, "right": x - width, "center": x - width / 2}[align]
        things.append((left, y - size / 2, left + width, y + size / 2, words))
        text(self, x, y, words, size, colour, align)

    def note_box(self: Canvas, x: float, y: float, width: float, height: float, colour: str) -> None:
        things.append((x, y, x + width, y + height, colour))
        box(self, x, y, width, height, colour)

    monkeypatch.setattr(Canvas, "text", note_text)
    monkeypatch.setattr(Canvas, "box", note_box)
    return things


def nothing_overlaps(things: list[Thing]) -> None:
    for at, (left, top, right, bottom, what) in enumerate(things):
        assert left >= MARGIN / 2, what
        assert right <= WIDTH - MARGIN / 2, what
        assert top >= 0, what
        for other_left, other_top, other_right, other_bottom, other in things[:at]:
            apart = (
                right <= other_left + 0.01
                or other_right <= left + 0.01
                or bottom <= other_top + 0.01
                or other_bottom <= top + 0.01
            )
            assert apart, (what, other)


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("name", SHOPS)
def test_stages(drawn: list[Thing], name: str, code: str) -> None:
    report, spoken = SHOPS[name], language(code)
    assert stages_picture(report, spoken).startswith(b"\x89PNG")
    nothing_overlaps(drawn)
    words = [what for *_, what in drawn if not what.startswith("#")]
    for line in report.stages:
        assert line.name.say(spoken) in words
    numbers = [word for word in words if any(letter.isdigit() for letter in word)]
    unit = "人" if code == "zh" else "p"
    assert all(unit in word or "2026" in word or "under" in word or "预警" in word for word in numbers)


def test_bars_are_as_long_as_their_counts(drawn: list[Thing]) -> None:
    stages_picture(SHOPS["orders only"], language("en"))
    lengths = {what: right - left for left, _, right, _, what in drawn if what in COLOURS.values()}
    assert lengths[COLOURS["loyalty"]] == pytest.approx(lengths[COLOURS["churn"]])
    assert lengths[COLOURS["loyalty"]] == pytest.approx(8 * lengths[COLOURS["purchase"]])
    assert lengths[COLOURS["warned"]] == pytest.approx(10 * lengths[COLOURS["purchase"]])


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("name", MOVES)
def test_moves(drawn: list[Thing], name: str, code: str) -> None:
    report = report_of(dict.fromkeys(EVERY, 50_000), warned=10, moves=MOVES[name])
    png = moves_picture(report, language(code))
    assert png is not None
    nothing_overlaps(drawn)


def test_without_moves_there_is_no_picture() -> None:
    assert moves_picture(SHOPS["one"], language("en")) is None
    young = replace(SHOPS["one"], since=None, moves=MOVES["few"])
    assert moves_picture(young, language("en")) is None


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("name", ["orders only", "everything", "skewed"])
def test_months(drawn: list[Thing], name: str, code: str) -> None:
    assert months_picture(SHOPS[name], language(code)) is not None
    nothing_overlaps(drawn)
    words = [what for *_, what in drawn if not what.startswith("#")]
    assert {"2026-02", "2026-12"} <= set(words)


def test_one_month_is_no_change() -> None:
    assert months_picture(SHOPS["one"], language("en")) is None
