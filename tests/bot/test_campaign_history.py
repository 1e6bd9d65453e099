"""Who did what to a campaign, as whoever asks is told."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.language import speaker
from bot.replies import Item, Text
from bot.replies.campaign_history import history_reply
from engine.store.trail import Step

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def told(asker: str, code: str) -> list[str]:
    steps = [Step(AT, "user 7", "drafted"), Step(AT, "user 8", "approved"), Step(AT, "owner", "recorded")]
    steps.append(Step(AT, "command line, ann", "dropped"))
    (part,) = history_reply(3, steps, asker).parts
    assert isinstance(part, Text)
    said = [speaker(code)(line.phrase) for line in part.lines if isinstance(line, Item)]
    return [line.split(" ", 2)[2] for line in said]


def test_whoever_asks_is_you_and_nobody_is_a_number() -> None:
    assert told("user 7", "en") == [
        "drafted (you)",
        "approved (somebody else)",
        "outcome told (the owner)",
        "dropped (ann at the computer)",
    ]
    assert told("owner", "en")[2] == "outcome told (you)"
    assert all("user" not in line and "command" not in line for line in told("user 8", "zh"))
