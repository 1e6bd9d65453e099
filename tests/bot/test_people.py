"""Who may talk to the bot: the owner, helpers, groups that are allowed, and nobody else; over real HTTP."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from engine import (
    NotAllowed,
    Shop,
    list_campaigns,
    passing_code,
    people_of_bot,
    redeem_code,
    remove_helper,
    save_rule,
)
from tests.bot.telegram import GROUP, OWNER, world
from tests.engine.services.demo_shop import put_demo

HELPER, STRANGER = 2, 3


@pytest.fixture
def tea(shop: Shop) -> Shop:
    put_demo(shop)
    return shop


def some_people(shop: Shop) -> int:
    """The number of a segment."""
    segment = save_rule(shop, "VIP: orders >= 2").segment
    assert segment is not None
    return segment.id


async def test_a_helper_drafts_and_the_owner_decides(tea: Shop) -> None:
    async with world(tea) as bot:
        await bot.helper(HELPER)
        assert "Mia2 is your helper from now on" in bot.telegram.sent(OWNER)[-1]
        assert "/send" not in await bot.answers(HELPER, "/help")
        drafted = await bot.answers(HELPER, f"/campaign draft {some_people(tea)} win_back AB cooling")
        assert "waits for the owner's approval" in drafted
        assert "A helper has drafted campaign 3" in bot.telegram.sent(OWNER)[-1]
        draft = next(values for name, values in bot.telegram.asked if "waits for the owner" in values.get("text", ""))
        assert "approve" not in draft.get("reply_markup", "")
        for line in ("/campaign approve 3", "/campaign drop 3", "/export", "/helpers", "/limits email cap 2/7"):
            assert "Only the shop's owner may do this" in await bot.presses(HELPER, line)
        assert list_campaigns(tea)[0].status == "draft"
        card = await bot.presses(OWNER, "/campaign show 3")
        assert "Approve it, change it or drop it?" in card
        assert "approved" in await bot.presses(OWNER, "/campaign approve 3")
        assert list_campaigns(tea)[0].status == "approved"


async def test_a_helper_who_is_removed_is_a_stranger_at_once(tea: Shop) -> None:
    async with world(tea) as bot:
        await bot.helper(HELPER)
        assert "What I can do" in await bot.answers(HELPER, "/help")
        await bot.presses(OWNER, f"/helpers remove {HELPER}")
        assert "belongs to one shop" in await bot.answers(HELPER, "/help")
        assert "belongs to one shop" in await bot.presses(HELPER, "/campaign draft 1 win_back AB cooling")
        assert len(list_campaigns(tea)) == 2  # the demo's own


async def test_a_removal_by_the_command_line_holds_at_once_and_for_work_under_way(tea: Shop) -> None:
    async with world(tea) as bot:
        await bot.helper(HELPER)
        before = len(bot.telegram.sent(HELPER))
        await bot.telegram.says(HELPER, "/segments")
        remove_helper(tea, HELPER)
        await bot.settled()
        shown = [text for text in bot.telegram.sent(HELPER)[before:] if "Working on it" not in text and "▱" not in text]
        assert shown == []
        assert "belongs to one shop" in await bot.answers(HELPER, "/help")


async def test_an_invitation_is_good_once(tea: Shop) -> None:
    async with world(tea) as bot:
        code = re.search(r"<b>(\w{8})</b>", await bot.answers(OWNER, "/helpers invite"))
        assert code is not None
        assert "You help here" in await bot.answers(HELPER, f"/start {code[1].lower()}")
        assert "does not work" in await bot.answers(STRANGER, code[1])
        assert [one.user_id for one in people_of_bot(tea).helpers] == [HELPER]
        listed = await bot.answers(OWNER, "/helpers")
        assert "Mia2, a helper since" in listed
        assert code[1] not in tea.path.read_bytes().decode("latin-1")


async def test_a_code_of_the_command_line_makes_an_owner_and_the_old_one_hears_of_it(tea: Shop) -> None:
    async with world(tea) as bot:
        await bot.helper(HELPER)
        assert "Hello" in await bot.answers(STRANGER, passing_code(tea, "owner"))
        assert "has become the owner" in bot.telegram.sent(OWNER)[-1]
        assert "belongs to one shop" in await bot.answers(OWNER, "/help")
        assert "belongs to one shop" in await bot.answers(HELPER, "/help")
        people = people_of_bot(tea)
        assert people.owner is not None
        assert (people.owner.user_id, people.helpers) == (STRANGER, ())


async def test_a_group_hears_nothing_until_the_owner_allows_it(tea: Shop) -> None:
    async with world(tea) as bot:
        await bot.helper(HELPER)
        for user in (OWNER, HELPER, STRANGER):
            assert await bot.answers(user, "/sales", chat=GROUP) == ""
        assert await bot.answers(HELPER, "/helpers allow", chat=GROUP) == ""
        await bot.telegram.brings(OWNER, GROUP)
        await bot.settled()
        assert ["until its shop's owner allows it" in text for text in bot.telegram.sent(GROUP)] == [True]
        assert "From now on I answer you" in await bot.presses(OWNER, "/helpers allow", chat=GROUP)
        assert "What I can do" in await bot.answers(HELPER, "/help@zhike_bot", chat=GROUP)
        assert await bot.answers(HELPER, "/help@other_bot", chat=GROUP) == ""
        assert await bot.answers(STRANGER, "/help", chat=GROUP) == ""
        assert await bot.answers(OWNER, "good morning all", chat=GROUP) == ""
        assert "not in front of a group" in await bot.answers(OWNER, "/helpers invite", chat=GROUP)
        assert "Tea &lt;b&gt;&amp;" in await bot.answers(OWNER, "/helpers")
        await bot.presses(OWNER, f"/helpers forbid {GROUP}")
        assert await bot.answers(OWNER, "/help", chat=GROUP) == ""


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_where_a_stranger_brings_the_bot_it_leaves_without_a_word(tea: Shop, kind: str) -> None:
    async with world(tea) as bot:
        for _ in range(30):
            await bot.telegram.brings(STRANGER, GROUP, kind=kind)
        await bot.settled()
        assert bot.telegram.sent(GROUP) == []
        assert 1 <= [name for name, _ in bot.telegram.asked].count("leaveChat") <= 5


def later(shop: Shop, **ago: float) -> Shop:
    return replace(shop, clock=lambda: shop.now() + timedelta(**ago))


def test_a_code_passes_after_a_quarter_of_an_hour(shop: Shop) -> None:
    code = passing_code(shop, "helper")
    assert redeem_code(later(shop, minutes=15), code, chat_id=2, user_id=2) is None
    assert redeem_code(later(shop, minutes=14), code, chat_id=3, user_id=3) is not None


def test_wrong_codes_are_counted_for_each_and_over_a_restart(shop: Shop) -> None:
    code = passing_code(shop, "helper")
    for _ in range(5):
        assert redeem_code(shop, "23456789", chat_id=2, user_id=2) is None
    with pytest.raises(NotAllowed, match="too many wrong codes"):
        redeem_code(Shop(shop.path, clock=shop.clock), code, chat_id=2, user_id=2)
    assert redeem_code(shop, code, chat_id=3, user_id=3) is not None
    fresh = passing_code(later(shop, hours=1), "helper")
    assert redeem_code(later(shop, hours=1), fresh, chat_id=2, user_id=2) is not None


def test_a_code_is_void_after_twenty_tries_at_it_and_guesses_elsewhere_do_not_count(shop: Shop) -> None:
    code = passing_code(shop, "owner")
    other = "2" if code[0] != "2" else "3"
    for user in range(100, 400):
        assert redeem_code(shop, other + code[1:], chat_id=user, user_id=user) is None
    assert redeem_code(shop, code, chat_id=1, user_id=1) is not None
    code = passing_code(shop, "owner")
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for user in range(500, 520):
        assert redeem_code(shop, wrong, chat_id=user, user_id=user) is None
    assert redeem_code(shop, code, chat_id=1, user_id=1) is None
    with shop.open() as db:
        assert db.conn.execute("SELECT count(*) FROM pairing_tries").fetchone()[0] <= 220
