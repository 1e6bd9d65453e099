"""Waves, the list of campaigns, what can be learned, and verdicts that are told by themselves: over the chat's HTTP."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands import Request, commands
from bot.digest import Digest
from bot.replies import Picture, Text, markup
from engine import (
    ENGLISH,
    EngineError,
    NotAllowed,
    NotFound,
    Shop,
    approve_campaign,
    approve_wave,
    campaign_results,
    campaign_states,
    draft_campaign,
    drop_campaign,
    export_campaign,
    find_segments,
    list_campaigns,
    note_told,
    outlook_for_number,
    record_counts,
    set_contact_rule,
    set_first_wave,
    show_wave,
    silent,
    verdict_news,
)
from tests.bot.talk import buttons, running_bot, text_of, with_button
from tests.clock import Hours
from tests.engine.services.demo_shop import put_demo
from tests.engine.services.sent import add_campaign, add_customers


@pytest.fixture
def demo(shop: Shop) -> Shop:
    put_demo(shop, segments=True)
    set_contact_rule(shop, "undo 0")
    return shop


def drafted(shop: Shop, goal: str = "repeat_purchase", **options: object) -> int:
    segment = find_segments(shop).segments[0].id
    return draft_campaign(shop, segment_id=segment, goal=goal, holdout=0.1, **options).campaign  # type: ignore[arg-type]


def counts(shop: Shop, campaign: int, *rates: float) -> str:
    variants = campaign_results(shop, campaign).variants
    return ", ".join(
        f"{one.label} {round(rate * one.sends)}/{one.sends}" for one, rate in zip(variants, rates, strict=True)
    )


def said(shop: Shop, name: str, text: str = "") -> tuple[str, dict[str, str]]:
    reply = commands()[name].run(shop, Request("en", text=text), silent)
    part = reply.parts[-1]
    assert isinstance(part, Text | Picture)
    return "\n".join(markup(part.lines, ENGLISH)), {
        button.label.say(ENGLISH): button.line for row in part.buttons for button in row
    }


async def test_a_campaign_in_waves_from_its_draft_to_its_end(demo: Shop) -> None:
    number = drafted(demo)
    async with running_bot(demo) as founder:
        (draft,) = await founder.says(f"/campaign show {number}")
        (draft,) = await founder.presses(draft, "First to 20%")
        assert "wait until you have seen what came of it: /wave" in draft["text"]
        (draft,) = await founder.presses(draft, "To all at once instead")
        assert "/wave" not in draft["text"]
        (draft,) = await founder.presses(draft, "First to 20%")
        answer = await founder.presses(draft, "Approve")
        assert f"wait for a later wave: /wave {number}" in text_of(answer)
        first = await founder.presses(answer[-1], "The list to send (CSV)")
        assert sum("document" in message for message in first) == 1
        (line,) = [line for line in list_campaigns(demo) if line.campaign == number]
        everybody = line.audience + line.waiting
        assert line.audience == max(1, round(0.2 * everybody))

        assert "No outcomes are recorded yet" in text_of(await founder.says("/wave"))
        told = await founder.says(f"/outcome {number} {counts(demo, number, 0.1, 0.2, 0.4)}")
        card = (await founder.presses(with_button(told, "The next wave"), "The next wave"))[-1]
        assert "What each version gets now" in card["text"]
        assert "of the messages; so far" in card["text"]
        assert "stay held back through all waves" in card["text"]
        sized = await founder.says(f"/wave {number} 3")
        assert "3 people get the message next" in text_of(sized)
        answer = await founder.presses(sized[-1], "Approve: 3 people")
        assert f"Wave 2 of campaign {number} is approved." in text_of(answer)
        approved = with_button(answer, "The list to send (CSV)")
        listing = await founder.presses(approved, "The list to send (CSV)")
        document = next(message for message in listing if "document" in message)
        listed = (await founder.downloads(document)).decode("utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(listed)))) == 3
        # the card that was pressed has no buttons left; said again it changes nothing
        pressed = next(message for message in answer if message["message_id"] == sized[-1]["message_id"])
        assert buttons(pressed) == []
        assert "nothing was changed" in text_of(await founder.says(f"/wave approve {number} 2 3"))

        asks = await founder.says(f"/wave size {number}")
        assert "How many get it next?" in text_of(asks)
        assert "1 person gets the message next" in text_of(await founder.says("1"))
        dropped = await founder.says(f"/wave drop {number}")
        assert f"Campaign {number} ends here" in text_of(dropped)
        assert "Nobody waits" in text_of(await founder.says(f"/wave {number}"))
        history = text_of(await founder.says(f"/campaign history {number}"))
        assert "wave approved" in history
        assert "the rest dropped" in history


async def test_in_chinese(demo: Shop) -> None:
    number = drafted(demo)
    async with running_bot(demo, language="zh") as founder:
        (draft,) = await founder.says(f"/campaign show {number}")
        (draft,) = await founder.presses(draft, "先发20%")
        assert "等你看过效果再发" in draft["text"]
        await founder.presses(draft, "批准")
        card = text_of(await founder.says(f"/wave {number}"))
        assert "第2批" in card
        assert "现在各版怎么分" in card
        assert "试出什么" in text_of(await founder.says("/plan 400"))
        assert "还没定论" in text_of(await founder.says("/campaigns")) or "有定论" in text_of(
            await founder.says("/campaigns")
        )


def test_while_people_wait_nobody_is_told_to_switch(demo: Shop) -> None:
    number = drafted(demo)
    set_first_wave(demo, number, "20%")
    approve_campaign(demo, number, who="test")
    record_counts(demo, number, counts(demo, number, 0, 0, 1))
    results, _ = said(demo, "results", str(number))
    assert "If you must choose now" not in results
    assert "Take " not in results
    assert "still wait" in results
    card, _ = said(demo, "wave", str(number))
    assert campaign_results(demo, number).next is not None
    assert show_wave(demo, number).why is not None
    assert str(show_wave(demo, number).why) in card
    while any(line.waiting for line in list_campaigns(demo)):
        card_now = show_wave(demo, number, "rest")
        approve_wave(demo, number, card_now.number, "rest")
    assert campaign_results(demo, number).which_now is not None or campaign_results(demo, number).next is not None


def test_each_campaign_says_where_it_stands(demo: Shop) -> None:
    draft, dropped, approved, listed = (drafted(demo) for _ in range(4))
    drop_campaign(demo, dropped, who="test")
    set_contact_rule(demo, "all cap none")
    for one in (approved, listed):
        approve_campaign(demo, one, who="test")
    export_campaign(demo, listed)
    text, found = said(demo, "campaigns")
    lines = [line for line in text.splitlines() if line.startswith("•")]
    assert [int(line.split(",")[0].split()[-1]) for line in lines] == [listed, approved, dropped, draft, 2, 1]
    assert "messages sent, waiting for outcomes" in lines[0]
    assert "approved, nothing sent yet to" in lines[1]
    assert lines[2].endswith("dropped")
    assert "a draft to" in lines[3]
    assert "verdict" in lines[4]
    assert found[f"Campaign {draft}"] == f"/campaign show {draft}"
    record_counts(demo, listed, counts(demo, listed, 0.0, 0.0, 1.0))
    assert campaign_states(demo).campaigns[0].state in {"enough", "not yet"}


def test_campaigns_come_in_pages(demo: Shop) -> None:
    page = campaign_states(demo, 2, size=1)
    assert (page.page, page.pages, page.total, [one.line.campaign for one in page.campaigns]) == (2, 2, 2, [1])
    assert campaign_states(demo, 99, size=1).page == 2
    with pytest.raises(NotAllowed, match="second page"):
        said(demo, "campaigns", "old ones")


def test_what_can_be_learned_with_so_many(shop: Shop) -> None:
    # 400 people less a tenth, in two versions: 180 each. Twice 5 % takes 1.25 · 435 = 544 of each (Fleiss 4.14)
    few = outlook_for_number(shop, 400)
    assert (few.holdout, few.each, few.never) == (40, 180, True)
    assert few.needed[1][1] == pytest.approx(543, abs=2)
    text, found = said(shop, "plan", "400")
    assert "Never at this size" in text
    assert "Do not test" in text
    assert "Earn: " in text
    assert "Know: " in text
    assert found["With 3 versions"] == "/plan 400 x3"
    enough, _ = said(shop, "plan", "4000人")
    assert "Worth a test" in enough
    assert "each goes to 120 people" in said(shop, "plan", "400 x3")[0]
    assert "no difference at all can be seen" in said(shop, "plan", "3")[0]
    for text in ("0", "9999999999", "400 x1"):
        with pytest.raises(EngineError):
            said(shop, "plan", text)


def test_what_can_be_learned_with_these(demo: Shop) -> None:
    segment = find_segments(demo).segments[0]
    by_name, found = said(demo, "plan", segment.name.say(ENGLISH))
    assert by_name.startswith("<b>What ")
    assert found["Draft a campaign for them"] == f"/campaign for {segment.id}"
    assert said(demo, "plan", f"for {segment.id}")[0] == by_name
    assert "orders: 2 or more" in said(demo, "plan", "orders >= 2")[0]
    with pytest.raises(NotFound):
        said(demo, "plan", "kings of old")
    asked, offered = said(demo, "plan")
    assert "How many people, or which?" in asked
    assert f"/plan for {segment.id}" in offered.values()


def begun(shop: Shop) -> tuple[Shop, int]:
    """A large campaign that has gone out, and its shop."""
    add_customers(shop, 900)
    return shop, add_campaign(shop, [400, 400])


def test_a_verdict_is_news_once(shop: Shop) -> None:
    shop, campaign = begun(shop)
    assert verdict_news(shop) == ()
    record_counts(shop, campaign, "A 20/100, B 21/100")
    assert verdict_news(shop) == (), "not yet is what it was"
    record_counts(shop, campaign, "A 20/400, B 120/400")
    (news,) = verdict_news(shop)
    assert (news.results.verdict.state, news.before) == ("enough", "not yet")
    assert verdict_news(shop) != (), "asked again it is as new, until it is told"
    assert note_told(shop, news.results)
    assert not note_told(shop, news.results)
    assert verdict_news(shop) == ()


async def test_a_changed_verdict_is_told_by_itself_and_not_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Digest, "seconds", 0.1)
    shop, campaign = begun(shop)
    async with running_bot(shop) as founder:
        await founder.says("/help")
        record_counts(shop, campaign, "A 20/400, B 120/400")
        told = []
        for _ in range(100):
            told = await founder.answers()
            if told:
                break
        assert f"News of campaign {campaign}" in text_of(told)
        assert "B works better" in text_of(told)
        assert len(told) == 1
        await founder.says("/help")
    async with running_bot(shop, paired=False) as founder:
        for _ in range(5):
            await founder.answers()
        everything = text_of(await founder.messages())
        assert everything.count("News of campaign") == 1


async def test_who_asked_for_it_is_not_told_it_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, campaign = begun(shop)
    async with running_bot(shop) as founder:
        assert "B works better" in text_of(await founder.says(f"/outcome {campaign} A 20/400, B 120/400"))
        assert verdict_news(shop) == ()


def test_the_demo_is_no_news(demo: Shop) -> None:
    assert verdict_news(demo) == ()
    said(demo, "campaigns")
    assert verdict_news(demo) == ()


def test_the_command_line_goes_in_waves(demo: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    number = str(drafted(replace(demo, clock=Hours(1))))

    def zhike(*words: str) -> str:
        assert main(["--db", str(demo.path), "--language", "en", *words]) == 0
        return capsys.readouterr().out

    assert "wait for a later wave" in zhike("campaign", "approve", number, "--first", "20%")
    assert f"zhike wave {number} --approve 2" in zhike("wave", number)
    before = show_wave(demo, int(number)).waiting
    assert f"Wave 2 of campaign {number} is approved." in zhike("wave", number, "--approve", "2", "--size", "2")
    assert show_wave(demo, int(number)).waiting == before - 2
    assert main(["--db", str(demo.path), "--language", "en", "wave", number, "--approve", "2"]) == 2
    assert "nothing was changed" in capsys.readouterr().err
    assert '"plan_grows_to": null' in zhike("wave", number, "--json")
    assert "ends here" in zhike("wave", number, "--drop")
    assert "waiting for outcomes" in zhike("campaigns") or "nothing sent yet" in zhike("campaigns")
    assert '"never": true' in zhike("plan", "40", "--json")


def test_a_list_of_waves_to_choose(demo: Shop, tmp_path: Path) -> None:
    assert "Nobody waits for a wave" in said(demo, "wave")[0]
    set_contact_rule(demo, "all cap none")
    numbers = [drafted(demo) for _ in range(2)]
    for number in numbers:
        set_first_wave(demo, number, "50%")
        approve_campaign(demo, number, who="test")
    assert sorted(said(demo, "wave")[1].values()) == sorted(f"/wave {number}" for number in numbers)
    assert approve_wave(demo, numbers[0], 2, "rest").waiting == 0
    assert "wave 3" not in said(demo, "wave")[0]
