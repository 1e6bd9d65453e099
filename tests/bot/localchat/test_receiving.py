"""What the person does reaches the bot once it asks: in order, until it is confirmed."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict

from bot.localchat.methods import signs
from tests.bot.localchat.conftest import ME, Person


async def test_a_typed_command_has_the_entity_that_handlers_look_for(bot: Bot, person: Person) -> None:
    await person.says("/start ABC123 😀")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.parse_entities() == {update.message.entities[0]: "/start"}
    assert (update.message.entities[0].type, update.message.entities[0].offset) == ("bot_command", 0)
    assert update.effective_user is not None
    assert (update.effective_user.id, update.effective_user.first_name) == (ME, "You")


@pytest.mark.parametrize(
    ("locale", "code", "name"),
    [
        ("zh-CN", "zh-hans", "我"),
        ("zh", "zh-hans", "我"),
        ("zh-TW", "zh-hant", "我"),
        ("en-GB", "en", "You"),
        ("fr", "en", "You"),
    ],
)
async def test_the_person_speaks_the_language_of_the_browser(
    bot: Bot, person: Person, locale: str, code: str, name: str
) -> None:
    person.language = locale
    await person.says("hello")
    (update,) = await bot.get_updates()
    assert update.effective_user is not None
    assert (update.effective_user.language_code, update.effective_user.first_name) == (code, name)


async def test_updates_stay_until_a_later_one_is_asked_for(bot: Bot, person: Person) -> None:
    for text in ("one", "two", "three"):
        await person.says(text)
    first = await bot.get_updates(limit=2)
    assert [update.message and update.message.text for update in first] == ["one", "two"]
    assert await bot.get_updates(limit=2) == first
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message and update.message.text for update in rest] == ["three"]
    assert [update.update_id for update in (*first, *rest)] == sorted(update.update_id for update in (*first, *rest))
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()
    assert await bot.get_updates() == ()


async def test_a_negative_offset_counts_from_the_newest(bot: Bot, person: Person) -> None:
    for text in ("one", "two", "three"):
        await person.says(text)
    assert [update.message and update.message.text for update in await bot.get_updates(offset=-1)] == ["three"]
    assert len(await bot.get_updates()) == 1


async def test_a_waiting_poller_hears_at_once(bot: Bot, person: Person) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    await person.says("here")
    (update,) = await asyncio.wait_for(waiting, 3)
    assert update.message is not None
    assert update.message.text == "here"


async def test_a_poller_that_waits_in_vain_gets_nothing(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == ()


async def test_a_second_poller_ends_the_first(bot: Bot, person: Person) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(bot.get_updates(timeout=30))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    await person.says("for the second")
    assert len(await second) == 1


async def test_a_poller_that_goes_away_leaves_the_place_free(bot: Bot, person: Person) -> None:
    gone = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await person.says("still here")
    assert len(await bot.get_updates(timeout=5)) == 1


async def test_only_the_kinds_that_were_asked_for(bot: Bot, person: Person) -> None:
    said = await bot.send_message(
        ME, "?", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Y", callback_data="y")]])
    )
    assert await bot.get_updates(allowed_updates=["callback_query"]) == ()
    await person.says("not wanted")
    await person.presses(said.message_id, "y")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None


async def test_a_pressed_button(bot: Bot, person: Person) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes 是")]])
    said = await bot.send_message(ME, "Sure?", reply_markup=keys)
    assert (await person.presses(said.message_id, "yes 是")).status_code == 200
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.data == "yes 是"
    assert query.from_user.id == ME
    assert query.message is not None
    assert query.message.message_id == said.message_id
    assert await query.answer("Done", show_alert=True)
    assert await query.answer()


async def test_a_button_that_is_not_there_cannot_be_pressed(bot: Bot, person: Person) -> None:
    said = await bot.send_message(
        ME, "Sure?", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Y", callback_data="y")]])
    )
    assert (await person.presses(said.message_id, "other")).status_code == 409
    await bot.edit_message_reply_markup(ME, said.message_id)
    assert (await person.presses(said.message_id, "y")).status_code == 409
    assert (await person.presses(999, "y")).status_code == 409
    assert await bot.get_updates() == ()


async def test_an_answer_that_fits_no_press_is_refused(
    bot: Bot, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_old = "^Query is too old and response timeout expired or query id is invalid$"
    for unknown in ("12345", "nonsense"):
        with pytest.raises(BadRequest, match=too_old):
            await bot.answer_callback_query(unknown)
    said = await bot.send_message(
        ME, "?", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Y", callback_data="y")]])
    )
    await person.presses(said.message_id, "y")
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    with pytest.raises(BadRequest, match=r"^Message_too_long$"):
        await query.answer("x" * 201)
    assert await query.answer("字" * 200)
    monkeypatch.setattr(signs, "ANSWER_SECONDS", -1)
    with pytest.raises(BadRequest, match=too_old):
        await query.answer()


async def test_the_same_key_is_the_same_deed(bot: Bot, person: Person) -> None:
    assert await person.says("once", key="k") == await person.says("once", key="k")
    said = await bot.send_message(
        ME, "?", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Y", callback_data="y")]])
    )
    for _ in range(2):
        assert (await person.presses(said.message_id, "y", key="p")).status_code == 200
    updates = await bot.get_updates()
    assert [update.callback_query is None for update in updates] == [True, False]


async def test_a_long_text_becomes_several_messages(bot: Bot, person: Person) -> None:
    lines = "\n".join("字" * 99 for _ in range(60))
    assert len(await person.says(lines)) == 2
    texts = [update.message.text or "" for update in await bot.get_updates() if update.message]
    assert "\n".join(texts) == lines
    assert len(texts[0]) == 40 * 100 - 1
