"""Pictures are PNGs in which nothing overlaps, in both languages."""

from __future__ import annotations

import re
import struct
import threading
from datetime import UTC, date, datetime
from gettext import NullTranslations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.replies import pictures
from bot.replies.pictures import INK, MARGIN, WIDTH, Canvas, text_width, wrapped
from bot.replies.pictures.segments import segments_picture
from engine import ENGLISH, Language, Phrase, SegmentReport, StoredSegment

LONG = "Occasional buyers who spend little, quiet for a while: fewer different products (2)"
LONG_ZH = "很久以前偶尔购买、花费不多、而且已经有一段时间没有再来过的老顾客：购买的不同商品较少（第二组）"


WORDS_ZH = {
    "Who your customers are": "您的顾客是谁",
    "Share of customers and share of money, as of {as_of}": "人数占比与金额占比，截至 {as_of}",
    "{share:.0%} of customers": "占顾客 {share:.0%}",
    "{share:.0%} of the money": "占金额 {share:.0%}",
    "under 1% of customers": "占顾客不到 1%",
    "under 1% of the money": "占金额不到 1%",
    "Regulars who spend big": "高消费常客",
    LONG: LONG_ZH,
}


class Chinese(NullTranslations):
    """A catalogue for these tests."""

    def gettext(self, message: str) -> str:
        return WORDS_ZH[message]


LANGUAGES = [ENGLISH, Language("zh", Chinese())]


def report_of(shares: list[tuple[float, float]], name: str = "Regulars who spend big") -> SegmentReport:
    segments = tuple(
        StoredSegment(number, 1, f"s{number}", Phrase(name), Phrase(name), (), {}, 10, people, money)
        for number, (people, money) in enumerate(shares, start=1)
    )
    return SegmentReport(
        run=1,
        method="kmeans",
        k=len(segments),
        segments=segments,
        quality={},
        caveats=(),
        n_customers=100,
        as_of=date(2011, 12, 10),
        currency="GBP",
        computed_at=datetime(2026, 11, 23, tzinfo=UTC),
        is_fresh=True,
    )


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height, from the picture's header."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float, float, float, str]]:
    """The texts and bars of each picture drawn: left, top, right, bottom, what it is."""
    things: list[tuple[float, float, float, float, str]] = []
    text, box = Canvas.text, Canvas.box

    def note_text(
        self: Canvas, x: float, y: float, words: str, size: float = pictures.MIDDLE, colour: str = INK
    ) -> None:
        things.append((x, y - size / 2, x + text_width(words, size), y + size / 2, words))
        text(self, x, y, words, size, colour)

    def note_box(self: Canvas, x: float, y: float, width: float, height: float, colour: str) -> None:
        things.append((x, y, x + width, y + height, colour))
        box(self, x, y, width, height, colour)

    monkeypatch.setattr(Canvas, "text", note_text)
    monkeypatch.setattr(Canvas, "box", note_box)
    return things


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: str(language.code))
@pytest.mark.parametrize("name", ["Regulars who spend big", LONG])
@pytest.mark.parametrize("shares", [[(1.0, 1.0)], [(0.31, 0.79), (0.4, 0.18), (0.29, 0.003)], [(0.125, 0.125)] * 8])
def test_nothing_overlaps_or_leaves_the_picture(
    drawn: list[tuple[float, float, float, float, str]],
    shares: list[tuple[float, float]],
    name: str,
    language: Language,
) -> None:
    width, height = size_of(segments_picture(report_of(shares, name), language))
    assert width == WIDTH
    for at, (left, top, right, bottom, _) in enumerate(drawn):
        assert left >= MARGIN
        assert right <= WIDTH - MARGIN / 2
        assert 0 <= top < bottom <= height
        for other_left, other_top, other_right, other_bottom, _ in drawn[:at]:
            apart = right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
            assert apart


def test_it_says_names_shares_and_the_day(drawn: list[tuple[float, float, float, float, str]]) -> None:
    segments_picture(report_of([(0.31, 0.79), (0.69, 0.003)]), LANGUAGES[1])
    words = [thing[-1] for thing in drawn if not re.match("#", thing[-1])]
    assert words == [
        "您的顾客是谁",
        "人数占比与金额占比，截至 2011-12-10",
        *("高消费常客", "占顾客 31%", "占金额 79%"),
        *("高消费常客", "占顾客 69%", "占金额不到 1%"),
    ]


def test_bars_are_as_long_as_their_shares(drawn: list[tuple[float, float, float, float, str]]) -> None:
    segments_picture(report_of([(0.25, 0.5)]), ENGLISH)
    people, money = (right - left for left, _, right, _, what in drawn if what in (pictures.LIGHT, pictures.DEEP))
    assert money == pytest.approx(2 * people)


def test_the_same_picture_from_two_threads() -> None:
    made: list[bytes] = []

    def draw() -> None:
        made.append(segments_picture(report_of([(1.0, 1.0)]), ENGLISH))

    threads = [threading.Thread(target=draw) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 3
    assert len(set(made)) == 1


def test_a_chinese_comma_does_not_begin_a_line() -> None:
    assert wrapped("您的顾客，是谁", text_width("您的顾客") + 1) == ["您的顾", "客，是谁"]


@settings(max_examples=40)
@given(st.text("abc 好的, ", max_size=120), st.integers(60, 600))
def test_wrapping_loses_no_letter_and_keeps_the_width(words: str, width: int) -> None:
    words = words.strip()
    lines = wrapped(words, width)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(text_width(line) <= width for line in lines)


def test_a_dollar_is_a_dollar() -> None:
    canvas = Canvas(100)
    canvas.text(0, 50, "from $5 to $9")
    assert size_of(canvas.png()) == (WIDTH, 100)
