"""What is said of a campaign whose people unsubscribed since it was drafted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.replies import plain
from bot.replies.draft import audience_lines
from engine import ENGLISH, Draft, Phrase

DRAFT = Draft(
    campaign=1,
    status="draft",
    segment=1,
    segment_key="everyone",
    segment_name=Phrase("Everyone"),
    goal="win_back",
    goal_title=Phrase("Win back"),
    channel="text",
    language="en",
    policy="uniform",
    audience=90,
    excluded={"unsubscribed": 2},
    holdout=0,
    variants=(),
    samples=(),
    notes=(),
    drafted_at=datetime(2026, 11, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("status", "n", "said"),
    [
        ("draft", 10, "10 of them have unsubscribed since the draft and will get nothing"),
        ("draft", 1, "1 of them has unsubscribed since the draft and will get nothing"),
        ("approved", 10, "10 people unsubscribed since the draft and get nothing"),
        ("approved", 1, "1 person unsubscribed since the draft and gets nothing"),
    ],
)
def test_who_unsubscribed_since_the_draft_is_told(status: str, n: int, said: str) -> None:
    told = plain(tuple(audience_lines(replace(DRAFT, status=status, unsubscribed_since=n))), ENGLISH)
    assert told.splitlines() == ["90 people get a message", "  • 2 left out: unsubscribed", f"  • {said}"]


def test_nothing_is_told_if_nobody_did() -> None:
    assert "since" not in plain(tuple(audience_lines(DRAFT)), ENGLISH)
