"""The report of gaps: readable, complete, and with buttons that fit."""

from __future__ import annotations

import re
import struct

import pandas as pd
import pytest

from bot.language import language
from bot.replies import Picture, Text, pictures, plain
from bot.replies.missing import report_reply
from bot.replies.pictures import MARGIN, WIDTH, Canvas, text_width
from bot.replies.pictures.missing import FULL, missing_picture
from engine import MissingField, MissingReport, Phrase
from engine.missing.fields import CUSTOMER_FIELDS, Field
from engine.missing.report import NEVER_SEEN, gaps

LONG = "您每个月大概会在我们店里以及别家同类店铺花多少钱购买茶叶和茶具（不含送礼）"


def report_of(frame: pd.DataFrame) -> MissingReport:
    by_key = {field.key: field for field in CUSTOMER_FIELDS}
    fields = [by_key.get(key, Field(key, Phrase("{field}", field=key), "choice")) for key in map(str, frame.columns)]
    told = gaps("customers", frame, fields, ())
    return MissingReport(
        tuple(MissingField(one, None, None, f"#{number:08x}") for number, one in enumerate(told)),
        (),
        NEVER_SEEN,
        len(frame),
    )


FRAME = pd.DataFrame(
    {
        "name": ["A"] * 400,
        "city": [None] * 100 + ["Berlin"] * 300,
        "gender": [None] + ["female"] * 399,
        "phone": [None] * 400,
        LONG: [None] * 399 + ["1"],
    }
)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float, float, float, str]]:
    """Left, top, right, bottom and what, of each thing that is drawn."""
    things: list[tuple[float, float, float, float, str]] = []
    text, box = Canvas.text, Canvas.box

    def note_text(self: Canvas, x: float, y: float, words: str, size: float = 30, *rest: str) -> None:
        things.append((x, y - size / 2, x + text_width(words, size), y + size / 2, words))
        text(self, x, y, words, size, *rest)  # type: ignore[arg-type]

    def note_box(self: Canvas, x: float, y: float, width: float, height: float, colour: str) -> None:
        things.append((x, y, x + width, y + height, colour))
        box(self, x, y, width, height, colour)

    monkeypatch.setattr(Canvas, "text", note_text)
    monkeypatch.setattr(Canvas, "box", note_box)
    return things


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_picture_can_be_read(drawn: list[tuple[float, float, float, float, str]], code: str) -> None:
    png = missing_picture(report_of(FRAME), language(code))
    width, height = struct.unpack(">II", png[16:24])
    assert width == WIDTH
    words = [thing for thing in drawn if not thing[-1].startswith("#")]
    assert all(left >= MARGIN and right <= WIDTH - MARGIN / 2 and 0 <= top < bottom <= height
               for left, top, right, bottom, _ in drawn)  # fmt: skip
    for at, (left, top, right, bottom, _) in enumerate(words):
        for other_left, other_top, other_right, other_bottom, _ in words[:at]:
            assert right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
    shares = [thing[-1] for thing in words if re.search(r"%$", thing[-1])]
    wanted = {"en": ["100%", "over 99%", "25%", "under 1%", "0%"], "zh": ["100%", "超过99%", "25%", "不到1%", "0%"]}
    assert shares == wanted[code]
    bars = [right - left for left, _, right, _, colour in drawn if colour == pictures.DEEP]
    assert bars == pytest.approx([FULL, FULL * 399 / 400, FULL / 4, 2.0], abs=0.01)


def test_many_fields_are_told_in_part(drawn: list[tuple[float, float, float, float, str]]) -> None:
    frame = pd.DataFrame({f"x{number}": ["1", None] * 20 for number in range(40)})
    report = report_of(frame)
    missing_picture(report, language("en"))
    assert "and 22 more fields" in [thing[-1] for thing in drawn]
    (text,) = report_reply(report, None).parts
    assert isinstance(text, Text)
    assert "And 26 more fields, less incomplete." in plain(text.lines, language("en"))
    assert len(text.buttons) == 14


def test_a_button_names_a_long_field_shortly() -> None:
    report = report_of(FRAME)
    picture, text = report_reply(report, b"png").parts
    assert isinstance(picture, Picture)
    assert isinstance(text, Text)
    assert [row[0].line for row in text.buttons] == [
        "/missing phone", f"/missing {report.fields[4].ref}", "/missing city", "/missing gender",
    ]  # fmt: skip
    assert plain(picture.lines, language("en")) == "Something is missing in 4 of 5 fields."


def test_nothing_missing_is_said() -> None:
    reply = report_reply(report_of(FRAME[["name"]]), None)
    (text,) = reply.parts
    assert isinstance(text, Text)
    assert plain(text.lines, language("en")).startswith("Nothing is missing in your data.")
    assert text.buttons == ()
