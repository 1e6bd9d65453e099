"""Pictures of orders over time, in which nothing overlaps, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import language
from bot.replies import pictures, plain
from bot.replies.pictures import DEEP, INK, LIGHT, MARGIN, RULE, WIDTH, Canvas, text_width
from bot.replies.pictures.bars import MOST_MARKS, scale_step
from bot.replies.pictures.imports import timeline_picture
from bot.replies.pictures.sales import sales_picture
from bot.replies.sales import sales_reply
from engine import SalesReport, Timeline
from tests.bot.replies.test_pictures import size_of

Thing = tuple[float, float, float, float, str]
TENTH = 0.1


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Thing]:
    """The texts and boxes of each picture drawn: left, top, right, bottom, what it is."""
    things: list[Thing] = []
    text, box = Canvas.text, Canvas.box

    def note_text(
        self: Canvas,
        x: float,
        y: float,
        words: str,
        size: float = pictures.MIDDLE,
        colour: str = INK,
        align: pictures.Align = "left",
    ) -> None:
        width = text_width(words, size)
        left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        things.append((left, y - size / 2, left + width, y + size / 2, words))
        text(self, x, y, words, size, colour, align)

    def note_box(self: Canvas, x: float, y: float, width: float, height: float, colour: str) -> None:
        things.append((x, y, x + width, y + height, colour))
        box(self, x, y, width, height, colour)

    monkeypatch.setattr(Canvas, "text", note_text)
    monkeypatch.setattr(Canvas, "box", note_box)
    return things


def over(unit: str, n: int, first: date = date(2021, 1, 1), most: int = 40_000) -> Timeline:
    """`n` periods, every fifth of them without an order."""
    step = {"day": 1, "week": 7, "month": 31, "year": 366}[unit]
    orders = tuple(0 if at % 5 == 3 else most * (at + 1) // n for at in range(n))
    starts = tuple((first + timedelta(days=step * at)) for at in range(n))
    return Timeline(unit, starts, orders, orders, True, n > 1, 3)  # type: ignore[arg-type]


def apart(one: Thing, other: Thing) -> bool:
    return (
        one[2] <= other[0] + TENTH
        or other[2] <= one[0] + TENTH
        or one[3] <= other[1] + TENTH
        or other[3] <= one[1] + TENTH
    )


def check_layout(things: list[Thing], png: bytes) -> None:
    """All within the picture; texts touch neither each other nor a bar (the lines of the scale run behind the bars)."""
    width, height = size_of(png)
    assert width == WIDTH
    solid = [thing for thing in things if thing[4] != RULE]
    for at, thing in enumerate(things):
        assert thing[0] >= MARGIN - TENTH
        assert thing[2] <= WIDTH - MARGIN + TENTH
        assert 0 <= thing[1] < thing[3] <= height
        for other in things[:at]:
            if (thing in solid and other in solid) or (thing[4] == RULE and not other[4].startswith("#")):
                assert apart(thing, other), (thing, other)


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize(
    ("unit", "n"),
    [("day", 1), ("day", 2), ("day", 31), ("week", 5), ("week", 21), ("month", 13), ("month", 60), ("year", 7)],
)
def test_nothing_overlaps_or_leaves_the_picture(drawn: list[Thing], unit: str, n: int, code: str) -> None:
    png = timeline_picture(over(unit, n), language(code))
    check_layout(drawn, png)


@settings(max_examples=25)
@given(st.floats(0.05, 1e8), st.booleans())
def test_a_scale_has_one_to_four_round_steps(highest: float, whole: bool) -> None:
    step = scale_step(highest, whole=whole)
    assert highest / step <= MOST_MARKS
    assert float(f"{step:.0e}") == pytest.approx(step)
    assert step >= 1 or not whole
    assert highest / step > 1 or step == 1


def test_a_month_without_orders_is_a_gap_and_ends_are_lighter(drawn: list[Thing]) -> None:
    timeline_picture(over("month", 10), language("en"))
    bars = [thing for thing in drawn if thing[4] in (DEEP, LIGHT)]
    assert [thing[4] for thing in bars] == [LIGHT, *[DEEP] * 6, LIGHT]  # 10 months, of which the 4th and 9th are empty
    centres = np.array([(thing[0] + thing[2]) / 2 for thing in bars])
    assert np.round(np.diff(centres) / np.diff(centres).min()).tolist() == [1, 1, 2, 1, 1, 1, 2]
    # the last is ten times the first
    heights = [thing[3] - thing[1] for thing in bars]
    assert heights[-1] == pytest.approx(10 * heights[0])


def test_it_says_unit_best_month_and_what_is_not_shown(drawn: list[Thing]) -> None:
    timeline_picture(over("month", 10), language("zh"))
    words = [thing[4] for thing in drawn if not thing[4].startswith("#")]
    assert words[:4] == [
        "每月的订单数",
        "最多：2021-10，40,000笔",
        "浅色：这一段的数据不全",
        "有3笔订单的日期离得太远，没画进来",
    ]


def report(hours: tuple[int, ...], n_orders: int = 100) -> SalesReport:
    return SalesReport(
        n_orders=n_orders,
        revenue=1000.0,
        currency=None,
        first=date(2025, 1, 1),
        last=date(2025, 12, 31),
        timeline=over("month", 13),
        weekdays=(0.5, 1.25, 0, 3, 2, 1, 0.1),
        n_untimed=0,
        hours=hours,
        best=(),
        n_products=0,
        places=(),
        n_rows=100,
        n_gone=0,
        n_in_part=0,
        returned=0.0,
        n_without_customer=0,
        revenue_without_customer=0.0,
    )


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("hours", [(), tuple(range(24))])
def test_the_picture_of_sales_has_hours_where_there_are_any(
    drawn: list[Thing], code: str, hours: tuple[int, ...]
) -> None:
    png = sales_picture(report(hours), language(code))
    check_layout(drawn, png)
    assert ("0:00" in [thing[4] for thing in drawn]) == bool(hours)


def test_of_a_single_order_no_weekday_and_no_hour_is_drawn_or_told(drawn: list[Thing]) -> None:
    one = report((1, *[0] * 23), n_orders=1)
    sales_picture(one, language("en"))
    assert {"Mon", "0:00"}.isdisjoint(thing[4] for thing in drawn)
    said = "\n".join(plain(part.lines, language("en")) for part in sales_reply(one, None).parts)
    assert "busiest" not in said
    assert "Most orders come on" not in said


def test_days_that_differ_by_tenths_are_not_told() -> None:
    rare = replace(report(()), weekdays=(0.2, 0.2, 0.3, 0.3, 0.2, 0.2, 0.2))
    said = "\n".join(plain(part.lines, language("en")) for part in sales_reply(rare, None).parts)
    assert "Most orders come on" not in said
