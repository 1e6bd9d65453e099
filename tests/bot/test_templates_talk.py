"""/templates in the chat: read, edit by reply, write one's own, go back."""

from __future__ import annotations

import pytest

from bot.commands import Request, commands
from bot.replies import Button, File, Picture, Reply, plain
from engine import (
    ENGLISH,
    EngineError,
    NotAllowed,
    Shop,
    draft_campaign,
    goals,
    list_templates,
    message_settings,
    show_template,
    silent,
)
from tests.bot.talk import buttons, running_bot, text_of, with_button
from tests.engine.services.test_campaigns import filled

REF = "win_back.plain_hello.sms.en"


def asked(shop: Shop, text: str, name: str = "templates", language: str = "en") -> tuple[str, list[Button], Reply]:
    """What is answered, its buttons, and the answer itself."""
    reply = commands()[name].run(shop, Request(language, text=text), silent)
    part = reply.parts[-1]
    assert not isinstance(part, (File, Picture))
    return plain(part.lines, ENGLISH), [button for row in part.buttons for button in row], reply


def test_every_button_leads_somewhere(shop: Shop) -> None:
    _, found, _ = asked(shop, "")
    assert [button.line for button in found][:-1] == [f"/templates {goal.key}" for goal in goals(shop)]
    seen: set[str] = set()
    todo = [button.line for button in found]
    while todo:
        line = todo.pop()
        if line in seen or " drop " in line or (line.count("review_request") == 0 and line.count(".")):
            continue
        seen.add(line)
        _, more, _ = asked(shop, line.removeprefix("/templates").strip())
        todo += [button.line for button in more]
    assert len(seen) > 30


def test_one_message_as_customers_would_read_it(shop: Shop) -> None:
    said, found, _ = asked(shop, f"show {REF}")
    assert "The wording that came with Zhike." in said
    assert "Hi Ann, it's been a while" in said
    assert "A customer without a name:\n  │ Hi, it's been a while" in said
    # of a message that names no product, who has none reads the same as all
    assert "without a recommendation" not in said
    assert "Usually 1 SMS part. Say what a part costs" in said
    assert [button.line for button in found][:2] == [f"/templates edit {REF}", f"/templates drop {REF}"]


async def test_an_owner_edits_by_reply_and_goes_back(shop: Shop) -> None:
    async with running_bot(shop) as founder:
        (listed,) = await founder.says("/templates win_back")
        (card,) = await founder.presses(listed, "SMS: A plain hello")
        asks = await founder.presses(card, "Change the wording")
        assert "Send me the new wording" in text_of(asks)
        refused = await founder.says("Hi [name], new tea has come in.")
        assert "how to get no more of them" in text_of(refused)
        saved = await founder.says("Hi [name],\nnew tea has come in. Reply STOP to opt out")
        assert "Done: new campaigns use this wording." in text_of(saved)
        assert "Hi there,\nnew tea has come in." in text_of(saved)
        (versions,) = await founder.presses(with_button(saved, "Earlier wordings"), "Earlier wordings")
        assert [button["text"] for button in buttons(versions)] == ["Back to version 1"]
        back = await founder.presses(versions, "Back to version 1")
        assert "it's been a while" in text_of(back)
    assert show_template(shop, REF).template.version == 3


async def test_an_owner_writes_a_message_in_chinese(shop: Shop) -> None:
    async with running_bot(shop, language="zh") as founder:
        (listed,) = await founder.says("/templates birthday")
        (ways,) = await founder.presses(listed, "自己写一条")
        asks = await founder.presses(ways, "短信")
        assert "拒收请回复R" in text_of(asks)
        saved = await founder.says("【店名】【姓名】，生日快乐！拒收请回复R")
        assert "改好了" in text_of(saved)
        assert "朋友，生日快乐！拒收请回复R" in text_of(saved)
    lines = list_templates(shop, "birthday", "zh")[1]
    assert "birthday.own_1.sms.zh" in [line.ref for line in lines]


async def test_an_owner_says_what_the_shop_is_called(shop: Shop) -> None:
    async with running_bot(shop) as founder:
        (settings,) = await founder.says("/templates shop")
        await founder.presses(settings, "Change the name")
        assert "its name: Hill Tea" in text_of(await founder.says("Hill Tea"))
        said = await founder.says("/templates price 0.05")
        assert "0.050" in text_of(said)
        assert "is no price" in text_of(await founder.says("/templates price cheap"))
        assert "What does one part of an SMS cost you?" in text_of(await founder.says("/templates price"))
    assert (message_settings(shop).shop_name, message_settings(shop).sms_price) == ("Hill Tea", 0.05)


@pytest.mark.parametrize("text", ["show", "show x", "edit x", "write x", "add win_back", "new sing", "back 9", "a b c"])
def test_what_is_not_understood_is_told(shop: Shop, text: str) -> None:
    with pytest.raises(EngineError):
        asked(shop, text)


def test_a_campaign_goes_through_its_channels(shop: Shop) -> None:
    segment = filled(shop, 12, consents=dict.fromkeys(range(1, 13), "granted"))
    said, found, _ = asked(shop, f"{segment} win_back", "campaign")
    assert "Reply STOP and I won't write again." in said
    (way,) = [button for button in found if str(button.label).startswith("Sent by")]
    assert str(way.label) == "Sent by: texts to copy"
    said, found, _ = asked(shop, way.line.removeprefix("/campaign "), "campaign")
    assert "Reply STOP to opt out" in said
    (make,) = [button for button in found if str(button.label) == "Make the draft"]
    assert make.line.endswith(" 1")
    said, _, _ = asked(shop, make.line.removeprefix("/campaign "), "campaign")
    assert "SMS parts in all; what one costs is not said yet" in said
    asked(shop, "price 0.05")
    said, found, _ = asked(shop, "show 1", "campaign")
    assert "SMS parts in all, which costs" in said
    (change,) = [button for button in found if str(button.label) == "Change"]
    said, _, _ = asked(shop, change.line.removeprefix("/campaign "), "campaign")
    assert "Reply STOP to opt out" in said


def test_ticked_versions_are_those_of_the_channel_and_language(shop: Shop) -> None:
    segment = filled(shop, 12)
    asked(shop, "add win_back text Hi [name]. Reply STOP")
    said, _, _ = asked(shop, f"draft {segment} win_back A uniform", "campaign")
    assert "one version: Your own 1" in said
    said, _, _ = asked(shop, f"draft {segment} win_back A uniform", "campaign", "zh")
    assert "Your own" not in said
    with pytest.raises(NotAllowed, match="Tick at least one"):
        asked(shop, f"draft {segment} win_back - uniform sms", "campaign")


def test_an_email_draft_shows_its_subject(shop: Shop) -> None:
    segment = filled(shop, 12)
    number = draft_campaign(
        shop, segment_id=segment, goal="win_back", channel="email", variants=["plain_hello"]
    ).campaign
    said, _, _ = asked(shop, f"show {number}", "campaign")
    assert "  │ Just saying hello\n  │ \n  │ Hi" in said
