"""Profile, map and treemap of segments: what they say, and that nothing lies on something else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import language
from bot.replies import Picture, Text, plain
from bot.replies.pictures import MARGIN, WIDTH, Canvas, text_width
from bot.replies.pictures.segments_map import map_picture
from bot.replies.pictures.segments_profile import profile_picture
from bot.replies.pictures.segments_tree import leaves, tree_picture
from bot.replies.pictures.segments_treemap import fields, treemap_picture
from bot.replies.segments import members_reply, segments_reply
from engine import Phrase, SegmentDrawing, SegmentFacts, SegmentMembers, SegmentReport
from tests.bot.replies.test_pictures import report_of, size_of

Words = list[tuple[float, float, float, float, str]]

TREE = {
    "sizes": [12_000, 3, 41, 7, 1],
    "mergers": [[1, 4, 0.5], [2, 3, 0.7], [0, 6, 2.0], [5, 7, 9.0]],
    "customers": 12_052,
}
DRAWING = SegmentDrawing(
    rows=(
        (Phrase("days since the last order"), (1.7, -0.4, -2.6)),
        (Phrase("{field}", field="How often do you buy things that you had not planned to buy?"), (0.01, 0.9, -0.9)),
    ),
    right=(Phrase("more: {what}", what=(Phrase("orders"), Phrase("revenue"))),),
    up=(Phrase("less: {what}", what=Phrase("age")),),
)


def told(shares: list[tuple[float, float]]) -> SegmentReport:
    report = report_of(shares)
    rng = np.random.default_rng(0)
    facts = {
        segment.id: SegmentFacts(dots=tuple((float(x), float(y)) for x, y in rng.uniform(-1, 1, (30, 2))))
        for segment in report.segments
    }
    return replace(report, facts=facts, drawing=DRAWING)


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Words:
    """The texts of each picture drawn: left, top, right, bottom, what they say."""
    found: Words = []
    text = Canvas.text

    def note(
        self: Canvas, x: float, y: float, said: str, size: float = 30, colour: str = "#000000", align: str = "left"
    ) -> None:
        width = text_width(said, size)
        left = x - width * {"left": 0.0, "right": 1.0, "center": 0.5}[align]
        found.append((left, y - size / 2, left + width, y + size / 2, said))
        text(self, x, y, said, size, colour, align)  # type: ignore[arg-type]

    monkeypatch.setattr(Canvas, "text", note)
    return found


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("shares", [[(0.31, 0.79), (0.4, 0.18), (0.29, 0.003)], [(0.4, 0.0), (0.3, 0.0), (0.3, 0.0)]])
@pytest.mark.parametrize("which", ["profile", "map", "treemap", "tree"])
def test_no_words_overlap_or_leave_the_picture(
    words: Words, which: str, shares: list[tuple[float, float]], code: str
) -> None:
    report, said = told(shares), language(code)
    png = {
        "profile": lambda: profile_picture(report, DRAWING, said),
        "map": lambda: map_picture(report, DRAWING, said),
        "treemap": lambda: treemap_picture(report, said),
        "tree": lambda: tree_picture(TREE, 3, said),
    }[which]()
    width, height = size_of(png)
    assert width == WIDTH
    assert len(words) > 4
    for at, (left, top, right, bottom, _) in enumerate(words):
        assert left >= MARGIN - 1
        assert right <= WIDTH - MARGIN / 2
        assert 0 <= top < bottom <= height
        for other_left, other_top, other_right, other_bottom, _ in words[:at]:
            assert right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top


def test_branches_of_a_tree_do_not_cross() -> None:
    # 1 and 4 meet first, then 2 and 3; these come to 0, and last the first two
    assert leaves(TREE["mergers"], 5) == [1, 4, 0, 2, 3]  # type: ignore[arg-type]


def test_a_number_has_its_sign_and_its_unit_is_told(words: Words) -> None:
    profile_picture(told([(0.3, 0.5), (0.4, 0.3), (0.3, 0.2)]), DRAWING, language("en"))
    said = " ".join(text for *_, text in words)
    assert "standard deviations" in said
    assert "+1.7" in said
    assert "−2.6" in said


def test_a_map_says_what_its_axes_mean(words: Words) -> None:
    map_picture(told([(0.3, 0.5), (0.4, 0.3), (0.3, 0.2)]), DRAWING, language("en"))
    said = [text for *_, text in words]
    assert "↑ less: age" in said
    assert "→ more: orders, revenue" in said
    assert "90 of 100 customers are shown." in " ".join(said)


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20).filter(lambda shares: sum(shares) > 0.01))
def test_fields_are_as_large_as_their_shares(shares: list[float]) -> None:
    found = fields(shares, (10, 20, 600, 400))
    shown = [number for number, share in enumerate(shares) if share > 1e-9 * sum(shares)]
    assert [number for number, _ in found] == sorted(shown, key=lambda number: -shares[number])
    for number, (left, top, width, height) in found:
        assert width * height == pytest.approx(shares[number] / sum(shares) * 240_000, rel=1e-5, abs=1e-2)
        assert left >= 10 - 1e-3
        assert top >= 20 - 1e-3
        assert left + width <= 610 + 1e-3
        assert top + height <= 420 + 1e-3


def test_without_money_shares_are_of_customers(words: Words) -> None:
    report = told([(0.6, 0.0), (0.4, 0.0)])
    assert not report.has_money
    treemap_picture(report, language("en"))
    said = [text for *_, text in words]
    assert "60%" in said
    assert not [text for text in said if "money" in text]


def test_the_other_pictures_are_a_button_away() -> None:
    reply = segments_reply(told([(0.6, 0.7), (0.4, 0.3)]), b"")
    picture, text = reply.parts
    assert isinstance(picture, Picture)
    assert isinstance(text, Text)
    lines = [button.line for row in text.buttons for button in row]
    assert {"/segments profile", "/segments map", "/segments shares"} <= set(lines)


def test_a_segment_says_what_sets_it_apart_and_what_would_move_people() -> None:
    report = told([(0.6, 0.7), (0.4, 0.3)])
    facts = SegmentFacts(
        covered=0.93,
        right=0.9,
        contrasts=(Phrase("twice"),),
        ways_out=(Phrase("all"),),
        hedges=(Phrase("80%"),),
    )
    (text,) = members_reply(SegmentMembers(report.segments[0], (), "GBP", facts)).parts
    assert isinstance(text, Text)
    said = plain(text.lines, language("en")).splitlines()
    assert "These rules fit 93% of them; of all whom the rules fit, 90% are in this group." in said
    assert said[said.index("What sets them apart") + 1] == "  • twice"
    assert said[said.index("What would move them") + 1] == "  • all"
    assert "80%" in said
