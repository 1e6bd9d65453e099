"""Of how many parts an SMS is: the examples of the standard, and a slow count that an eye can check."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.campaigns.sms import EXTENDED, GSM, foreign, parts

# 3GPP TS 23.038, 6.2.1: 128 places, one of them the escape that leads to the extension
BASIC = {*GSM}


def slowly(text: str) -> int:
    """Fill one part after the other, character by character."""
    is_gsm = all(sign in BASIC or sign in EXTENDED for sign in text)
    if is_gsm:
        sizes, alone, chained = [2 if sign in EXTENDED else 1 for sign in text], 160, 153
    else:
        sizes, alone, chained = [len(sign.encode("utf-16-le")) // 2 for sign in text], 70, 67
    if sum(sizes) <= alone:
        return 1 if text else 0
    rooms = [chained]
    for size in sizes:
        if size > rooms[-1]:
            rooms.append(chained)
        rooms[-1] -= size
    return len(rooms)


def test_the_alphabet_has_127_characters_and_an_escape() -> None:
    assert len(GSM) == len(BASIC) == 127
    assert not BASIC & {*EXTENDED}


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        # each of ^ ~ \\ | { } [ ] and the euro sign takes two places
        ("[" * 80, 1),
        ("[" * 80 + "a", 2),
        ("€" * 81, 2),
        # no character is split: 76 of two places and one place left empty make a part
        ("[" * 153, 3),
        ("é" * 160, 1),
        # ê is not in the alphabet, and turns the whole text to UCS-2
        ("a" * 69 + "ê", 1),
        ("a" * 70 + "ê", 2),
        ("`" + "a" * 70, 2),
        ("中" * 70, 1),
        ("中" * 71, 2),
        ("中" * 134, 2),
        ("中" * 135, 3),
        # 140 Chinese characters: 67 + 67 + 6
        ("中" * 140, 3),
        # an emoji takes two places, and is not split
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
        ("中" * 66 + "😀" * 3, 2),
    ],
)
def test_known_counts(text: str, n: int) -> None:
    assert parts(text) == slowly(text) == n


@settings(max_examples=300)
@given(pieces=st.lists(st.tuples(st.sampled_from("aé\n[€ê`中😀\t"), st.integers(1, 90)), max_size=7))
def test_every_text_counts_as_it_is_filled_by_hand(pieces: list[tuple[str, int]]) -> None:
    text = "".join(sign * n for sign, n in pieces)
    assert parts(text) == slowly(text)


@settings(max_examples=100)
@given(text=st.text(max_size=400))
def test_any_text_has_a_count(text: str) -> None:
    assert parts(text) == slowly(text)
    assert parts(text + "a") >= parts(text)


def test_what_makes_an_sms_dearer_is_named_once() -> None:
    assert foreign("It’s “here” ’ê") == ("’", "“", "”", "ê")
    assert foreign("plain [text] for 5 €") == ()
