"""Which campaign is meant, in the chat: by number, by button, and where none is named."""

from __future__ import annotations

import pytest

from bot.commands import Request, commands
from bot.replies import Reply, Text, markup
from engine import (
    ENGLISH,
    EngineError,
    NotFound,
    Shop,
    approve_campaign,
    draft_campaign,
    drop_campaign,
    find_segments,
    silent,
)
from tests.bot.talk import buttons, running_bot, text_of, with_button
from tests.engine.services.demo_shop import put_demo


@pytest.fixture
def demo(shop: Shop) -> Shop:
    """The demo shop with its two past campaigns."""
    put_demo(shop, segments=True)
    return shop


def drafted(shop: Shop) -> int:
    segment = find_segments(shop).segments[0].id
    return draft_campaign(shop, segment_id=segment, goal="repeat_purchase").campaign


def asked(shop: Shop, name: str, text: str, *, pressed: bool = False) -> tuple[str, dict[str, str]]:
    """What is answered, and the lines of its buttons by their label."""
    reply: Reply = commands()[name].run(shop, Request("en", text=text, pressed=pressed), silent)
    part = reply.parts[-1]
    assert isinstance(part, Text)
    said = "\n".join(markup(part.lines, ENGLISH))
    return said, {button.label.say(ENGLISH): button.line for row in part.buttons for button in row}


def test_a_number_that_is_typed_is_a_campaigns(demo: Shop) -> None:
    assert asked(demo, "campaign", "2")[0].startswith("<b>Campaign 2: Invite to buy again")
    with pytest.raises(NotFound, match="There is no campaign 99; there are: 1, 2"):
        asked(demo, "campaign", "99")


def test_a_number_on_an_old_button_is_still_a_segments(demo: Shop) -> None:
    segment = find_segments(demo).segments[1]
    old, _ = asked(demo, "campaign", str(segment.id), pressed=True)
    assert old == asked(demo, "campaign", f"for {segment.id}")[0]
    assert str(segment.name) in old


def test_a_segment_that_never_was_is_not_said_to_be_gone(demo: Shop) -> None:
    with pytest.raises(NotFound) as refused:
        asked(demo, "campaign", "for 99")
    assert "any more" not in str(refused.value)


def test_earlier_campaigns_are_offered_beside_a_new_one(demo: Shop) -> None:
    said, found = asked(demo, "campaign", "")
    assert "your earlier campaigns" in said
    assert list(found.values())[-2:] == ["/campaign show 2", "/campaign show 1"]
    assert "/campaign all" not in found.values()
    number = drafted(demo)
    drop_campaign(demo, drafted(demo), who="test")
    _, found = asked(demo, "campaign", "")
    assert found["All earlier campaigns"] == "/campaign all"
    _, everything = asked(demo, "campaign", "all")
    assert list(everything.values()) == [f"/campaign show {n}" for n in (4, 3, 2, 1)]
    labels = {line: label for label, line in everything.items()}
    assert labels[f"/campaign show {number}"].startswith("Campaign 3 (still a draft): ")
    assert labels["/campaign show 4"].startswith("Campaign 4 (dropped): ")


def test_a_refused_outcome_tells_which_campaign_it_was_taken_for(demo: Shop) -> None:
    said, found = asked(demo, "outcome", "A 3/400")
    assert "messages of A were in campaign 2." in said
    assert "I took it for campaign 2, approved last" in said
    assert list(found.values()) == ["/outcome 1"]


def test_an_outcome_while_a_newer_draft_is_open(demo: Shop) -> None:
    number = drafted(demo)
    said, found = asked(demo, "outcome", "A 3/400")
    assert f"Campaign {number} is newer, but still a draft" in said
    assert f"/campaign show {number}" in found.values()
    noted, _ = asked(demo, "outcome", "A 3/20")
    assert "Noted for campaign 2." in noted
    assert f"Campaign {number} is newer, but still a draft" in noted
    approve_campaign(demo, number, who="test")
    assert "still a draft" not in asked(demo, "outcome", f"{number} A 1/5")[0]


async def test_only_a_draft_so_far(shop: Shop) -> None:
    put_demo(shop, segments=True)
    with shop.open() as db:
        db.conn.execute("UPDATE campaigns SET status = 'draft'")
    async with running_bot(shop) as founder:
        assert "still a draft" in text_of(await founder.says("A 3/40"))


@pytest.mark.parametrize("text", ["A 3/", "A -1/26", "A 3 of 26", "A：3／", "A 3", "B 3人", "A组 /26"])
async def test_a_near_miss_is_answered_with_how_to_write_it(demo: Shop, text: str) -> None:
    async with running_bot(demo) as founder:
        said = text_of(await founder.says(text))
        assert "is not understood" in said
        assert "A 3/40, B 5/41" in said


@pytest.mark.parametrize("text", ["hello", "A nice day", "Q3 looks good", "I sold 3/4 of it"])
async def test_other_words_are_no_outcome(demo: Shop, text: str) -> None:
    async with running_bot(demo) as founder:
        assert "I know commands and files" in text_of(await founder.says(text))


@pytest.mark.parametrize(
    ("label", "status", "left"),
    [
        (
            "Approve",
            "was approved",
            [
                *("The list to send (CSV)", "List for Klaviyo", "List for Mailchimp", "Send by e-mail"),
                *("One by one, to copy", "Take the approval back", "Tell the outcome", "Results"),
            ],
        ),
        ("Drop", "was dropped", []),
    ],
)
async def test_a_draft_that_was_decided_has_no_keys_for_it_left(
    demo: Shop, label: str, status: str, left: list[str]
) -> None:
    number = drafted(demo)
    async with running_bot(demo) as founder:
        (draft,) = await founder.says(f"/campaign show {number}")
        answer = await founder.presses(draft, label)
        (now,) = (message for message in answer if message["message_id"] == draft["message_id"])
        assert status in now["text"]
        assert "Nothing is sent yet" not in now["text"]
        # what can be done now stands once, at the end
        assert buttons(now) == []
        assert [button["text"] for button in buttons(answer[-1])] == left


async def test_keys_that_are_out_of_date_go_when_they_are_pressed(demo: Shop) -> None:
    number = drafted(demo)
    async with running_bot(demo) as founder:
        (draft,) = await founder.says(f"/campaign show {number}")
        drop_campaign(demo, number, who="command line")
        answer = await founder.presses(draft, "Approve")
        assert "draft a new one instead" in text_of(answer)
        (now,) = (message for message in answer if message["message_id"] == draft["message_id"])
        assert not buttons(now)


async def test_change_says_at_the_end_that_the_draft_is_dropped(demo: Shop) -> None:
    number = drafted(demo)
    async with running_bot(demo) as founder:
        (draft,) = await founder.says(f"/campaign show {number}")
        answer = await founder.presses(draft, "Change")
        choice = with_button(answer, "Make the draft")
        assert choice["message_id"] > draft["message_id"]
        assert choice["text"].splitlines()[-1].startswith(f"Draft {number} is dropped")


def test_a_rule_that_is_named_where_people_are_asked_for_is_a_rule(demo: Shop) -> None:
    said, _ = asked(demo, "campaign", "to orders >= 3")
    assert said == asked(demo, "campaign", "rule orders >= 3")[0]
    with pytest.raises(EngineError, match="Nobody fits this rule now"):
        asked(demo, "campaign", "to orders >= 99")


async def test_a_draft_is_short_until_all_of_it_is_asked_for(demo: Shop) -> None:
    number = drafted(demo)
    async with running_bot(demo) as founder:
        (draft,) = await founder.says(f"/campaign show {number}")
        assert "Approve it, change it or drop it?" in draft["text"]
        assert "no consent is recorded" in draft["text"]
        assert "cannot show whether it works better" in draft["text"]
        assert draft["text"].count(", version ") == 1  # one text of three
        assert "In our trials" not in draft["text"]
        (whole,) = await founder.presses(draft, "All details and three texts")
        assert whole["message_id"] == draft["message_id"]
        assert "In our trials with five versions" in whole["text"]
        assert whole["text"].count(", version ") == 3
        (again,) = await founder.presses(whole, "In short")
        assert again["text"] == draft["text"]
        assert len(draft["text"]) < len(whole["text"]) / 2
