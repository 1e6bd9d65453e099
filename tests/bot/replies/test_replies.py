"""A reply as Telegram gets it: escaped, within its limits, never cut inside a tag."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery import outgoing
from bot.replies import Button, File, Gap, Item, Lines, Picture, Quote, Reply, Text, Title, messages, plain, units
from engine import ENGLISH, Phrase

TAG = re.compile(r"</?(b|blockquote)>")


def fact(text: str) -> Phrase:
    return Phrase("{text}", text=text)


LINE = st.one_of(
    st.builds(lambda text: Title(fact(text)), st.text()),
    st.builds(lambda text: Item(fact(text)), st.text()),
    st.builds(Quote, st.text()),
    st.builds(fact, st.text(max_size=6000)),
    st.just(Gap()),
)


def test_each_kind_of_line() -> None:
    lines: Lines = (Title(Phrase("A & B")), Item(fact("<script>")), Quote("x > y"), Gap(), Phrase("end"))
    assert messages(lines, ENGLISH) == ["<b>A &amp; B</b>\n• &lt;script&gt;\n<blockquote>x &gt; y</blockquote>\n\nend"]
    assert plain(lines, ENGLISH) == "A & B\n  • <script>\n  │ x > y\n\nend"


@given(st.lists(LINE, max_size=12).map(tuple), st.sampled_from([200, 1024, 4096]))
@settings(max_examples=60)
def test_messages_keep_the_limit_and_close_their_tags(lines: Lines, limit: int) -> None:
    for text in messages(lines, ENGLISH, limit):
        assert units(text) <= limit
        assert text.strip()
        opened: list[str] = []
        for tag in TAG.finditer(text):
            if tag.group().startswith("</"):
                assert opened.pop() == tag.group(1)
            else:
                opened.append(tag.group(1))
        assert not opened
        rest = TAG.sub("", text)
        assert "<" not in rest
        assert ">" not in rest


@given(st.lists(st.text(alphabet="ab<&😀茶", min_size=1, max_size=300), min_size=1, max_size=40))
@settings(max_examples=40)
def test_nothing_is_lost_between_messages(texts: list[str]) -> None:
    together = "\n".join(messages(tuple(fact(text) for text in texts), ENGLISH, 1024))
    assert unescape(together) == "\n".join(texts)


def test_a_long_line_is_cut_with_an_ellipsis() -> None:
    (text,) = messages((fact("x" * 9000),), ENGLISH)
    assert units(text) <= 4096
    assert text.endswith("…")


def test_buttons_stand_under_the_last_message() -> None:
    button = Button(Phrase("Go"), "/help")
    reply = Reply((Text(tuple(fact("x" * 3000) for _ in range(3)), ((button,),)),))
    sent = outgoing(reply, ENGLISH)
    assert [bool(message.buttons) for message in sent] == [False, False, True]


def test_a_caption_that_is_too_long_becomes_a_message() -> None:
    button = Button(Phrase("Go"), "/help")
    reply = Reply((Picture(b"png", (fact("x" * 600), fact("y" * 600)), ((button,),)), File("a.csv", b"a")))
    picture, text, file = outgoing(reply, ENGLISH)
    assert (picture.html, picture.buttons) == ("", ())
    assert text.buttons
    assert file.document == ("a.csv", b"a")


def test_a_button_says_at_most_64_bytes() -> None:
    Button(Phrase("Go"), "x" * 64)
    with pytest.raises(ValueError, match="64 bytes"):
        Button(Phrase("Go"), "茶" * 22)
