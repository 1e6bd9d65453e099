"""A forecast in words, and charts in which nothing overlaps."""

from __future__ import annotations

import struct
from datetime import date

import pytest

from bot.language import language
from bot.replies import File, Text, pictures
from bot.replies.forecast import chance, forecast_lines, next_order, orders
from bot.replies.pictures import MARGIN, WIDTH, Canvas, text_width
from bot.replies.pictures.charts import charts_picture, charts_pictures
from bot.replies.value import list_reply
from engine import Bar, CardForecast, Chart, CustomerForecast, DayEstimate, Estimate, Phrase, Row

DAY = DayEstimate(date(2026, 11, 28), date(2026, 11, 20), date(2026, 12, 25))


def forecast_of(
    p_none: float = 0.3, n: float = 1.4, usual: float | None = 320.0, day: DayEstimate | None = DAY
) -> CustomerForecast:
    return CustomerForecast(Estimate(p_none, 0.0, 1.0), Estimate(n, 0.0, 4.0), Estimate(250.4, 0.0, 800.0), usual, day)


def said(told: CardForecast, code: str) -> list[str]:
    return [line.say(language(code)) for line in forecast_lines(told, "CNY") if isinstance(line, Phrase)]


def test_a_card_says_what_comes_next() -> None:
    told = CardForecast(forecast_of(), 90, date(2026, 11, 1), is_fresh=True)
    assert said(told, "en") == [
        "will order again within 90 days: 7 of 10",
        "expected in this time: about 1.4 orders, about ¥250 (likely ¥0 to ¥800)",
        "their pace so far would bring ¥320",
        "next order around 2026-11-28, between 2026-11-20 and 2026-12-25",
    ]
    assert said(told, "zh") == [
        "90天内再下单的把握：7成",
        "这段时间预计：大约1.4笔订单，大约¥250（多半在¥0到¥800之间）",
        "照以前的买法，这段时间该有¥320",
        "下一单大约在2026-11-28，早则2026-11-20，晚则2026-12-25",
    ]


def test_what_is_not_known_is_not_said_and_age_is() -> None:
    told = CardForecast(forecast_of(usual=None, day=None), 90, date(2026, 11, 1), is_fresh=False)
    *_, last = said(told, "en")
    assert len(said(told, "en")) == 3
    assert last == "This is from 2026-11-01; there are newer data since: /value computes it again."


def test_where_no_forecast_tells_who_comes_no_chance_is_told() -> None:
    told = CardForecast(forecast_of(), 90, date(2026, 11, 1), is_fresh=True, tells_who=False)
    assert said(told, "en")[:2] == [
        "whether they order again: your past orders do not let me tell",
        "expected in this time: about 1.4 orders, about ¥250 (likely ¥0 to ¥800)",
    ]


@pytest.mark.parametrize(
    ("p_none", "words"),
    [
        (0.0, "almost certain"), (0.05, "almost certain"), (0.06, "9 of 10"), (0.3, "7 of 10"), (0.5, "5 of 10"),
        (0.93, "1 of 10"), (0.95, "hardly"), (1.0, "hardly"),
    ],
)  # fmt: skip
def test_a_chance_is_told_in_tenths(p_none: float, words: str) -> None:
    assert str(chance(forecast_of(p_none))) == words


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0.0, "hardly any order"), (0.099, "hardly any order"), (0.3, "about 0.3 orders"), (1.04, "about 1 order"),
        (12.6, "about 13 orders"),
    ],
)  # fmt: skip
def test_orders_are_told_as_far_as_they_matter(n: float, words: str) -> None:
    assert str(orders(forecast_of(n=n))) == words


def test_a_day_that_may_never_come() -> None:
    assert str(next_order(DayEstimate(DAY.value, DAY.low, None))) == (
        "next order around 2026-11-28, hardly before 2026-11-20"
    )


def test_a_list_that_the_chat_does_not_take_is_told_of() -> None:
    (part,) = list_reply("forecast.csv", b"x" * 50_000_001, "/shop/forecast.csv").parts
    assert isinstance(part, Text)
    assert str(part.lines[0]) == "forecast.csv is too large for the chat; it is at /shop/forecast.csv"
    (part,) = list_reply("forecast.csv", b"x", "/shop/forecast.csv").parts
    assert isinstance(part, File)
    assert (part.name, part.content) == ("forecast.csv", b"x")


def bar(value: float, words: str = "¥1,234,567 came", low: float | None = None, high: float | None = None) -> Bar:
    return Bar(value, Phrase("{text}", text=words), "came", low, high)


def chart(*rows: Row, full: float | None = None, mark: float | None = None) -> Chart:
    return Chart(Phrase("{text}", text="Money " * 9), Phrase("{text}", text="note " * 30), rows, full, mark)


CHARTS = [
    chart(Row(Phrase("{text}", text="label " * 30), (bar(0), bar(1e9)))),
    chart(Row(Phrase("{text}", text="scores"), (bar(0.7, "70 of 100", 0.6, 0.95),)), full=1.0, mark=0.5),
    chart(Row(Phrase("{text}", text="nothing"), (bar(0), bar(0, "")))),
]


def test_nothing_overlaps_or_leaves_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[tuple[float, float, float, float]] = []
    boxes: list[tuple[float, float, float, float]] = []
    text, box = Canvas.text, Canvas.box

    def note_text(self: Canvas, x: float, y: float, words: str, size: float, *rest: str) -> None:
        texts.append((x, y - size / 2, x + text_width(words, size), y + size / 2))
        text(self, x, y, words, size, *rest)  # type: ignore[arg-type]

    def note_box(self: Canvas, x: float, y: float, width: float, height: float, colour: str) -> None:
        boxes.append((x, y, x + width, y + height))
        box(self, x, y, width, height, colour)

    monkeypatch.setattr(Canvas, "text", note_text)
    monkeypatch.setattr(Canvas, "box", note_box)
    png = charts_picture(CHARTS, language("en"))
    width, height = struct.unpack(">II", png[16:24])
    assert width == WIDTH
    for left, top, right, bottom in [*texts, *boxes]:
        assert MARGIN <= left < right + 1
        assert right <= WIDTH - MARGIN + 1
        assert 0 <= top <= bottom <= height
    for at, (left, top, right, bottom) in enumerate(texts):
        for other in [*texts[:at], *boxes]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_what_is_too_high_for_a_phone_becomes_several_pictures() -> None:
    rows = [Row(Phrase("{text}", text=f"row {n}"), (bar(n),)) for n in range(60)]
    found = charts_pictures([*CHARTS, chart(*rows)], language("en"))
    sizes = [struct.unpack(">II", png[16:24]) for png in found]
    assert len(sizes) > 2
    assert all(width == WIDTH and height <= 2 * WIDTH for width, height in sizes)
    assert len(charts_pictures(CHARTS[1:2], language("en"))) == 1
    assert charts_pictures([], language("en")) == ()


def test_bars_are_as_long_as_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[float] = []
    box = Canvas.box

    def note_box(self: Canvas, x: float, y: float, width: float, height: float, colour: str) -> None:
        if colour == pictures.DEEP:
            lengths.append(width)
        box(self, x, y, width, height, colour)

    monkeypatch.setattr(Canvas, "box", note_box)
    charts_picture([chart(Row(Phrase("{text}", text="a"), (bar(50), bar(100), bar(25))))], language("en"))
    half, whole, quarter = lengths
    assert [half / whole, quarter / whole] == pytest.approx([0.5, 0.25])
