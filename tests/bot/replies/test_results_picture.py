"""The picture of results: whole, legible, with two to five variants, in both languages."""

from __future__ import annotations

import struct
from dataclasses import replace
from gettext import NullTranslations
from itertools import combinations, product
from typing import Literal

import pytest

from bot.replies.pictures import DEEP, INK, LIGHT, MARGIN, MIDDLE, WARM, WIDTH, Canvas, text_width, wrapped
from bot.replies.pictures.results import results_picture
from engine import ENGLISH, Language, Phrase, Results, VariantResult
from engine.experiments.intervals import wilson
from engine.experiments.verdict import Verdict

PAIRS = [(3, 1400), (1405, 1405), (0, 0), (0, 1410), (12, 1402)]
ENGLISH_SENTENCE = (
    "Not yet: A 3 of 1,400 (0.2%), B 1,405 of 1,405 (100.0%), C nothing yet. If B stays this far ahead, about 43 more "
    "sends of each variant will tell. At your pace that is about 3 weeks."
)
CHINESE_SENTENCE = (
    "还不能下结论：A 1,400 人中 3 人（0.2%），B 1,405 人中 1,405 人（100.0%）。"
    "如果 B 一直领先这么多，每个版本大约再发 43 条就能看清楚。按您现在的速度，大约需要 3 周；"
    "在那之前，请不要急着选出赢家，也不用担心，多看几次并不会影响结论。"
)


WORDS_ZH = {
    "How many bought": "多少人买了",
    "Mark: how many bought. Pale bar: where that would end up with many more messages, however often you look.": (
        "竖条：买了的比例。浅色条：再多发很多人的话，比例大概在哪里。"
    ),
    "{conversions} of {reported} ({rate:.1%})": "{reported} 人中 {conversions} 人（{rate:.1%}）",
    "nothing reported yet": "还没有结果",
    CHINESE_SENTENCE: CHINESE_SENTENCE,
}


class InChinese(NullTranslations):
    """A catalogue for these tests."""

    def gettext(self, message: str) -> str:
        return WORDS_ZH[message]


CHINESE = Language("zh", InChinese())
Box = tuple[float, float, float, float, str]  # left, top, right, bottom, its words or its colour


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[Box]:
    """The texts of each picture drawn."""
    things: list[Box] = []
    text = Canvas.text

    def note(
        self: Canvas,
        x: float,
        y: float,
        words: str,
        size: float = MIDDLE,
        colour: str = INK,
        align: Literal["left", "right", "center"] = "left",
    ) -> None:
        width = text_width(words, size)
        left = x - width * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
        things.append((left, y - size / 2, left + width, y + size / 2, words))
        text(self, x, y, words, size, colour, align)

    monkeypatch.setattr(Canvas, "text", note)
    return things


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[Box]:
    """The bars, marks and lines of each picture drawn."""
    things: list[Box] = []
    box = Canvas.box

    def note(self: Canvas, x: float, y: float, width: float, height: float, colour: str) -> None:
        things.append((x, y, x + width, y + height, colour))
        box(self, x, y, width, height, colour)

    monkeypatch.setattr(Canvas, "box", note)
    return things


def results(n_variants: int, sentence: str, best: int | None = None) -> Results:
    variants = tuple(
        VariantResult(
            label="ABCDE"[k],
            template="warm",
            sends=1500,
            reported=sends,
            conversions=wins,
            rate=wins / sends if sends else None,
            interval=wilson(wins, sends) if sends else None,
            weight=1 / n_variants,
            before=None,
        )
        for k, (wins, sends) in enumerate(PAIRS[:n_variants])
    )
    return Results(
        campaign=3,
        segment_name=Phrase("Been away"),
        goal="win_back",
        channel="text",
        language="en",
        policy="uniform",
        holdout=5,
        variants=variants,
        verdict=Verdict("not yet" if best is None else "enough", Phrase(sentence), best),
        approved_at=None,
        reported_at=None,
    )


both_languages = pytest.mark.parametrize(
    ("language", "sentence"), [(ENGLISH, ENGLISH_SENTENCE), (CHINESE, CHINESE_SENTENCE)], ids=["en", "zh"]
)


@both_languages
@pytest.mark.parametrize("n_variants", [1, 2, 3, 4, 5])
def test_nothing_leaves_the_picture_or_meets_a_text(
    texts: list[Box], boxes: list[Box], n_variants: int, language: Language, sentence: str
) -> None:
    png = results_picture(results(n_variants, sentence), language)
    width, height = struct.unpack(">II", png[16:24])
    assert width == WIDTH
    for left, top, right, bottom, what in texts + boxes:
        assert left >= MARGIN, what
        assert right <= WIDTH - MARGIN / 2, what
        assert 0 <= top < bottom <= height, what
    for text, other in [*combinations(texts, 2), *product(texts, boxes)]:
        apart = text[2] <= other[0] or other[2] <= text[0] or text[3] <= other[1] or other[3] <= text[1]
        assert apart, f"{text[-1]} meets {other[-1]}"


def test_it_says_counts_beside_each_variant(texts: list[Box]) -> None:
    results_picture(results(3, ENGLISH_SENTENCE), ENGLISH)
    words = [text[-1] for text in texts]
    rows = words[words.index("A") : words.index("nothing reported yet") + 1]
    assert rows == ["A", "3 of 1,400 (0.2%)", "B", "1,405 of 1,405 (100.0%)", "C", "nothing reported yet"]


def test_the_mark_stands_at_the_rate_within_its_bar(boxes: list[Box], texts: list[Box]) -> None:
    results_picture(results(5, ENGLISH_SENTENCE), ENGLISH)
    marks = {text[-1]: (text[0] + text[2]) / 2 for text in texts if text[-1] in ("0%", "100%")}
    bars = [box for box in boxes if box[-1] == LIGHT]
    points = [(box[0] + box[2]) / 2 for box in boxes if box[-1] == DEEP]
    expected = [wins / sends for wins, sends in PAIRS if sends]
    for share, point, bar in zip(expected, points, bars, strict=True):
        assert point == pytest.approx(marks["0%"] + share * (marks["100%"] - marks["0%"]))
        assert bar[0] - 0.01 <= point <= bar[2] + 0.01


def test_the_scale_goes_on_beyond_the_longest_bar(boxes: list[Box], texts: list[Box]) -> None:
    # 6 of 26: Wilson's interval ends at 42.0 %, past the mark of 40 %
    few = replace(results(1, ENGLISH_SENTENCE).variants[0], reported=26, rate=6 / 26, interval=wilson(6, 26))
    results_picture(replace(results(1, ENGLISH_SENTENCE), variants=(few,)), ENGLISH)
    marks = [(text[0] + text[2]) / 2 for text in texts if text[-1].endswith("%")]
    (bar,) = (box for box in boxes if box[-1] == LIGHT)
    assert max(marks) > bar[2] + 10


def test_it_explains_both_the_mark_and_the_bar(texts: list[Box]) -> None:
    results_picture(results(2, ENGLISH_SENTENCE), ENGLISH)
    told = " ".join(text[-1] for text in texts)
    assert "Mark: how many bought." in told
    assert "Pale bar:" in told


def test_only_a_proven_winner_stands_out(boxes: list[Box]) -> None:
    results_picture(results(2, ENGLISH_SENTENCE), ENGLISH)
    assert WARM not in [box[-1] for box in boxes]
    results_picture(results(2, ENGLISH_SENTENCE, best=1), ENGLISH)
    assert [box[-1] for box in boxes].count(WARM) == 1


def test_lines_break_beside_chinese_letters_and_not_before_their_commas() -> None:
    width = text_width("一二三")
    assert wrapped("一二三，四五", width) == ["一二", "三，四", "五"]
    assert wrapped("一 二三四五", text_width("一 二三四")) == ["一 二三四", "五"]
    assert wrapped("一二（三）", width) == ["一二", "（三）"]
