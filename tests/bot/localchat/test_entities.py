"""Telegram's HTML. The expected sentences are TDLib's (td/telegram/MessageEntity.cpp)."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.localchat.entities import html, plain, units
from bot.localchat.refusals import Refused


def spans(source: str) -> list[tuple[str, str]]:
    """Kind and words of each entity of `source`."""
    rich = html(source)
    encoded = rich.text.encode("utf-16-le")
    return [
        (entity["type"], encoded[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le"))
        for entity in rich.entities
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>a</b><strong>b</strong>", [("bold", "a"), ("bold", "b")]),
        ("<i>a</i><em>b</em>", [("italic", "a"), ("italic", "b")]),
        ("<u>a</u><ins>b</ins>", [("underline", "a"), ("underline", "b")]),
        ("<s>a</s><strike>b</strike><del>c</del>", [("strikethrough", x) for x in "abc"]),
        ("<code>a</code><pre>b</pre>", [("code", "a"), ("pre", "b")]),
        ('<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', [("spoiler", "a"), ("spoiler", "b")]),
        ("<blockquote>a</blockquote>", [("blockquote", "a")]),
        ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", "a")]),
        ("<a href='https://x.y/?a=1&amp;b=2'>a</a>", [("text_link", "a")]),
        ("<a href='nowhere'>a</a>", []),
        ("😀<b>😀字</b>", [("bold", "😀字")]),
        ("<b>x<i>y</i></b>", [("bold", "xy"), ("italic", "y")]),
        ("<B>x</B>", [("bold", "x")]),
        ("<b>x</>", [("bold", "x")]),
        ("<b></b>x<b> </b>", []),
        ("  <b> x </b> ", [("bold", "x")]),
        (
            "<code>/start https://a.b</code> /help@zhike_bot https://a.b/c?d=字。 @somebody a@b.c 1/2",
            [
                ("code", "/start https://a.b"),
                ("bot_command", "/help@zhike_bot"),
                ("url", "https://a.b/c?d=字"),
                ("mention", "@somebody"),
            ],
        ),
    ],
)
def test_tags_become_entities(source: str, expected: list[tuple[str, str]]) -> None:
    assert spans(source) == expected


def test_details_are_kept() -> None:
    assert html("<a href='https://x.y/?a=1&amp;b=2'>a</a>").entities[0]["url"] == "https://x.y/?a=1&b=2"
    assert html('<pre><code class="language-python">a = 1</code></pre>').entities == (
        {"type": "pre", "offset": 0, "length": 5, "language": "python"},
    )
    assert html('<code class="language-python">a</code>').entities == ({"type": "code", "offset": 0, "length": 1},)
    assert html("&lt;b&gt; &amp;amp; &quot; &#23383; &nbsp; &copy").text == '<b> &amp; " 字 &nbsp; &copy'


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("字<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("字</b>", "Unexpected end tag at byte offset 3"),
        ("<b>字</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("字 <div>x</div>", 'Unsupported start tag "div" at byte offset 4'),
        ("1 < 2 > 0", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<a href='x>y", "Unclosed start tag at byte offset 0"),
        ("<span class='x'>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_what_cannot_be_parsed_is_refused(source: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        html(source)
    assert str(refused.value) == f"Bad Request: can't parse entities: {reason}"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@settings(max_examples=60)
@given(TEXTS)
def test_an_escaped_text_comes_through(text: str) -> None:
    assert html(escape(text, quote=False)) == plain(text)


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_entities_lie_within_the_text(before: str, inside: str) -> None:
    rich = html(f"{escape(before)}<b>{escape(inside)}</b>")
    for entity in rich.entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= len(rich) == units(rich.text)
