"""Counts as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NotAllowed
from engine.intake.outcomes import Count, counts

BOTH = (Count("A", 3, 40), Count("B", 5, 41))


@pytest.mark.parametrize(
    "text",
    [
        "A 3/40, B 5/41",
        "A组 3/40；B组：5/41",
        "A: 3 / 40\nB: 5 / 41",
        "a 3/40 b 5/41",
        "Ａ　３／４０，Ｂ　５／４１",
        "A=3/40、B=5/41。",
        "variant A 3/40 and variant B 5/41",
        "A3/40;B5/41.",
        "A 方案 3/40，B 方案 5/41",
    ],
)
def test_many_ways_to_say_the_same(text: str) -> None:
    assert counts(text) == BOTH


def test_large_numbers_may_have_commas() -> None:
    assert counts("A 1,203/40,000, B 5/41") == (Count("A", 1203, 40000), Count("B", 5, 41))


@pytest.mark.parametrize(
    "text",
    ["", "3/40", "A 3", "A 3/40 B", "A 3%", "A -3/40", "A 3.5/40", "A 3/40/5", "A 3/99999999999", "see A 3/40 ok"],
)
def test_what_is_not_understood_is_answered_with_an_example(text: str) -> None:
    with pytest.raises(NotAllowed, match="for example: A 3/40, B 5/41"):
        counts(text)


@given(st.lists(st.tuples(st.integers(0, 10**9 - 1), st.integers(0, 10**9 - 1)), min_size=1, max_size=5))
@settings(max_examples=50)
def test_what_is_written_is_read(pairs: list[tuple[int, int]]) -> None:
    written = ", ".join(f"{'ABCDE'[k]} {wins}/{sends}" for k, (wins, sends) in enumerate(pairs))
    assert [(count.conversions, count.sends) for count in counts(written)] == pairs
