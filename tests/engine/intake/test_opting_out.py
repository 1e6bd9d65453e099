"""Replies by which people want no more messages."""

from __future__ import annotations

import pytest

from engine.intake.opting_out import Reply, parted, reply_in

MAIL = """From: Ann Smith <Ann@Example.com>
To: shop@mine.example
Subject: Re: Summer is here

Please unsubscribe me.
> From our shop@mine.example: Summer is here …
"""


@pytest.mark.parametrize(
    ("text", "address", "word"),
    [
        ("13800000000: TD", "13800000000", "TD"),
        ("TD 138-0000-0000", "13800000000", "TD"),
        ("ann@example.com STOP", "ann@example.com", "STOP"),
        ("退订 ann@example.com", "ann@example.com", "退订"),
        ("ann@example.com：请退订，谢谢", "ann@example.com", "退订"),
        ("来自 13800000000\nT", "13800000000", "T"),
        (MAIL, "ann@example.com", "unsubscribe"),
    ],
)
def test_a_reply_says_who_wants_no_more(text: str, address: str, word: str) -> None:
    assert reply_in(text) == Reply((address,), word)


@pytest.mark.parametrize(
    "text",
    ["ann@example.com", "unsubscribe", "K001", "Ann R. Smith, ann@example.com", "A 3/40, B 5/41", "td", ""],
)
def test_what_is_no_reply(text: str) -> None:
    assert reply_in(text) is None


def test_a_list_is_read_as_addresses() -> None:
    assert parted(["ann@example.com TD", "TD", "K001", "<Bob@example.com>", "退订 王伟"]) == [
        "ann@example.com",
        "K001",
        "bob@example.com",
        "王伟",
    ]
